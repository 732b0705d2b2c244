from forum.notifications.views.account import end_follow, mark_news_read, news, notice_settings
from forum.notifications.views.following import confirm_follow, follow_sent, follow_thread, follow_topic
from forum.notifications.views.unsubscribing import unsubscribe

__all__ = [
    "confirm_follow",
    "end_follow",
    "follow_sent",
    "follow_thread",
    "follow_topic",
    "mark_news_read",
    "news",
    "notice_settings",
    "unsubscribe",
]
