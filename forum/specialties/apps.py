from django.apps import AppConfig
from django.urls import register_converter

from forum.specialties.slugs import UnicodeSlug


class SpecialtiesConfig(AppConfig):
    name = "forum.specialties"
    label = "specialties"

    def ready(self) -> None:
        register_converter(UnicodeSlug, "uslug")
