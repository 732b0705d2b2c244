"""The words of the rules, and where they stand in a text.

An entry is a row of words: `throat _ closing` where `_` is a gap of at most four words or eight Chinese characters,
`{1-12} week old` where the numbers from 1 to 12 may stand, in digits or spelled out. Entries are compared token by
token in a tree, and a gap looks only for the nearest end of it: the work grows with the length of the text alone.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from forum.safety.red_flags.tokens import MARKS, places_of, tokens_of

GAP = "_"
PART = "part:"
GAP_WIDTH = 8
NUMBERS = re.compile(r"\{(\d+)-(\d+)\}")
SPELLED = "zero one two three four five six seven eight nine ten eleven twelve".split()
SPELLED_CHINESE = "零一二三四五六七八九十"
# A word that is one letter off one of these, and none of the words that the rules know, is taken for it.
SHORTEST_MISSPELLED = 6


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """`tokens[start:end]`."""

    start: int
    end: int


class Read:
    """A text as the rules see it: tokens, how far each is from the beginning, and where each group of words stands."""

    def __init__(self, tokens: list[str], found: dict[str, list[Place]]) -> None:
        self.tokens = tokens
        self.at = places_of(tokens)
        self.found = found

    def words(self, *names: str) -> list[Place]:
        return sorted(place for name in names for place in self.found.get(name, ()))


class Lexicon:
    """Groups of entries by name; the words of those in `as_spelled` are known only without a mistake."""

    def __init__(self, groups: dict[str, Iterable[str]], *, as_spelled: frozenset[str] = frozenset()) -> None:
        self._tree: dict = {}
        self._gapped: list[tuple[str, list[str]]] = []
        self._vocabulary: set[str] = set()
        meant: set[str] = set()
        for name, entries in groups.items():
            for entry in entries:
                for written in spelled(entry):
                    tokens = self._add(name, written)
                    self._vocabulary.update(tokens)
                    meant.update(() if name in as_spelled else tokens)
        self._misspelled = _one_letter_less(word for word in meant if len(word) >= SHORTEST_MISSPELLED)
        self._meant = lru_cache(maxsize=20_000)(self._meant)

    def _add(self, name: str, entry: str) -> list[str]:
        parts = [tokens_of(part) for part in entry.split(GAP)]
        if not all(parts):
            raise ValueError(f"{name}: {entry!r} has nothing on one side of a gap")
        names = [name] if len(parts) == 1 else [f"{PART}{' '.join(part)}" for part in parts]
        for part_name, part in zip(names, parts, strict=True):
            self._grow(part_name, part)
        if len(parts) > 1:
            self._gapped.append((name, names))
        return [token for part in parts for token in part]

    def _grow(self, name: str, tokens: list[str]) -> None:
        branch = self._tree
        for token in tokens:
            branch = branch.setdefault(token, {})
        names = branch.setdefault("", [])
        if name not in names:
            names.append(name)

    def read(self, text: str) -> Read:
        """Where each group's entries stand in the text, in order."""
        tokens = tokens_of(text)
        known = [token if token in self._vocabulary else self._meant(token) for token in tokens]
        found: dict[str, list[Place]] = {}
        for start, token in enumerate(known):
            if branch := self._tree.get(token):
                for name, end in _along(branch, known, start + 1):
                    found.setdefault(name, []).append(Place(start, end))
        read = Read(tokens, found)
        for name, parts in self._gapped:
            if all(part in found for part in parts):
                found.setdefault(name, []).extend(_over_gaps(read, parts))
        return read

    def _meant(self, token: str) -> str:
        if len(token) < SHORTEST_MISSPELLED or not token.isascii():
            return token
        for shorter in (token, *_without_one(token)):
            if meant := self._misspelled.get(shorter):
                return meant
        return token


def spelled(entry: str) -> Iterator[str]:
    """The entry with each of the numbers that may stand in it."""
    ranges = [range(int(low), int(high) + 1) for low, high in NUMBERS.findall(entry)]
    for numbers in product(*([form for number in one for form in _forms(number)] for one in ranges)):
        written = iter(numbers)
        yield NUMBERS.sub(lambda _: next(written), entry)


def _forms(number: int) -> list[str]:
    forms = [str(number)]
    if number < len(SPELLED):
        forms.append(SPELLED[number])
    if number < len(SPELLED_CHINESE):
        forms.append(SPELLED_CHINESE[number])
    return forms + (["两"] if number == 2 else [])


def _along(branch: dict, tokens: list[str], at: int) -> Iterator[tuple[str, int]]:
    while branch:
        for name in branch.get("", ()):
            yield name, at
        branch = branch.get(tokens[at]) if at < len(tokens) else None
        at += 1


def _over_gaps(read: Read, parts: list[str]) -> Iterator[Place]:
    for first in read.found[parts[0]]:
        end = first.end
        for part in parts[1:]:
            later = read.found[part]
            index = bisect_left(later, Place(end, 0))
            if index == len(later) or not _is_gap(read, end, later[index].start):
                break
            end = later[index].end
        else:
            yield Place(first.start, end)


def _is_gap(read: Read, start: int, end: int) -> bool:
    return read.at[end] - read.at[start] <= GAP_WIDTH and not any(token in MARKS for token in read.tokens[start:end])


def _without_one(word: str) -> list[str]:
    """The word without one of its letters, but for the first, which is seldom wrong."""
    return [word[:i] + word[i + 1 :] for i in range(1, len(word))]


def _one_letter_less(words: Iterable[str]) -> dict[str, str]:
    shorter: dict[str, str] = {}
    for word in sorted(words):
        if word.isascii():
            shorter |= {less: word for less in (word, *_without_one(word)) if less not in shorter}
    return shorter
