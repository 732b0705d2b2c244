from forum.moderation.views.drafting import autosave_draft
from forum.moderation.views.material import machine_draft
from forum.moderation.views.passing import claim_question, next_question
from forum.moderation.views.queue import dashboard
from forum.moderation.views.saved_replies import delete_saved_reply, edit_saved_reply, saved_replies
from forum.moderation.views.work import answer_follow_up, preview_article, work_on_question

__all__ = [
    "answer_follow_up",
    "autosave_draft",
    "claim_question",
    "dashboard",
    "delete_saved_reply",
    "edit_saved_reply",
    "machine_draft",
    "next_question",
    "preview_article",
    "saved_replies",
    "work_on_question",
]
