from forum.moderation.admin import duplicates, history, people, queue, specialties, specialty_ends, texts, view_as
from forum.moderation.admin.applications import ApplicationAdmin
from forum.moderation.admin.figures import figures_csv, figures_page
from forum.moderation.admin.questions import QuestionAdmin, TopicAdmin
from forum.moderation.admin.removals import RemovalRequestAdmin
from forum.moderation.admin.reports import ReportAdmin
from forum.moderation.admin.standing import doctor_standing

__all__ = [
    "ApplicationAdmin",
    "QuestionAdmin",
    "RemovalRequestAdmin",
    "ReportAdmin",
    "TopicAdmin",
    "doctor_standing",
    "duplicates",
    "figures_csv",
    "figures_page",
    "history",
    "people",
    "queue",
    "specialties",
    "specialty_ends",
    "texts",
    "view_as",
]
