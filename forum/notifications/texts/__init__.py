"""The words of all mails about notices, which admins may change."""

from forum.notifications.texts import endings, mails

__all__ = ["endings", "mails"]
