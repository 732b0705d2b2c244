from django.urls import path

from forum.moderation import views

urlpatterns = [
    path("questions/<int:question_id>/report/", views.report, name="report"),
    path("dashboard/corrections/<int:correction_id>/done/", views.finish_correction, name="finish_correction"),
    path("dashboard/retire/", views.retire, name="retire"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/preview/", views.preview_article, name="preview_article"),
    path("dashboard/saved-replies/", views.saved_replies, name="saved_replies"),
    path("dashboard/saved-replies/<int:saved_reply_id>/", views.edit_saved_reply, name="edit_saved_reply"),
    path("dashboard/saved-replies/<int:saved_reply_id>/delete/", views.delete_saved_reply, name="delete_saved_reply"),
    path("dashboard/questions/<int:question_id>/", views.work_on_question, name="work_on_question"),
    path("dashboard/questions/<int:question_id>/draft/", views.autosave_draft, name="autosave_draft"),
    path("dashboard/questions/<int:question_id>/check/", views.check_answer, name="check_answer"),
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
    path("dashboard/questions/<int:question_id>/machine-draft/", views.machine_draft, name="machine_draft"),
    path("dashboard/next/", views.next_question, name="next_question"),
    path(
        "dashboard/questions/<int:question_id>/follow-ups/<int:follow_up_id>/",
        views.answer_follow_up,
        name="answer_follow_up",
    ),
    path("dashboard/questions/<int:question_id>/opinion/", views.second_opinion, name="second_opinion"),
    path(
        "dashboard/questions/<int:question_id>/opinion/draft/",
        views.autosave_second_reply,
        name="autosave_second_reply",
    ),
    path(
        "dashboard/questions/<int:question_id>/replies/<int:reply_id>/agree/",
        views.agree_with_reply,
        name="agree_with_reply",
    ),
    path(
        "dashboard/questions/<int:question_id>/replies/<int:reply_id>/take-back/",
        views.take_back_agreement,
        name="take_back_agreement",
    ),
    path("dashboard/looks/<int:look_id>/", views.look_at_question, name="look_at_question"),
    path("dashboard/looks/<int:look_id>/images/<str:name>/", views.look_image, name="look_image"),
    path(
        "dashboard/looks/<int:look_id>/images/<str:name>/small/",
        views.look_image,
        {"thumbnail": True},
        name="look_image_small",
    ),
    path("dashboard/questions/<int:question_id>/looks/<int:look_id>/", views.take_back_look, name="take_back_look"),
]
