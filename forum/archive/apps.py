from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "forum.archive"
    label = "archive"
