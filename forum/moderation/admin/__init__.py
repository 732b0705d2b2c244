from forum.moderation.admin.people import merge_archive_profile, people, person
from forum.moderation.admin.questions import DeclineTextAdmin, QuestionAdmin, TopicAdmin
from forum.moderation.admin.removals import RemovalRequestAdmin
from forum.moderation.admin.reports import ReportAdmin
from forum.moderation.admin.view_as import view_as, view_as_page

__all__ = [
    "DeclineTextAdmin",
    "QuestionAdmin",
    "RemovalRequestAdmin",
    "ReportAdmin",
    "TopicAdmin",
    "merge_archive_profile",
    "people",
    "person",
    "view_as",
    "view_as_page",
]
