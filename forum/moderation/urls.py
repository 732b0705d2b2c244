from django.urls import path

from forum.moderation import views

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/preview/", views.preview_article, name="preview_article"),
    path("dashboard/questions/<int:question_id>/", views.work_on_question, name="work_on_question"),
    path(
        "dashboard/questions/<int:question_id>/follow-ups/<int:follow_up_id>/",
        views.answer_follow_up,
        name="answer_follow_up",
    ),
]
