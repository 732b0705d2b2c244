from forum.moderation.admin import duplicates, history, queue, specialties, specialty_ends
from forum.moderation.admin.applications import ApplicationAdmin
from forum.moderation.admin.figures import figures_csv, figures_page
from forum.moderation.admin.questions import DeclineTextAdmin, QuestionAdmin, TopicAdmin
from forum.moderation.admin.removals import RemovalRequestAdmin
from forum.moderation.admin.reports import ReportAdmin
from forum.moderation.admin.standing import doctor_standing

__all__ = [
    "ApplicationAdmin",
    "DeclineTextAdmin",
    "QuestionAdmin",
    "RemovalRequestAdmin",
    "ReportAdmin",
    "TopicAdmin",
    "doctor_standing",
    "duplicates",
    "figures_csv",
    "figures_page",
    "history",
    "queue",
    "specialties",
    "specialty_ends",
]
