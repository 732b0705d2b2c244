from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "forum.moderation"
    label = "moderation"

    def ready(self) -> None:
        from forum.moderation.receivers import connect  # noqa: PLC0415 (models are there only now)

        connect()
