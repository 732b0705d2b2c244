import sys
from argparse import ArgumentParser, ArgumentTypeError

from django.core.management.base import BaseCommand
from tqdm import tqdm

from forum.search.proposing import MOST_A_SPECIALTY, count_threads, propose_topics


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError(f"{text} is not a number above 0")
    return int(text)


class Command(BaseCommand):
    help = (
        "Propose topics for the published threads that have none; an admin decides at /admin/search/topicproposal/. "
        "Harmless when repeated: open proposals are brought up to date, rejected names do not come again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", metavar="zh", help="two letters; all languages if not given")
        parser.add_argument(
            "--limit", type=positive, default=MOST_A_SPECIALTY, metavar="N", help="the best N of each specialty"
        )

    def handle(self, *, language: str | None, limit: int, **_options) -> None:
        counts = count_threads()
        for each in [language[:2].lower()] if language else list(counts):
            threads = sum(counts.get(each, {}).values())
            with tqdm(desc=each, total=threads, unit=" threads", disable=None, file=sys.stderr) as bar:
                number = propose_topics(each, limit=limit, progress=bar.update)
            self.stdout.write(f"{each}: {threads} threads without topics, {number} proposals open")
