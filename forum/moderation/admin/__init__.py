from forum.moderation.admin.duplicates import duplicates, merge_question
from forum.moderation.admin.questions import DeclineTextAdmin, QuestionAdmin, TopicAdmin
from forum.moderation.admin.queue import decide_tasks, queue
from forum.moderation.admin.removals import RemovalRequestAdmin
from forum.moderation.admin.reports import ReportAdmin

__all__ = [
    "DeclineTextAdmin",
    "QuestionAdmin",
    "RemovalRequestAdmin",
    "ReportAdmin",
    "TopicAdmin",
    "decide_tasks",
    "duplicates",
    "merge_question",
    "queue",
]
