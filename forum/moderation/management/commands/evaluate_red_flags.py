from argparse import ArgumentParser
from dataclasses import asdict, dataclass

from django.core.management.base import BaseCommand, CommandError

from forum.safety.red_flags import screen
from forum.search.management.judged import as_json, as_table, read_judged, sound


@dataclass(frozen=True)
class Case:
    id: str
    text: str
    alarming: bool


@dataclass(frozen=True)
class Quality:
    """Shares of the alarming texts that alarm, and of the others that do not; None where there are none of a kind."""

    sensitivity: float | None
    specificity: float | None
    n: int
    missed: list[str]
    false_alarms: list[str]


class Command(BaseCommand):
    help = (
        "Measure the red-flag screen on judged texts: one JSON object a line with id, text and urgency, of which "
        "emergency is alarming and all else is not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.jsonl")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, file: str, json: bool, **_options) -> None:
        cases = list(read_judged(file, case_of, self.stderr.write))
        if not cases:
            raise CommandError(f"{file} has no line with a text and its urgency.")
        quality = asdict(measure(cases))
        self.stdout.write(as_json(quality) if json else as_table(quality))


def case_of(fields: dict) -> Case:
    """A line without an id goes by its text's first words. Raises ValueError with the reason."""
    text, urgency = fields.get("text"), fields.get("urgency")
    if not isinstance(text, str) or not isinstance(urgency, str):
        raise ValueError("text and urgency must be texts")
    text = sound(text)
    if not text:
        raise ValueError("the text must not be empty")
    name = fields.get("id")
    return Case(str(name) if name not in (None, "") else text[:40], text, urgency.strip().lower() == "emergency")


def measure(cases: list[Case]) -> Quality:
    """How the screen that serves the site tells the cases apart."""
    alarmed = [bool(screen(case.text)) for case in cases]
    missed = [case.id for case, found in zip(cases, alarmed, strict=True) if case.alarming and not found]
    false_alarms = [case.id for case, found in zip(cases, alarmed, strict=True) if found and not case.alarming]
    alarming = sum(case.alarming for case in cases)
    return Quality(
        sensitivity=1 - len(missed) / alarming if alarming else None,
        specificity=1 - len(false_alarms) / (len(cases) - alarming) if len(cases) > alarming else None,
        n=len(cases),
        missed=missed,
        false_alarms=false_alarms,
    )
