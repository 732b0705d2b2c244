"""What a text says of a word in it: that it is so, or that it is not, was long ago, may be one day, or is over.

The words that say so are data (rules/context.toml); how far each reaches is told here. No reach is longer than a
sentence or REACH, so that the work grows with the length of the text alone.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from forum.safety.chinese import HAN
from forum.safety.red_flags.lexicon import Place, Read
from forum.safety.red_flags.tokens import SENTENCE_ENDS

COMMAS = frozenset(",:()")
CLAUSE_ENDS = SENTENCE_ENDS | COMMAS
ANY_CLAUSE_END = re.compile(f"[{re.escape(''.join(sorted(CLAUSE_ENDS)))}]")
GROUPS = frozenset(
    (
        "turn",
        "now",
        "no",
        "not",
        "absent",
        "harmless",
        "past",
        "fear",
        "question",
        "question_behind",
        "if",
        "over",
        "as_it_is",
        "asserted",
        "or",
    )
)
DENYING = frozenset(("no", "not", "absent", "over"))
REACH = 80  # half words: forty words of English, eighty characters of Chinese
NOT_REACH, NO_REACH, AFTER_REACH, FEAR_REACH, OVER_REACH = 6, 20, 8, 30, 30
IN_A_LIST, LAST_OF_A_LIST = 10, 18  # items of "no fever, stiff neck, or rash"; the last one has an "or"


# What may be said of a token, as bits; none means that it is so.
NOT, PAST, PERHAPS, OVER = 1, 2, 4, 8
SAYING = {what: bytes(said | what for said in range(256)) for what in (NOT, PAST, PERHAPS, OVER)}
UNSAYING = {what: bytes(said & ~what for said in range(256)) for what in (PAST, PERHAPS)}

Span = tuple[int, int]  # from a token to another, or to itself: nothing


class Context:
    """What is said of each token of a text."""

    def __init__(self, read: Read) -> None:
        self.read = read
        self.said = bytearray(len(read.codes) + 1)
        self.harmless = self._covered(place for place in read.parts_too("harmless") if place[1] - place[0] > 1)
        self.told_by_itself = self._covered(read.hushing())
        self.turns = [start for start, _ in read.words("turn")]
        self.ors = [start for start, _ in read.words("or")]
        marks = [found.start() for found in ANY_CLAUSE_END.finditer(read.codes)]
        self._marks = {
            CLAUSE_ENDS: marks,
            SENTENCE_ENDS: [index for index in marks if read.codes[index] in SENTENCE_ENDS],
        }
        self.now = [self._around(place) for place in read.words("now")]
        self._so: dict[tuple[tuple[str, ...], int], list[Place]] = {}
        self._negate()
        self._put_off()
        self._date()
        self._end()

    def so(self, names: tuple[str, ...], although: int) -> list[Place]:
        """The places of these groups of whose beginning and end nothing is said but what is in `although`."""
        if (names, although) not in self._so:
            said, against = self.said, ~although
            self._so[names, although] = [
                place for place in self.read.words(*names) if not (said[place[0]] | said[place[1] - 1]) & against
            ]
        return self._so[names, although]

    def _covered(self, phrases: Iterable[Place]) -> bytearray:
        """By token whether it is in a phrase: the "can't" of "can't breathe" says nothing of what comes after it."""
        covered = bytearray(len(self.read.codes))
        all_covered = b"\1" * len(covered)
        for start, end in phrases:
            covered[start:end] = all_covered[start:end]
        return covered

    def _live(self, group: str, *, but_not: bytearray | None = None) -> list[Place]:
        return [
            (start, end)
            for start, end in self.read.words(group)
            if not self.harmless[start] and not (but_not and but_not[start] and but_not[end - 1])
        ]

    def _mark(self, span: Span, what: int) -> None:
        start, end = span
        self.said[start:end] = self.said[start:end].translate(SAYING[what])

    def _clear(self, span: Span, what: int) -> None:
        start, end = span
        self.said[start:end] = self.said[start:end].translate(UNSAYING[what])

    def _ahead(self, start: int, reach: int, *, stops: frozenset[str] = SENTENCE_ENDS, turns: bool = False) -> Span:
        """From `start` to the next stop, at most `reach`; with `turns` to a word that begins another thought."""
        at, marks = self.read.at, self._marks[stops]
        end = min(bisect_right(at, at[start] + reach, start), start + REACH, len(self.read.codes))
        if (following := bisect_left(marks, start)) < len(marks):
            end = min(end, marks[following])
        if turns and (following := bisect_left(self.turns, start)) < len(self.turns):
            end = min(end, self.turns[following])
        return start, end

    def _behind(self, end: int, reach: int, *, stops: frozenset[str] = SENTENCE_ENDS) -> Span:
        at, marks = self.read.at, self._marks[stops]
        start = max(bisect_left(at, at[end] - reach, 0, end), end - REACH, 0)
        if before := bisect_left(marks, end):
            start = max(start, marks[before - 1] + 1)
        return start, end

    def _negate(self) -> None:
        for _, end in self._live("not", but_not=self.told_by_itself):
            self._mark(self._ahead(end, NOT_REACH, stops=CLAUSE_ENDS, turns=True), NOT)
        for _, end in self._live("no", but_not=self.told_by_itself):
            self._mark(self._list_ahead(end), NOT)
        ahead = {start for start, _ in self.read.words("no", "not")}
        for start, end in self._live("absent", but_not=self.told_by_itself):
            following, last = self._ahead(end, 1, stops=CLAUSE_ENDS)
            if start in ahead and following < last:
                continue  # "bright red blood no pain": it is said of what follows
            self._mark(self._behind(start, AFTER_REACH, stops=CLAUSE_ENDS), NOT)

    def _list_ahead(self, start: int) -> Span:
        """What "no" denies: up to another thought, over commas only along a list of short items."""
        codes, at = self.read.codes, self.read.at
        end = start
        while True:
            end = self._ahead(end, NO_REACH, stops=CLAUSE_ENDS, turns=True)[1]
            if end >= len(codes) - 1 or codes[end] != "," or HAN.match(codes[end - 1]) or end - start > REACH:
                break
            item, next_item = self._ahead(end + 1, NO_REACH, stops=CLAUSE_ENDS)
            following = bisect_left(self.ors, item)
            is_last = following < len(self.ors) and self.ors[following] < next_item
            longest = LAST_OF_A_LIST if is_last else IN_A_LIST
            if item == next_item or item in self.turns or at[next_item] - at[item] > longest:
                break
            end += 1
        return start, end

    def _put_off(self) -> None:
        for _, end in self._live("fear"):
            self._mark(self._ahead(end, FEAR_REACH, stops=CLAUSE_ENDS), PERHAPS)
        for start, _ in self._live("question"):
            self._mark(self._ahead(start, FEAR_REACH), PERHAPS)
        for start, _ in self._live("question_behind"):
            self._mark(self._behind(start, FEAR_REACH), PERHAPS)
        for span in self.now:
            self._clear(span, PERHAPS)
        for _, end in self._live("if"):
            self._mark(self._ahead(end, REACH), PERHAPS)
        supposed = {end - 1 for _, end in self.read.words("if", "fear", "question")}
        for start, _ in self.read.words("asserted"):
            if start not in supposed and start - 1 not in supposed:
                self._clear(self._ahead(start, REACH), PERHAPS)

    def _around(self, place: Place) -> Span:
        return self._behind(place[0], REACH, stops=CLAUSE_ENDS)[0], self._ahead(place[1], REACH)[1]

    def _date(self) -> None:
        for start, end in self._live("past"):
            before, after = self._behind(start, REACH, stops=CLAUSE_ENDS), self._ahead(end, REACH, stops=CLAUSE_ENDS)
            self._mark((before[0], after[1]), PAST)
        for span in self.now:
            self._clear(span, PAST)

    def _end(self) -> None:
        for start, end in self._live("over", but_not=self.told_by_itself):
            goes_on = self.harmless[end - 1]  # "she is gone all floppy"
            if not goes_on and not self.said[start] & NOT:
                self._mark(self._behind(start, OVER_REACH), OVER)
                self._mark(self._ahead(end, AFTER_REACH, turns=True), OVER)
