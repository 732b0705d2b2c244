"""All kinds together: what stands in a text, in order, none over another."""

import re
from collections.abc import Iterable, Iterator

from forum.safety.personal import ages, contacts, numbers, people, places
from forum.safety.personal.rules import Place, Reading
from forum.safety.personal.spans import INSTEAD, Kind, Span, script_of

RULES = (*numbers.RULES, *contacts.RULES, *people.RULES, *places.RULES)
# Where a name ends: what is compared with the names that may stand there.
TITLES = re.compile(r"(?i)^(?:mr|mrs|ms|miss|mx|dr|prof)\b\.?\s?|(?:先生|小姐|女士|太太|您好)$")


def personal_data(text: str, *, country: str, allowed: Iterable[str] = ()) -> list[Span]:
    """Where a text seems to tell who somebody is, or where and how to be found; in order, none twice.

    `country` (ISO 3166) is where a phone number without a country code is dialled. `allowed` are names that may stand
    there: the answering doctor's, the pseudonym.
    """
    found = _merged(_places(Reading(text), country))
    script = script_of(text)
    spans = [Span(start, end, kind, text[start:end], INSTEAD[kind][script]) for start, end, kind in found]
    own = [name for name in allowed if name]
    return [span for span in spans if not (span.kind == Kind.NAME and any(_is_of(span.text, name) for name in own))]


def occurrences(text: str, name: str) -> list[Span]:
    """Where a text has this very name, as a word of its own where its script has spaces; none of a single letter."""
    if len(name) < 2:
        return []
    edges = (r"(?<![^\W_])", r"(?![^\W_])") if name.isascii() else ("", "")
    instead = INSTEAD[Kind.NAME][script_of(text)]
    found = re.finditer(f"{edges[0]}{re.escape(name)}{edges[1]}", text)
    return [Span(match.start(), match.end(), Kind.NAME, match[0], instead) for match in found]


def exact_ages(text: str) -> list[Span]:
    """Ages in years that the text tells of somebody, to be replaced by their ten years; not those within the above."""
    spans: list[Span] = []
    for span in sorted(ages.exact_ages(Reading(text)), key=lambda span: (span.start, -span.end)):
        if not spans or span.start >= spans[-1].end:
            spans.append(span)
    return spans


def _places(reading: Reading, country: str) -> Iterator[Place]:
    for rule in RULES:
        yield from rule.places(reading)
    yield from contacts.phones(reading, country)


def _merged(places: Iterable[Place]) -> list[Place]:
    """Of places over one another one that covers them all, of the kind of the longest."""
    merged: list[Place] = []
    longest = 0
    for start, end, kind in sorted(places, key=lambda place: (place[0], -place[1])):
        if not merged or start > merged[-1][1] or (start == merged[-1][1] and kind != merged[-1][2]):
            merged.append((start, end, kind))
            longest = end - start
        elif end > merged[-1][1]:
            before, _end, kind_before = merged[-1]
            longer = end - start > longest
            merged[-1] = (before, end, kind if longer else kind_before)
            longest = max(longest, end - start)
    return merged


def _is_of(words: str, name: str) -> bool:
    """Whether these words are of that name: "Dr. Wu" of Wu Mukhan, "吳醫師" of 吳."""
    bare = TITLES.sub("", words).strip()
    parts = {part.lower() for part in name.split()}
    mine = [part.lower().removesuffix("'s").removesuffix("’s") for part in bare.split()]
    return bool(mine) and (all(part in parts for part in mine) or bare.startswith(name))
