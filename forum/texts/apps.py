from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class TextsConfig(AppConfig):
    name = "forum.texts"
    label = "texts"

    def ready(self) -> None:
        """Each app registers the texts that it shows in its module `texts`."""
        autodiscover_modules("texts")
