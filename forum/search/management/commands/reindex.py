import sys
from argparse import ArgumentParser
from collections.abc import Callable

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from tqdm import tqdm

from forum.questions.models import Question
from forum.search.embedders import EmbedderUnavailable
from forum.search.reindexing import (
    EMBEDDED_AT_ONCE,
    RENEWED_AT_ONCE,
    WRITTEN_AT_ONCE,
    batches,
    embed,
    forget_old_models,
    renew,
    unembedded,
    unfinished,
    unwritten,
    write_and_embed,
)
from forum.search.services import write_entries
from forum.search.suggesting.learning import learn_specialties
from forum.search.vocabulary import count_words


class Command(BaseCommand):
    help = (
        "Index the published threads, as far as that is missing: their words, what they mean, and their Similar Q&A. "
        "The site serves meanwhile. Stopped, it goes on where it was when it is started again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="do anew what is there already, too")
        parser.add_argument("--after", type=int, default=0, metavar="ID", help="with --all: only threads of higher ids")

    def handle(self, *, all: bool, after: int, **_options) -> None:
        try:
            if all:
                self.run("Words and meanings", Question.objects.published(), write_and_embed, EMBEDDED_AT_ONCE, after)
            else:
                self.run("Words", unwritten(), write_entries, WRITTEN_AT_ONCE)
                self.run("Meanings", unembedded(), embed, EMBEDDED_AT_ONCE)
            learn_specialties()
        except EmbedderUnavailable as error:
            raise CommandError(f"{error} Threads are found by their words; run this again later.") from None
        count_words()
        self.run("Similar Q&A", unfinished(), renew, RENEWED_AT_ONCE)
        forget_old_models()

    def run(
        self, name: str, due: QuerySet[Question], do: Callable[[list[int]], None], size: int, after: int = 0
    ) -> None:
        """Do these threads a batch at a time, with a progress bar; where it is stopped it says how to go on."""
        last = after
        try:
            with tqdm(desc=name, total=due.filter(pk__gt=after).count(), disable=None, file=sys.stderr) as bar:
                for ids in batches(due, size, after):
                    do(ids)
                    last = ids[-1]
                    bar.update(len(ids))
        except KeyboardInterrupt:
            raise CommandError(f"Stopped after thread {last}. With --all, go on by --all --after {last}.") from None
