from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from forum.operations.serving import Refused, serve


class Command(BaseCommand):
    help = "Serve the site: database, background worker and web server, until Ctrl-C or SIGTERM"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT", help="default: %(default)s")
        parser.add_argument("--workers", type=int, default=2, metavar="N", help="web processes (default: %(default)s)")
        parser.add_argument("--no-demo", dest="demo", action="store_false", help="leave an empty database empty")

    def handle(self, *, bind: str, workers: int, demo: bool, **options) -> None:
        try:
            serve(bind, workers=workers, demo=demo, say=self.say)
        except Refused as reason:
            raise CommandError(str(reason)) from None

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
