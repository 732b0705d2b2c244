from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError

from forum.questions.language import detect_language
from forum.search.embedders import EmbedderUnavailable, embedder_for
from forum.search.management.judged import as_json, as_table, read_judged, sound
from forum.search.suggesting.evaluation import Labelled, measure
from forum.specialties.models import Specialty

LONGEST_NAME = Specialty._meta.get_field("name").max_length


class Command(BaseCommand):
    help = (
        "Measure the specialty suggestion on labelled texts: one JSON object a line with text and specialty. It learns "
        "from TRAIN as from published threads and is asked about TEST or, without one, about each fifth of TRAIN as it "
        "knows the other four. The database is left as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("train", metavar="TRAIN.jsonl")
        parser.add_argument("test", metavar="TEST.jsonl", nargs="?")
        parser.add_argument("--lang", help="the language of the texts, as en or zh (default: that of most of TRAIN)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, train: str, test: str | None, lang: str | None, json: bool, **_options) -> None:
        learned, asked = self.labelled(train), self.labelled(test) if test else None
        language = lang or language_of(learned)
        if embedder_for(language) is None:
            raise CommandError(f"No embedder serves the language {language!r}, so no specialties are suggested in it.")
        try:
            quality = asdict(measure(learned, asked, language))
        except EmbedderUnavailable as error:
            raise CommandError(str(error)) from None
        self.stdout.write(as_json(quality) if json else as_table(quality))

    def labelled(self, file: str) -> list[Labelled]:
        found = list(read_judged(file, labelled_of, self.stderr.write))
        if not found:
            raise CommandError(f"{file} has no line with a text and its specialty.")
        return found


def labelled_of(fields: dict) -> Labelled:
    """Raises ValueError with the reason."""
    text, specialty = fields.get("text"), fields.get("specialty")
    if not isinstance(text, str) or not isinstance(specialty, str):
        raise ValueError("text and specialty must be texts")
    text, specialty = sound(text), sound(specialty)
    if not text or not specialty:
        raise ValueError("text and specialty must not be empty")
    if len(specialty) > LONGEST_NAME:
        raise ValueError(f"the specialty is longer than {LONGEST_NAME} characters")
    return Labelled(text, specialty)


def language_of(labelled: list[Labelled]) -> str:
    """That of most of the texts."""
    return Counter(detect_language(one.text) for one in labelled).most_common(1)[0][0]
