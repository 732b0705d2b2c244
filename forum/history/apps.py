from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "forum.history"
    label = "history"
