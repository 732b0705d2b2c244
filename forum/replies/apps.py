from django.apps import AppConfig


class RepliesConfig(AppConfig):
    name = "forum.replies"
    label = "replies"
