"""How well personal data is found in the written set, and what it costs; writes the figures into safety.md."""

import argparse
import json
import platform
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from pathlib import Path

import phonenumbers

from benchmarks.report import processor
from forum.safety.personal import Span, exact_ages, personal_data

SET = Path(__file__).with_name("personal_data.jsonl")
PAGE = Path(__file__).with_name("safety.md")
MARKERS = ("<!-- personal data -->", "<!-- end of personal data -->")
COUNTRY = "TW"
LENGTH = 5000  # characters of a text whose time is measured


@dataclass
class Score:
    """`marked` of the set and `hit` of them, `told` by the patterns and `right` of them, `left` alone of `quiet`."""

    counts: Counter = field(default_factory=Counter)

    @property
    def recall(self) -> str:
        return self._share("hit", "marked")

    @property
    def precision(self) -> str:
        return self._share("right", "told")

    def _share(self, part: str, whole: str) -> str:
        return f"{self.counts[part] / self.counts[whole]:.3f}" if self.counts[whole] else "–"


def found(text: str) -> list[Span]:
    spans = personal_data(text, country=COUNTRY)
    free = (age for age in exact_ages(text) if not any(age.start < span.end and span.start < age.end for span in spans))
    return [*spans, *free]


def measure(lines: list[dict]) -> dict[str, Score]:
    """By "all", part, language and kind. A marked span is hit where every letter and digit of it is covered."""
    scores: dict[str, Score] = {}
    for line in lines:
        text, spans = line["text"], found(line["text"])
        groups = ["all", line["part"], line["lang"]]
        covered = {place for span in spans for place in range(span.start, span.end)}
        marked = []
        for kind, words in line["find"]:
            places = range(start := text.index(words), start + len(words))
            marked.append(places)
            hit = all(place in covered for place in places if text[place].isalnum())
            count(scores, [*groups, kind], marked=1, hit=int(hit))
        for span in spans:
            right = any(span.start < places.stop and places.start < span.end for places in marked)
            count(scores, [*groups, span.kind.value], told=1, right=int(right))
        count(scores, groups, quiet=len(line["leave"]) or int(not line["find"]))
    return scores


def count(scores: dict[str, Score], groups: list[str], **counts: int) -> None:
    for group in groups:
        scores.setdefault(group, Score()).counts.update(counts)


def milliseconds(call: Callable[[], object]) -> float:
    """The best of twenty, of processor time."""
    best = float("inf")
    for _ in range(20):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
    return best * 1000


def phones_alone(text: str) -> list:
    """What the library's own finder takes to look for the phone numbers of one country."""
    return list(phonenumbers.PhoneNumberMatcher(text, COUNTRY))


def costs(lines: list[dict]) -> list[str]:
    rows = ["| 5,000 characters | ms | of `phonenumbers` alone |", "|---|--:|--:|"]
    for lang, words in (("en", "English"), ("zh", "Chinese")):
        texts = cycle([line["text"] for line in lines if line["lang"] == lang])
        text = ""
        while len(text) < LENGTH:
            text += next(texts) + " "
        text = text[:LENGTH]
        mine, phones = milliseconds(partial(found, text)), milliseconds(partial(phones_alone, text))
        rows.append(f"| {words}, made of the set's own sentences | {mine:.1f} | {mine / phones:.2f} |")
    return rows


def as_markdown(lines: list[dict]) -> str:
    scores = measure(lines)
    rows = ["| | marked spans | recall | told | precision | left alone |", "|---|--:|--:|--:|--:|--:|"]
    for name, score in scores.items():
        counts = score.counts
        quiet = counts["quiet"] or ""
        rows.append(
            f"| {name} | {counts['marked']} | {score.recall} | {counts['told']} | {score.precision} | {quiet} |"
        )
    told = f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {processor()}"
    return "\n".join([*rows, "", *costs(lines), "", told])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.safety", description=__doc__)
    parser.add_argument("--no-write", dest="write", action="store_false", help="do not change safety.md")
    options = parser.parse_args()
    page = as_markdown([json.loads(line) for line in SET.read_text().splitlines()])
    print(page)
    if options.write:
        before, rest = PAGE.read_text().split(MARKERS[0])
        _old, after = rest.split(MARKERS[1])
        PAGE.write_text(f"{before}{MARKERS[0]}\n{page}\n{MARKERS[1]}{after}")


if __name__ == "__main__":
    main()
