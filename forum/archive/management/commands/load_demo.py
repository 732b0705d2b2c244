from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from forum.archive.demo_content import load_demo_content


class Command(BaseCommand):
    help = "Load the demo content and its sign-ins. Harmless when repeated; refused in production mode."

    def handle(self, *, verbosity: int, **_options) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo content has well-known passwords: it is never loaded in production mode.")
        loaded = load_demo_content()
        if verbosity:
            self.stdout.write(
                f"New: {loaded.specialties} specialties, {loaded.doctors} doctors, {loaded.threads} threads, "
                f"{loaded.waiting} waiting questions."
            )
