"""The words of the rules, learnt entry by entry and sorted into kinds.

An entry is a row of words: `throat _ closing` where `_` is a gap of at most four words or eight Chinese characters,
`{1-12} week old` where the numbers from 1 to 12 may stand. Of all entries that stand in the same groups the same is to
be said wherever they are found: they are of one kind.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from forum.safety.red_flags.tokens import tokens_of

GAP = "_"
RANGE = re.compile(r"(\{\d+-\d+\})")
CANNOT = re.compile(r"\bcan(?:t|not)\b")
# A character stands for each word, one for all numbers; a Chinese one and a mark stand for themselves.
FIRST_WORD = 0x100000
ANY_NUMBER = "#"

Bounds = tuple[tuple[int, int], ...]  # the smallest and the largest of each number in a row of words


@dataclass(eq=False, slots=True)
class Entry:
    """A row of words, or several with gaps between them; in however many groups it stands, it is kept once.

    `is_phrase` tells of more than one word that mean something together, not only of other words; `is_part` of a row
    that another entry goes on from, over a gap. The kind is known when all entries are.
    """

    codes: str
    names: set[str]
    has_gap: bool = False
    is_phrase: bool = False
    is_part: bool = False
    kind: int = -1

    def hushes(self, denying: frozenset[str], denying_words: set[str]) -> bool:
        """Whether it is a phrase with such a word in it, which says nothing then of what comes before and after it.

        In a gap any word may stand. A phrase that is no more than such a word itself changes nothing about it.
        """
        may_hold_one = self.has_gap or not denying_words.isdisjoint(self.codes)
        return self.is_phrase and may_hold_one and denying.isdisjoint(self.names)


@dataclass(slots=True)
class Ranged:
    """Rows that differ in nothing but their numbers, which stand at `places`."""

    places: tuple[int, ...]
    kinds: dict[Bounds, int]

    def allowing(self, numbers: tuple[str, ...]) -> list[int]:
        """The kinds of those in which these numbers may stand."""
        values = [int(number) for number in numbers]
        return [
            kind
            for bounds, kind in self.kinds.items()
            if all(low <= value <= high for value, (low, high) in zip(values, bounds, strict=True))
        ]


class Entries:
    """Those of all groups, by name; those in `context` tell of other words. `meant` are the words of the others."""

    def __init__(self, groups: dict[str, Iterable[str]], context: frozenset[str]) -> None:
        self.codes: dict[str, str] = {}  # by word the character that stands for it
        self.meant: set[str] = set()
        self._rows: dict[str, dict[Bounds, Entry]] = defaultdict(dict)  # by codes
        self._gapped: dict[tuple[Entry, ...], Entry] = {}  # by parts
        for name, entries in groups.items():
            for written in chain.from_iterable(map(_spelled_out, entries)):
                tokens = self._add(name, written, may_be_phrase=name not in context)
                self.meant.update(() if name in context else tokens)

    def _add(self, name: str, written: str, *, may_be_phrase: bool) -> list[str]:
        """The tokens of an entry, which is known from now on."""
        parts = [_elements(part) for part in written.split(GAP)]
        if not all(parts):
            raise ValueError(f"{name}: {written!r} has nothing on one side of a gap")
        rows = tuple(map(self._row, parts))
        entry = self._over_gaps(rows) if len(rows) > 1 else rows[0]
        tokens = [token for part in parts for token in part]
        entry.names.add(name)
        entry.is_phrase |= len(tokens) > 1 and may_be_phrase
        return tokens

    def _row(self, tokens: list[str]) -> Entry:
        codes = "".join(map(self._code, tokens))
        bounds = tuple(filter(None, map(_bounds, tokens)))
        return self._rows[codes].setdefault(bounds, Entry(codes, set()))

    def _code(self, token: str) -> str:
        if _bounds(token):
            return ANY_NUMBER
        if token.isascii() and token.isalpha():
            return self.codes.setdefault(token, chr(FIRST_WORD + len(self.codes)))
        return token

    def _over_gaps(self, parts: tuple[Entry, ...]) -> Entry:
        for part in parts:
            part.is_part = True
        return self._gapped.setdefault(parts, Entry("".join(part.codes for part in parts), set(), has_gap=True))

    def sort(self, denying: frozenset[str]) -> list[tuple[frozenset[str], bool]]:
        """Give each entry its kind; by kind the groups, and whether it hushes the words of the `denying` groups."""
        entries = [*chain.from_iterable(row.values() for row in self._rows.values()), *self._gapped.values()]
        words = set().union(*(entry.codes for entry in entries if not denying.isdisjoint(entry.names)))
        kinds: dict[tuple[frozenset[str], bool, Entry | None], int] = {}
        for entry in entries:
            alone = entry if entry.is_part else None  # to be found when others go on from it
            entry.kind = kinds.setdefault((frozenset(entry.names), entry.hushes(denying, words), alone), len(kinds))
        return [(names, hushes) for names, hushes, _ in kinds]

    def plain(self) -> dict[str, int]:
        """The kinds of the rows without a number, by codes."""
        return {codes: row[()].kind for codes, row in self._rows.items() if () in row}

    def ranged(self) -> dict[str, Ranged]:
        """The rows with numbers, by codes."""
        return {
            codes: Ranged(
                tuple(place for place, code in enumerate(codes) if code == ANY_NUMBER),
                {bounds: entry.kind for bounds, entry in row.items()},
            )
            for codes, row in self._rows.items()
            if () not in row
        }

    def over_gaps(self) -> dict[int, list[tuple[int, list[int]]]]:
        """By the kind of the first part the kinds of the entries that go on from it, and of all their parts."""
        begun: dict[int, list[tuple[int, list[int]]]] = defaultdict(list)
        for parts, entry in self._gapped.items():
            begun[parts[0].kind].append((entry.kind, [part.kind for part in parts]))
        return dict(begun)


def _spelled_out(entry: str) -> list[str]:
    """The entry, and with "can not" too where it says "cant", which is one token."""
    return list(dict.fromkeys([entry, CANNOT.sub("can not", entry)]))


def _elements(part: str) -> list[str]:
    """The tokens of an entry, in which {1-12} stays as it is."""
    pieces = RANGE.split(part)
    return [token for piece in pieces for token in ([piece] if RANGE.match(piece) else tokens_of(piece))]


def _bounds(token: str) -> tuple[int, int] | None:
    """The smallest and the largest number that an entry's number or range allows; None for a word."""
    if token.isdecimal():
        return int(token), int(token)
    if RANGE.match(token):
        low, high = token.strip("{}").split("-")
        return int(low), int(high)
    return None
