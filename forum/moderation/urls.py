from django.urls import path

from forum.moderation import views

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/preview/", views.preview_article, name="preview_article"),
    path("dashboard/saved-replies/", views.saved_replies, name="saved_replies"),
    path("dashboard/saved-replies/<int:saved_reply_id>/", views.edit_saved_reply, name="edit_saved_reply"),
    path("dashboard/saved-replies/<int:saved_reply_id>/delete/", views.delete_saved_reply, name="delete_saved_reply"),
    path("dashboard/questions/<int:question_id>/", views.work_on_question, name="work_on_question"),
    path("dashboard/questions/<int:question_id>/draft/", views.autosave_draft, name="autosave_draft"),
    path("dashboard/questions/<int:question_id>/claim/", views.claim_question, name="claim_question"),
    path("dashboard/questions/<int:question_id>/machine-draft/", views.machine_draft, name="machine_draft"),
    path("dashboard/next/", views.next_question, name="next_question"),
    path(
        "dashboard/questions/<int:question_id>/follow-ups/<int:follow_up_id>/",
        views.answer_follow_up,
        name="answer_follow_up",
    ),
]
