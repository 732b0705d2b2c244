from argparse import ArgumentParser
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError

from forum.search.embedders import EmbedderUnavailable
from forum.search.evaluation import Pair, measure
from forum.search.management.judged import as_json, as_table, read_judged, sound
from forum.search.ranking import Mode


class Command(BaseCommand):
    help = (
        "Measure Similar Q&A on judged pairs: one JSON object a line with query, candidate and label (1: the same "
        "question, 0: another); a line without a query only adds to the pool. The database is left as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="PAIRS.jsonl")
        parser.add_argument("--lang", default="en", help="the language of the texts (en)")
        parser.add_argument("--mode", choices=list(Mode), default=Mode.BOTH, help="what the ranking counts (both)")
        parser.add_argument(
            "--pool",
            choices=["texts", "candidates"],
            default="texts",
            help="what may be found: every text but the query itself (texts), or those that stand as a candidate",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, file: str, lang: str, mode: str, pool: str, json: bool, **_options) -> None:
        pairs = list(read_judged(file, pair_of, self.stderr.write))
        if not pairs:
            raise CommandError(f"{file} has no line with a candidate.")
        try:
            quality = asdict(measure(pairs, lang, Mode(mode), candidates_only=pool == "candidates"))
        except EmbedderUnavailable as error:
            raise CommandError(str(error)) from None
        self.stdout.write(as_json(quality) if json else as_table(quality))


def pair_of(fields: dict) -> Pair:
    """Raises ValueError with the reason."""
    query, candidate, label = fields.get("query") or "", fields.get("candidate"), fields.get("label")
    if not isinstance(query, str) or not isinstance(candidate, str):
        raise ValueError("query and candidate must be texts")
    query, candidate = sound(query), sound(candidate)
    if not candidate:
        raise ValueError("the candidate must not be empty")
    if query and label not in (0, 1):
        raise ValueError("the label must be 0 or 1")
    return Pair(query, candidate, int(label or 0))
