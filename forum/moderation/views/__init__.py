from forum.moderation.views.queue import dashboard
from forum.moderation.views.work import answer_follow_up, preview_article, work_on_question

__all__ = ["answer_follow_up", "dashboard", "preview_article", "work_on_question"]
