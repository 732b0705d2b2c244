from django.urls import path

from forum.search import views

urlpatterns = [
    path("ask/similar/", views.ask_similar, name="ask_similar"),
    path("ask/answered/", views.ask_answered, name="ask_answered"),
]
