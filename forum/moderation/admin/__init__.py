from forum.moderation.admin import duplicates, queue, specialties, specialty_ends
from forum.moderation.admin.questions import DeclineTextAdmin, QuestionAdmin, TopicAdmin
from forum.moderation.admin.removals import RemovalRequestAdmin
from forum.moderation.admin.reports import ReportAdmin

__all__ = [
    "DeclineTextAdmin",
    "QuestionAdmin",
    "RemovalRequestAdmin",
    "ReportAdmin",
    "TopicAdmin",
    "duplicates",
    "queue",
    "specialties",
    "specialty_ends",
]
