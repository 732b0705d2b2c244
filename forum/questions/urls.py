from django.urls import path

from forum.questions import views

urlpatterns = [
    path("ask/", views.ask, name="ask"),
    path("status/<str:token>/", views.status, name="status"),
    path("status/<str:token>/edit/", views.edit_question, name="edit_question"),
    path("my/questions/", views.my_questions, name="my_questions"),
    path("my/questions/<int:question_id>/", views.my_question, name="my_question"),
    path("my/questions/<int:question_id>/edit/", views.edit_my_question, name="edit_my_question"),
]
