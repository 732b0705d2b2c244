from django.apps import AppConfig
from django.core.checks import register

from forum.search.embedders.checks import check_embedders


class SearchConfig(AppConfig):
    name = "forum.search"
    label = "search"

    def ready(self) -> None:
        register(check_embedders)
