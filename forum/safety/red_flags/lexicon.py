"""The words of the rules, and where they stand in a text.

An entry is a row of words: `throat _ closing` where `_` is a gap of at most four words or eight Chinese characters,
`{1-12} week old` where the numbers from 1 to 12 may stand. All entries are looked for at once (Aho and Corasick 1975)
in the text written as one character a token, and a gap looks only for the nearest end of it: the work grows with the
length of the text alone.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import chain

from ahocorasick_rs import AhoCorasick

from forum.safety.red_flags.tokens import MARKS, pieces_of, places_of, tokens_of, tokens_of_word

GAP = "_"
PART = "part:"
GAP_WIDTH = 8
# Group of phrases in which no shorter word is meant: hives (蕁麻疹) are not numb (麻).
WHOLE = "as_a_whole"
RANGE = re.compile(r"(\{\d+-\d+\})")
CANNOT = re.compile(r"\bcan(?:t|not)\b")
# A word that is one letter off one of these, and none of the words that the rules know, is taken for it.
SHORTEST_MISSPELLED = 6
# The characters that stand for words and numbers lie in Unicode's private planes; a Chinese one stands for itself.
FIRST_NUMBER, LARGEST, FIRST_WORD = 0xF0000, 0xFFFD, 0x100000
CODED_NUMBER = re.compile("[\U000f0000-\U000fffff]")
ANY_NUMBER, UNKNOWN = "#", "\ufffd"

Place = tuple[int, int]  # tokens[start:end]


class Entry:
    """A row of words, by the groups that hold it: one word stands in many, and is kept once.

    `is_phrase` tells of more than one word that mean something together, not only of other words.
    """

    __slots__ = ("is_phrase", "names")

    def __init__(self) -> None:
        self.names: list[str] = []
        self.is_phrase = False


class Ranged:
    """Entries that differ in nothing but their numbers, which stand at `places`, counted back from the end."""

    def __init__(self, places: tuple[int, ...]) -> None:
        self.places = places
        self._entries: dict[tuple[tuple[int, int], ...], Entry] = {}
        self.allowing = lru_cache(maxsize=1000)(self._allowing)

    def entry(self, bounds: tuple[tuple[int, int], ...]) -> Entry:
        """The one with these smallest and largest numbers."""
        return self._entries.setdefault(bounds, Entry())

    def _allowing(self, *numbers: str) -> list[Entry]:
        """Those in which these numbers may stand."""
        values = [int(number) for number in numbers]
        return [
            entry
            for bounds, entry in self._entries.items()
            if all(low <= value <= high for value, (low, high) in zip(values, bounds, strict=True))
        ]


class Read:
    """A text as the rules see it: tokens, how far each is from the beginning, and where each group of words stands.

    `codes` are the tokens as a text, one character each; marks and Chinese characters stand for themselves.
    `phrases` are the places of more than one word that mean something together, in no order.
    """

    def __init__(self, tokens: list[str], codes: str, entries: dict[Entry, list[Place]]) -> None:
        self.tokens = tokens
        self.codes = codes
        self.at = places_of(tokens)
        self.found: dict[str, list[list[Place]]] = defaultdict(list)
        self.phrases: list[Place] = []
        self._rows: dict[tuple[str, ...], list[Place]] = {}
        found = self.found
        for entry, places in entries.items():
            if entry.is_phrase:
                self.phrases += places
            for name in entry.names:
                found[name].append(places)

    def add(self, name: str, places: list[Place], *, are_phrases: bool) -> None:
        """Further places of a group, which may change what is part of a phrase."""
        self.found[name].append(places)
        if are_phrases:
            self.phrases += places
        if name == WHOLE:
            self.__dict__.pop("_wholes", None)
            self._rows.clear()

    def words(self, *names: str) -> list[Place]:
        """The places of all of these groups, in order."""
        if names not in self._rows:
            rows = [row for name in names if name in self.found for row in self.found[name]]
            places = sorted(chain.from_iterable(rows)) if len(rows) > 1 else rows[0] if rows else []
            wholes = self._wholes
            self._rows[names] = [place for place in places if place[0] not in wholes or not self._is_part(place)]
        return self._rows[names]

    def _is_part(self, place: Place) -> bool:
        """Whether it is only part of a phrase that is meant as a whole."""
        whole = self._wholes[place[0]]
        return place[1] <= whole[1] and place != whole

    @cached_property
    def _wholes(self) -> dict[int, Place]:
        """The phrase that each token is part of."""
        phrases = chain.from_iterable(self.found.get(WHOLE, []))
        return {index: phrase for phrase in phrases for index in range(*phrase)}


class Lexicon:
    """Groups of entries by name; those in `context` tell of other words, and are known only without a mistake."""

    def __init__(self, groups: dict[str, Iterable[str]], *, context: frozenset[str] = frozenset()) -> None:
        self._context = context
        self._plain: dict[str, Entry] = {}
        self._ranged: dict[str, Ranged] = {}
        self._words: dict[str, str] = {}  # by word the character that stands for it
        self._gapped: dict[str, list[tuple[str, list[str]]]] = {}  # by what stands before the first gap
        meant: set[str] = set()
        for name, entries in groups.items():
            for entry in chain.from_iterable(map(_spelled_out, entries)):
                tokens = self._add(name, entry)
                meant.update(() if name in context else tokens)
        self._plain_automaton = AhoCorasick(list(self._plain), store_patterns=False)
        self._plain_entries = list(self._plain.values())
        self._ranged_automaton = AhoCorasick(list(self._ranged), store_patterns=False)
        self._ranged_entries = list(self._ranged.values())
        self._misspelled = _one_letter_less(word for word in meant if len(word) >= SHORTEST_MISSPELLED)
        self._read_word = lru_cache(maxsize=20_000)(self._read_word)

    def _add(self, name: str, entry: str) -> list[str]:
        parts = [_elements(part) for part in entry.split(GAP)]
        if not all(parts):
            raise ValueError(f"{name}: {entry!r} has nothing on one side of a gap")
        names = [name] if len(parts) == 1 else [f"{PART}{' '.join(part)}" for part in parts]
        for part_name, part in zip(names, parts, strict=True):
            self._learn(part_name, part)
        if len(parts) > 1:
            self._gapped.setdefault(names[0], []).append((name, names))
        return [token for part in parts for token in part]

    def _learn(self, name: str, tokens: list[str]) -> None:
        for token in tokens:
            if token.isascii() and token.isalpha():
                self._words.setdefault(token, chr(FIRST_WORD + len(self._words)))
        if any(map(RANGE.match, tokens)):
            entry = self._ranged_entry(tokens)
        else:
            entry = self._plain.setdefault("".join(map(self._code, tokens)), Entry())
        if name not in entry.names:
            entry.names.append(name)
        if len(tokens) > 1 and not name.startswith(PART) and name not in self._context:
            entry.is_phrase = True

    def _ranged_entry(self, tokens: list[str]) -> Entry:
        bounds = [_bounds(token) for token in tokens]
        key = "".join(ANY_NUMBER if bound else self._code(token) for token, bound in zip(tokens, bounds, strict=True))
        places = tuple(len(tokens) - index for index, bound in enumerate(bounds) if bound)
        return self._ranged.setdefault(key, Ranged(places)).entry(tuple(filter(None, bounds)))

    def _code(self, token: str) -> str:
        """The character that stands for a token."""
        if token.isdecimal():
            return chr(FIRST_NUMBER + min(int(token), LARGEST))
        if token.isascii() and token.isalpha():
            return self._words.get(token) or self._words.get(self._meant(token), UNKNOWN)
        return token

    def read(self, text: str) -> Read:
        """Where each group's entries stand in the text, in order."""
        tokens: list[str] = []
        codes: list[str] = []
        for characters, word in pieces_of(text):
            if characters:
                tokens += characters
                codes.append(characters)
            else:
                written, code = self._read_word(word)
                tokens += written
                codes.append(code)
        coded = "".join(codes)
        read = Read(tokens, coded, self._entries(tokens, coded))
        begun = [entry for first, entries in self._gapped.items() if first in read.found for entry in entries]
        for name, parts in begun:
            if all(part in read.found for part in parts) and (places := list(_over_gaps(read, parts))):
                read.add(name, places, are_phrases=name not in self._context)
        return read

    def _read_word(self, word: str) -> tuple[tuple[str, ...], str]:
        tokens = tokens_of_word(word)
        return tokens, "".join(map(self._code, tokens))

    def _entries(self, tokens: list[str], codes: str) -> dict[Entry, list[Place]]:
        """Where each entry begins and ends, in order."""
        found: dict[Entry, list[Place]] = defaultdict(list)
        entries = self._plain_entries
        for index, start, end in self._plain_automaton.find_matches_as_indexes(codes, overlapping=True):
            found[entries[index]].append((start, end))
        if CODED_NUMBER.search(codes):
            with_any_number = CODED_NUMBER.sub(ANY_NUMBER, codes)
            for index, start, end in self._ranged_automaton.find_matches_as_indexes(with_any_number, overlapping=True):
                ranged = self._ranged_entries[index]
                for entry in ranged.allowing(*[tokens[end - place] for place in ranged.places]):
                    found[entry].append((start, end))
        return found

    def _meant(self, token: str) -> str:
        if len(token) < SHORTEST_MISSPELLED:
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


def _over_gaps(read: Read, parts: list[str]) -> Iterator[Place]:
    for start, end in read.words(parts[0]):
        for part in parts[1:]:
            later = read.words(part)
            index = bisect_left(later, (end, 0))
            if index == len(later) or not _is_gap(read, end, later[index][0]):
                break
            end = later[index][1]
        else:
            yield start, end


def _is_gap(read: Read, start: int, end: int) -> bool:
    return read.at[end] - read.at[start] <= GAP_WIDTH and MARKS.isdisjoint(read.tokens[start:end])


def _without_one(word: str) -> list[str]:
    """The word without one of its letters, but for the first, which is seldom wrong."""
    return [word[:i] + word[i + 1 :] for i in range(1, len(word))]


def _one_letter_less(words: Iterable[str]) -> dict[str, str]:
    shorter: dict[str, str] = {}
    for word in sorted(words):
        if word.isascii():
            shorter |= {less: word for less in (word, *_without_one(word)) if less not in shorter}
    return shorter
