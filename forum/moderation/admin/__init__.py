from forum.moderation.admin import history, specialties, specialty_ends
from forum.moderation.admin.questions import DeclineTextAdmin, QuestionAdmin, TopicAdmin
from forum.moderation.admin.removals import RemovalRequestAdmin
from forum.moderation.admin.reports import ReportAdmin

__all__ = [
    "DeclineTextAdmin",
    "QuestionAdmin",
    "RemovalRequestAdmin",
    "ReportAdmin",
    "TopicAdmin",
    "history",
    "specialties",
    "specialty_ends",
]
