"""The words of the rules, and where they stand in a text.

An entry is a row of words: `throat _ closing` where `_` is a gap of at most four words or eight Chinese characters,
`{1-12} week old` where the numbers from 1 to 12 may stand. Entries are compared token by
token in a tree, and a gap looks only for the nearest end of it: the work grows with the length of the text alone.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from forum.safety.red_flags.tokens import MARKS, places_of, tokens_of

GAP = "_"
PART = "part:"
GAP_WIDTH = 8
# Group of phrases in which no shorter word is meant: hives (蕁麻疹) are not numb (麻).
WHOLE = "as_a_whole"
NUMBERS = re.compile(r"(\{\d+-\d+\})")
# Keys of the tree that no token is.
NAMES, RANGES, ANY = "=", "#", "*"
CANNOT = re.compile(r"\bcan(?:t|not)\b")
# A word that is one letter off one of these, and none of the words that the rules know, is taken for it.
SHORTEST_MISSPELLED = 6


class Place(NamedTuple):
    """`tokens[start:end]`."""

    start: int
    end: int


class Entry:
    """The end of an entry in the tree, and the groups that hold it: one word stands in many, and is kept once."""

    __slots__ = ("names",)

    def __init__(self) -> None:
        self.names: list[str] = []


class Read:
    """A text as the rules see it: tokens, how far each is from the beginning, and where each group of words stands."""

    def __init__(self, tokens: list[str], entries: dict[Entry, list[tuple[int, int]]]) -> None:
        self.tokens = tokens
        self.at = places_of(tokens)
        self.found: dict[str, list[list[tuple[int, int]]]] = {}
        self._rows: dict[str, list[Place]] = {}
        for entry, places in entries.items():
            for name in entry.names:
                self.found.setdefault(name, []).append(places)

    def add(self, name: str, places: list[tuple[int, int]]) -> None:
        """Further places of a group, which may change what is part of a phrase."""
        self.found.setdefault(name, []).append(places)
        if name == WHOLE:
            self.__dict__.pop("_wholes", None)
            self._rows.clear()

    def words(self, *names: str) -> list[Place]:
        """The places of all of these groups, in order."""
        if len(names) == 1:
            return self._row(names[0])
        return sorted(chain.from_iterable(map(self._row, names)))

    def _row(self, name: str) -> list[Place]:
        if name not in self._rows:
            places = map(Place._make, chain.from_iterable(self.found.get(name, [])))
            self._rows[name] = sorted(place for place in places if not self._is_part(place))
        return self._rows[name]

    def _is_part(self, place: Place) -> bool:
        """Whether it is only part of a phrase that is meant as a whole."""
        whole = self._wholes.get(place.start)
        return whole is not None and place.end <= whole.end and place != whole

    @cached_property
    def _wholes(self) -> dict[int, Place]:
        """The phrase that each token is part of."""
        phrases = map(Place._make, chain.from_iterable(self.found.get(WHOLE, [])))
        return {index: phrase for phrase in phrases for index in range(*phrase)}


class Lexicon:
    """Groups of entries by name; the words of those in `as_spelled` are known only without a mistake."""

    def __init__(self, groups: dict[str, Iterable[str]], *, as_spelled: frozenset[str] = frozenset()) -> None:
        self._tree: dict = {}
        self._ranges: dict[tuple[int, str], dict] = {}
        self._before_range = 0  # most tokens of an entry before a range in it
        self._gapped: dict[str, list[tuple[str, list[str]]]] = {}  # by what stands before the first gap
        self._vocabulary: set[str] = set()
        meant: set[str] = set()
        for name, entries in groups.items():
            for entry in chain.from_iterable(map(_spelled_out, entries)):
                tokens = self._add(name, entry)
                self._vocabulary.update(tokens)
                meant.update(() if name in as_spelled else tokens)
        # Most places of a text are the beginning of nothing: told by two tokens before the tree is walked.
        self._pairs = {
            (first, second): branch
            for first, after in self._tree.items()
            if first != RANGES
            for second, branch in after.items()
            if second not in (NAMES, RANGES)
        }
        self._alone = {first: after[NAMES] for first, after in self._tree.items() if NAMES in after}
        self._before_numbers = {first for first, after in self._tree.items() if first != RANGES and _has_range(after)}
        self._after_number = {number: _by_next(branches) for number, branches in self._tree.get(RANGES, {}).items()}
        self._misspelled = _one_letter_less(word for word in meant if len(word) >= SHORTEST_MISSPELLED)
        self._meant = lru_cache(maxsize=20_000)(self._meant)

    def _add(self, name: str, entry: str) -> list[str]:
        parts = [_elements(part) for part in entry.split(GAP)]
        if not all(parts):
            raise ValueError(f"{name}: {entry!r} has nothing on one side of a gap")
        ranges = [index for part in parts for index, token in enumerate(part) if token.startswith("{")]
        self._before_range = max([self._before_range, *ranges])
        names = [name] if len(parts) == 1 else [f"{PART}{' '.join(part)}" for part in parts]
        for part_name, part in zip(names, parts, strict=True):
            self._grow(part_name, part)
        if len(parts) > 1:
            self._gapped.setdefault(names[0], []).append((name, names))
        return [token for part in parts for token in part]

    def _grow(self, name: str, tokens: list[str]) -> None:
        branch = self._tree
        for token in tokens:
            branch = self._range_of(branch, token) if token.startswith("{") else branch.setdefault(token, {})
        entry = branch.setdefault(NAMES, Entry())
        if name not in entry.names:
            entry.names.append(name)

    def _range_of(self, branch: dict, element: str) -> dict:
        """The branch behind a range, which is made where it is not there."""
        after = self._ranges.get((id(branch), element))
        if after is None:
            after = self._ranges[id(branch), element] = {}
            low, high = map(int, element.strip("{}").split("-"))
            for number in range(low, high + 1):
                branch.setdefault(RANGES, {}).setdefault(str(number), []).append(after)
        return after

    def read(self, text: str) -> Read:
        """Where each group's entries stand in the text, in order."""
        tokens = tokens_of(text)
        known = [token if token in self._vocabulary else self._meant(token) for token in tokens]
        read = Read(tokens, self._entries(known))
        begun = (entry for first, entries in self._gapped.items() if first in read.found for entry in entries)
        for name, parts in begun:
            if all(part in read.found for part in parts) and (places := list(_over_gaps(read, parts))):
                read.add(name, places)
        return read

    def _entries(self, tokens: list[str]) -> dict[Entry, list[tuple[int, int]]]:
        """Where each entry begins and ends. Few places are near a number, where there is more than one way to go on."""
        alone = self._alone
        found: dict[Entry, list[tuple[int, int]]] = defaultdict(list)
        numbered = self._near_numbers(tokens)
        for start in numbered:
            for entry, end in _along(self._begun(tokens, start), tokens, start + 1):
                found[entry].append((start, end))
        for start, token in enumerate(tokens):
            if token in alone and start not in numbered:
                found[alone[token]].append((start, start + 1))
        last = len(tokens)
        for start, branch in enumerate(map(self._pairs.get, pairwise(tokens))):
            if branch and start not in numbered:
                end = start + 2
                while branch:
                    if NAMES in branch:
                        found[branch[NAMES]].append((start, end))
                    branch = branch.get(tokens[end]) if end < last else None
                    end += 1
        return found

    def _near_numbers(self, tokens: list[str]) -> set[int]:
        """Where an entry may begin that has a range in it, or that begins with a number."""
        numbers = [index for index, token in enumerate(tokens) if token.isdecimal()]
        near = {start for index in numbers for start in range(max(0, index - self._before_range), index)}
        begun = {index for index in numbers if self._may_begin(*tokens[index : index + 2])}
        return begun.union(start for start in near if tokens[start] in self._before_numbers)

    def _may_begin(self, number: str, following: str = NAMES) -> bool:
        """Whether an entry with a range as its first word may go on like this."""
        after = self._after_number.get(number, ())
        return ANY in after or following in after

    def _begun(self, tokens: list[str], start: int) -> list[dict]:
        """The branches behind the token at `start`, of those behind a range only what may go on with the next one."""
        own, after = self._tree.get(tokens[start]), self._after_number.get(tokens[start], {})
        following = tokens[start + 1] if start + 1 < len(tokens) else ANY
        others = after.get(following, []) if following != ANY else []
        return [*([own] if own else []), *after.get(ANY, []), *others]

    def _meant(self, token: str) -> str:
        if len(token) < SHORTEST_MISSPELLED or not token.isascii():
            return token
        for shorter in (token, *_without_one(token)):
            if meant := self._misspelled.get(shorter):
                return meant
        return token


