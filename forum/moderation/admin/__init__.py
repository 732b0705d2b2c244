from forum.moderation.admin import history, specialties, specialty_ends, texts
from forum.moderation.admin.questions import QuestionAdmin, TopicAdmin
from forum.moderation.admin.removals import RemovalRequestAdmin
from forum.moderation.admin.reports import ReportAdmin

__all__ = [
    "QuestionAdmin",
    "RemovalRequestAdmin",
    "ReportAdmin",
    "TopicAdmin",
    "history",
    "specialties",
    "specialty_ends",
    "texts",
]
