from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "forum.notifications"
    label = "notifications"

    def ready(self) -> None:
        from forum.notifications.receivers import connect  # noqa: PLC0415 (models are there only now)

        connect()
