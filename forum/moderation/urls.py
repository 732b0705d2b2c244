from django.urls import path

from forum.moderation import views

urlpatterns = [
    path("questions/<int:question_id>/report/", views.report, name="report"),
    path("dashboard/corrections/<int:correction_id>/done/", views.finish_correction, name="finish_correction"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/preview/", views.preview_article, name="preview_article"),
    path("dashboard/saved-replies/", views.saved_replies, name="saved_replies"),
    path("dashboard/saved-replies/<int:saved_reply_id>/", views.edit_saved_reply, name="edit_saved_reply"),
    path("dashboard/saved-replies/<int:saved_reply_id>/delete/", views.delete_saved_reply, name="delete_saved_reply"),
    path("dashboard/questions/<int:question_id>/", views.work_on_question, name="work_on_question"),
    path("dashboard/questions/<int:question_id>/draft/", views.autosave_draft, name="autosave_draft"),
    path("dashboard/questions/<int:question_id>/claim/", views.claim_question, name="claim_question"),
    path("dashboard/articles/", views.articles_to_review, name="articles_to_review"),
    path("dashboard/questions/<int:question_id>/article/", views.review_article, name="review_article"),
    path("dashboard/questions/<int:question_id>/article/revisions/", views.article_revisions, name="article_revisions"),
    path(
        "dashboard/questions/<int:question_id>/replies/<int:reply_id>/correct/",
        views.correct_reply,
        name="correct_reply",
    ),
    path(
        "dashboard/questions/<int:question_id>/replies/<int:reply_id>/revisions/",
        views.reply_revisions,
        name="reply_revisions",
    ),
    path("dashboard/next/", views.next_question, name="next_question"),
    path(
        "dashboard/questions/<int:question_id>/follow-ups/<int:follow_up_id>/",
        views.answer_follow_up,
        name="answer_follow_up",
    ),
]
