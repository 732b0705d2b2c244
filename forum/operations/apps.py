from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "forum.operations"
    label = "operations"
