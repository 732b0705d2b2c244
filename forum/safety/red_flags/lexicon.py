"""Where the words of the rules stand in a text.

All entries are looked for at once (Aho and Corasick 1975) in the text written as one character a token, and a gap looks
only for the nearest end of it: the work grows with the length of the text alone.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache, reduce
from itertools import chain
from operator import or_

from ahocorasick_rs import AhoCorasick

from forum.safety.red_flags.entries import ANY_NUMBER, Entries
from forum.safety.red_flags.tokens import ANY_WORD, MARKS, pieces_of, places_of, tokens_of_word

GAP_WIDTH = 8
# Group of phrases in which no shorter word is meant: hives (蕁麻疹) are not numb (麻).
WHOLE = "as_a_whole"
# A word that is one letter off one of these, and none of the words that the rules know, is taken for it.
SHORTEST_MISSPELLED = 6
UNKNOWN = "\ufffd"

Place = tuple[int, int]  # codes[start:end]


class Read:
    """A text as the rules see it: tokens, how far each is from the beginning, and where each group of words stands.

    `codes` are the tokens, one character each; marks and Chinese characters stand for themselves.
    `bits` tell which words that the signs ask for stand in it, whatever is said of them (Lexicon.bits).
    """

    def __init__(self, lexicon: "Lexicon", codes: str, at: list[int], found: dict[int, list[Place]]) -> None:
        self.codes = codes
        self.at = at
        self._lexicon = lexicon
        self._found, self._kinds = found, set(found)
        self._rows: dict[tuple[str, ...], list[Place]] = {}
        self._wholes = self._whole_phrases()
        begun = lexicon.begun_in(found)
        rows = {part: self._meant(found[part]) for part in set(chain.from_iterable(parts for _, parts in begun))}
        for kind, parts in begun:
            if places := self._over_gaps([rows[part] for part in parts]):
                found[kind].extend(places)
                self._kinds.add(kind)
        self._wholes = self._whole_phrases()  # with those that have a gap
        self.bits = lexicon.bits_of(found)

    def words(self, *names: str) -> list[Place]:
        """The places of all of these groups, in order, but where they are only part of a phrase meant as a whole."""
        if names not in self._rows:
            self._rows[names] = self._meant(sorted(self._places(self._lexicon.kinds_of(names))))
        return self._rows[names]

    def parts_too(self, name: str) -> Iterator[Place]:
        """The places of the group, in no order, parts of phrases among them."""
        return self._places(self._lexicon.kinds_of((name,)))

    def hushing(self) -> Iterator[Place]:
        """The places, in no order, of phrases that hush the denying words in them."""
        return self._places(self._lexicon.hushing)

    def _places(self, kinds: frozenset[int]) -> Iterator[Place]:
        return chain.from_iterable(map(self._found.__getitem__, self._kinds & kinds))

    def _meant(self, places: list[Place]) -> list[Place]:
        wholes = self._wholes
        return [place for place in places if place[0] not in wholes or not self._is_part(place)]

    def _is_part(self, place: Place) -> bool:
        whole = self._wholes[place[0]]
        return place[1] <= whole[1] and place != whole

    def _whole_phrases(self) -> dict[int, Place]:
        """By token the phrase that it is part of."""
        return {index: phrase for phrase in self.parts_too(WHOLE) for index in range(*phrase)}

    def _over_gaps(self, parts: list[list[Place]]) -> list[Place]:
        """From a place of the first part to one of the last, each no further than a gap behind the one before it."""
        first, *others = parts
        places = []
        for start, end in first:
            for later in others:
                index = bisect_left(later, (end, 0))
                if index == len(later) or not self._is_gap(end, later[index][0]):
                    break
                end = later[index][1]
            else:
                places.append((start, end))
        return places

    def _is_gap(self, start: int, end: int) -> bool:
        return self.at[end] - self.at[start] <= GAP_WIDTH and MARKS.isdisjoint(self.codes[start:end])


class Lexicon:
    """Groups of entries by name; those in `context` tell of other words, and are known only without a mistake.

    Those in `denying` say that something is not so, but not from within a phrase. The groups in a row of `asked` are
    those any of which a sign asks for.
    """

    def __init__(
        self,
        groups: dict[str, Iterable[str]],
        *,
        context: frozenset[str],
        denying: frozenset[str],
        asked: Iterable[tuple[str, ...]],
    ) -> None:
        entries = Entries(groups, context)
        kinds = entries.sort(denying)
        plain, ranged = entries.plain(), entries.ranged()
        self._codes = entries.codes
        self._misspelled = _one_letter_less(word for word in entries.meant if len(word) >= SHORTEST_MISSPELLED)
        self._names = [names for names, _ in kinds]
        self._bit = {names: 1 << bit for bit, names in enumerate(dict.fromkeys(asked))}
        self._bits = self._bits_by_kind()
        self.hushing = frozenset(kind for kind, (_, hushes) in enumerate(kinds) if hushes)
        self._over_gaps = entries.over_gaps()
        self._automaton = AhoCorasick([*plain, *ranged], store_patterns=False)
        # A row with numbers is of no kind until they are looked at.
        self._ranged = dict(enumerate(ranged.values(), len(kinds)))
        self._row_kinds = [*plain.values(), *self._ranged]
        self.kinds_of = cache(self._kinds_of)
        self._kinds_allowing = lru_cache(maxsize=20_000)(lambda row, *numbers: self._ranged[row].allowing(numbers))
        self._read_word = lru_cache(maxsize=20_000)(self._read_word)

    def _code(self, token: str) -> str:
        """The character that stands for a token."""
        if token.isdecimal():
            return ANY_NUMBER
        if token.isascii() and token.isalpha():
            return self._codes.get(token) or self._codes.get(self._meant(token), UNKNOWN)
        return token

    def _kinds_of(self, names: tuple[str, ...]) -> frozenset[int]:
        """The kinds of entry that stand in any of these groups."""
        return frozenset(kind for kind, names_of_it in enumerate(self._names) if not names_of_it.isdisjoint(names))

    def _bits_by_kind(self) -> list[int]:
        by_group: dict[str, int] = defaultdict(int)
        for names, bit in self._bit.items():
            for name in names:
                by_group[name] |= bit
        return [reduce(or_, map(by_group.__getitem__, names), 0) for names in self._names]

    def bits(self, asked: Iterable[tuple[str, ...]]) -> int:
        """A bit for each of these rows of groups."""
        return reduce(or_, map(self._bit.__getitem__, asked), 0)

    def bits_of(self, kinds: Iterable[int]) -> int:
        """The bits of the rows of groups in which any of these kinds stands."""
        return reduce(or_, map(self._bits.__getitem__, kinds), 0)

    def begun_in(self, found: dict[int, list[Place]]) -> list[tuple[int, list[int]]]:
        """The kinds of the entries with gaps of which every part stands in a text, and those parts."""
        begun = chain.from_iterable(map(self._over_gaps.__getitem__, found.keys() & self._over_gaps.keys()))
        return [(kind, parts) for kind, parts in begun if all(map(found.__contains__, parts))]

    def read(self, text: str) -> Read:
        """What stands in the text, and where."""
        codes: list[str] = []
        shapes: list[str] = []
        numbers: dict[int, str] = {}  # by place
        read = 0
        for characters, word in pieces_of(text):
            if characters:
                code = shape = characters
            else:
                code, shape, number = self._read_word(word)
                if number:
                    numbers[read] = number
            codes.append(code)
            shapes.append(shape)
            read += len(code)
        coded = "".join(codes)
        return Read(self, coded, places_of("".join(shapes)), self._found(coded, numbers))

    def _read_word(self, word: str) -> tuple[str, str, str]:
        """Its code or codes, their shape, and the number that it is."""
        tokens = tokens_of_word(word)
        number = tokens[0] if tokens[0].isdecimal() else ""
        return "".join(map(self._code, tokens)), ANY_WORD * len(tokens), number

    def _found(self, codes: str, numbers: dict[int, str]) -> dict[int, list[Place]]:
        """By kind where each entry without a gap begins and ends."""
        found: dict[int, list[Place]] = defaultdict(list)
        kinds = self._row_kinds
        for row, start, end in self._automaton.find_matches_as_indexes(codes, overlapping=True):
            found[kinds[row]].append((start, end))
        for row in found.keys() & self._ranged.keys():
            first, *others = self._ranged[row].places
            for start, end in found.pop(row):
                further = [numbers[start + place] for place in others] if others else ()
                for kind in self._kinds_allowing(row, numbers[start + first], *further):
                    found[kind].append((start, end))
        return found

    def _meant(self, token: str) -> str:
        if len(token) < SHORTEST_MISSPELLED:
            return token
        for shorter in (token, *_without_one(token)):
            if meant := self._misspelled.get(shorter):
                return meant
        return token


def _without_one(word: str) -> list[str]:
    """The word without one of its letters, but for the first, which is seldom wrong."""
    return [word[:i] + word[i + 1 :] for i in range(1, len(word))]


def _one_letter_less(words: Iterable[str]) -> dict[str, str]:
    shorter: dict[str, str] = {}
    for word in sorted(words):
        if word.isascii():
            shorter |= {less: word for less in (word, *_without_one(word)) if less not in shorter}
    return shorter