def _spelled_out(entry: str) -> list[str]:
    """The entry, and with "can not" too where it says "cant", which is one token."""
    return list(dict.fromkeys([entry, CANNOT.sub("can not", entry)]))


def _elements(part: str) -> list[str]:
    """The tokens of an entry, in which {1-12} stays as it is."""
    pieces = NUMBERS.split(part)
    return [token for piece in pieces for token in ([piece] if NUMBERS.match(piece) else tokens_of(piece))]


def _by_next(branches: list[dict]) -> dict[str, list[dict]]:
    """The branches by the token that may come next; those that may end here, or have a range next, by ANY."""
    found: dict[str, list[dict]] = defaultdict(list)
    for branch in branches:
        for token in [ANY] if NAMES in branch or RANGES in branch else branch:
            found[token].append(branch)
    return dict(found)


def _along(branches: list[dict], tokens: list[str], at: int) -> list[tuple[Entry, int]]:
    """The entries that end where these branches begin, at `at`, or go on from there, each with the end of it."""
    found: list[tuple[Entry, int]] = []
    while branches:
        found += [(entry, at) for branch in branches if (entry := branch.get(NAMES))]
        if at == len(tokens):
            break
        token, following = tokens[at], []
        for branch in branches:
            if after := branch.get(token):
                following.append(after)
            if RANGES in branch and token.isdecimal():
                following += branch[RANGES].get(token, ())
        branches, at = following, at + 1
    return found


def _over_gaps(read: Read, parts: list[str]) -> Iterator[Place]:
    for first in read.words(parts[0]):
        end = first.end
        for part in parts[1:]:
            later = read.words(part)
            index = bisect_left(later, Place(end, 0))
            if index == len(later) or not _is_gap(read, end, later[index].start):
                break
            end = later[index].end
        else:
            yield Place(first.start, end)


def _has_range(branch: dict) -> bool:
    """Whether a number of a range may stand somewhere along this branch."""
    return RANGES in branch or any(_has_range(after) for token, after in branch.items() if token != NAMES)


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
