from forum.moderation.admin import people, specialties, specialty_ends, view_as
from forum.moderation.admin.questions import DeclineTextAdmin, QuestionAdmin, TopicAdmin
from forum.moderation.admin.removals import RemovalRequestAdmin
from forum.moderation.admin.reports import ReportAdmin

__all__ = [
    "DeclineTextAdmin",
    "QuestionAdmin",
    "RemovalRequestAdmin",
    "ReportAdmin",
    "TopicAdmin",
    "people",
    "specialties",
    "specialty_ends",
    "view_as",
]
