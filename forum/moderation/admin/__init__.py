from forum.moderation.admin.questions import QuestionAdmin, TopicAdmin
from forum.moderation.admin.removals import RemovalRequestAdmin
from forum.moderation.admin.reports import ReportAdmin
from forum.moderation.admin.texts import edit_text, text_history, texts

__all__ = [
    "QuestionAdmin",
    "RemovalRequestAdmin",
    "ReportAdmin",
    "TopicAdmin",
    "edit_text",
    "text_history",
    "texts",
]
