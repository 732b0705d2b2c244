from django.apps import AppConfig
from django.core.checks import register

from forum.articles.drafters.choice import check_drafter


class ArticlesConfig(AppConfig):
    name = "forum.articles"
    label = "articles"

    def ready(self) -> None:
        register(check_drafter)
