from forum.moderation.admin.queue.views import decide_tasks, queue

__all__ = ["decide_tasks", "queue"]
