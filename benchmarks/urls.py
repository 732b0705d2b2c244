from django.urls import include, path

from benchmarks import views

urlpatterns = [
    path("bench/bare/", views.bare),
    path("bench/reference/<int:question_id>/", views.reference),
    path("", include("config.urls")),
]
