from forum.moderation.views.correcting import correct_reply
from forum.moderation.views.drafting import autosave_draft
from forum.moderation.views.passing import claim_question, next_question
from forum.moderation.views.queue import dashboard
from forum.moderation.views.reports import finish_correction, report
from forum.moderation.views.reviewing import articles_to_review, review_article
from forum.moderation.views.revisions import article_revisions, reply_revisions
from forum.moderation.views.saved_replies import delete_saved_reply, edit_saved_reply, saved_replies
from forum.moderation.views.work import answer_follow_up, preview_article, work_on_question

__all__ = [
    "answer_follow_up",
    "article_revisions",
    "articles_to_review",
    "autosave_draft",
    "claim_question",
    "correct_reply",
    "dashboard",
    "delete_saved_reply",
    "edit_saved_reply",
    "finish_correction",
    "next_question",
    "preview_article",
    "reply_revisions",
    "report",
    "review_article",
    "saved_replies",
    "work_on_question",
]
