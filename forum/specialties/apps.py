from django.apps import AppConfig


class SpecialtiesConfig(AppConfig):
    name = "forum.specialties"
    label = "specialties"
