"""The words of the rules, and where they stand in a text.

An entry is a row of words: `throat _ closing` where `_` is a gap of at most four words or eight Chinese characters,
`{1-12} week old` where the numbers from 1 to 12 may stand. Entries are compared token by
token in a tree, and a gap looks only for the nearest end of it: the work grows with the length of the text alone.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from forum.safety.red_flags.tokens import MARKS, places_of, tokens_of

GAP = "_"
PART = "part:"
GAP_WIDTH = 8
NUMBERS = re.compile(r"(\{\d+-\d+\})")
# Keys of the tree that no token is.
NAMES, RANGES = "=", "#"
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
                tokens = self._add(name, entry)
                self._vocabulary.update(tokens)
                meant.update(() if name in as_spelled else tokens)
        self._misspelled = _one_letter_less(word for word in meant if len(word) >= SHORTEST_MISSPELLED)
        self._meant = lru_cache(maxsize=20_000)(self._meant)

    def _add(self, name: str, entry: str) -> list[str]:
        parts = [_elements(part) for part in entry.split(GAP)]
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
            branch = _range_of(branch, token) if token.startswith("{") else branch.setdefault(token, {})
        names = branch.setdefault(NAMES, [])
        if name not in names:
            names.append(name)

    def read(self, text: str) -> Read:
        """Where each group's entries stand in the text, in order."""
        tokens = tokens_of(text)
        known = [token if token in self._vocabulary else self._meant(token) for token in tokens]
        found: dict[str, list[Place]] = {}
        for start, token in enumerate(known):
            if token in self._tree or token.isdecimal():
                for name, end in _along(self._tree, known, start):
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


def _elements(part: str) -> list[str]:
    """The tokens of an entry, in which {1-12} stays as it is."""
    pieces = NUMBERS.split(part)
    return [token for piece in pieces for token in ([piece] if NUMBERS.match(piece) else tokens_of(piece))]


def _range_of(branch: dict, element: str) -> dict:
    """The branch behind a range, which is made where it is not there."""
    low, high = map(int, element.strip("{}").split("-"))
    ranges = branch.setdefault(RANGES, [])
    for known_low, known_high, after in ranges:
        if (known_low, known_high) == (low, high):
            return after
    ranges.append((low, high, {}))
    return ranges[-1][2]


def _along(tree: dict, tokens: list[str], start: int) -> Iterator[tuple[str, int]]:
    """The groups of which an entry begins at `start`, each with the end of it."""
    branches, at = [tree], start
    while branches and at < len(tokens):
        token, following = tokens[at], []
        for branch in branches:
            if token in branch:
                following.append(branch[token])
            if RANGES in branch and token.isdecimal():
                following += [after for low, high, after in branch[RANGES] if low <= int(token) <= high]
        at += 1
        for branch in following:
            for name in branch.get(NAMES, ()):
                yield name, at
        branches = following


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
