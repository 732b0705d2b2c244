from forum.moderation.views.correcting import correct_reply
from forum.moderation.views.drafting import autosave_draft, check_answer
from forum.moderation.views.looks import look_at_question, look_image, take_back_look
from forum.moderation.views.material import machine_draft
from forum.moderation.views.opinions import (
    agree_with_reply,
    autosave_second_reply,
    second_opinion,
    take_back_agreement,
)
from forum.moderation.views.passing import claim_question, next_question
from forum.moderation.views.queue import dashboard
from forum.moderation.views.reports import finish_correction, report
from forum.moderation.views.retiring import retire
from forum.moderation.views.reviewing import articles_to_review, review_article
from forum.moderation.views.revisions import article_revisions, reply_revisions
from forum.moderation.views.saved_replies import delete_saved_reply, edit_saved_reply, saved_replies
from forum.moderation.views.work import answer_follow_up, preview_article, work_on_question

__all__ = [
    "agree_with_reply",
    "answer_follow_up",
    "article_revisions",
    "articles_to_review",
    "autosave_draft",
    "autosave_second_reply",
    "check_answer",
    "claim_question",
    "correct_reply",
    "dashboard",
    "delete_saved_reply",
    "edit_saved_reply",
    "finish_correction",
    "look_at_question",
    "look_image",
    "machine_draft",
    "next_question",
    "preview_article",
    "reply_revisions",
    "report",
    "retire",
    "review_article",
    "saved_replies",
    "second_opinion",
    "take_back_agreement",
    "take_back_look",
    "work_on_question",
]
