"""What a text says of a word in it: that it is so, or that it is not, was long ago, may be one day, or is over.

The words that say so are data (rules/context.toml); how far each reaches is told here. No reach is longer than a
sentence or REACH, so that the work grows with the length of the text alone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable

from forum.safety.red_flags.lexicon import PART, Place, Read
from forum.safety.red_flags.tokens import SENTENCE_ENDS

COMMAS = frozenset(",:()")
CLAUSE_ENDS = SENTENCE_ENDS | COMMAS
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
    )
)
REACH = 80  # half words: forty words of English, eighty characters of Chinese
NOT_REACH, NO_REACH, AFTER_REACH, FEAR_REACH, OVER_REACH = 6, 20, 8, 30, 30
IN_A_LIST, LAST_OF_A_LIST = 10, 18  # items of "no fever, stiff neck, or rash"; the last one has an "or"


# What may be said of a token, as bits; none means that it is so.
NOT, PAST, PERHAPS, OVER = 1, 2, 4, 8


class Context:
    """What is said of each token of a text."""

    def __init__(self, read: Read) -> None:
        self.read = read
        self.said = [0] * (len(read.tokens) + 1)
        self.harmless = self._covered(["harmless"])
        # A phrase that is no more than such a word itself, in whatever group, changes nothing about it.
        self.told_by_itself = self._covered(
            (name for name in read.found if name not in GROUPS and not name.startswith(PART)),
            longer_than=set(read.words("no", "not", "absent", "over")),
        )
        self.turn_places = {place.start for place in read.words("turn")}
        self.turns = sorted(self.turn_places)
        self._stops: dict[frozenset[str], list[int]] = {}
        self.now = read.words("now")
        self._negate()
        self._put_off()
        self._date()
        self._end()

    def of(self, place: Place) -> int:
        """What is said of the beginning or of the end of it."""
        return self.said[place.start] | self.said[place.end - 1]

    def _covered(self, groups: Iterable[str], longer_than: Container[Place] = ()) -> set[int]:
        """The tokens of phrases: the "can't" of "can't breathe" says nothing of what comes after it."""
        rows = {id(row): row for name in groups for row in self.read.found.get(name, [])}
        phrases = (
            place for row in rows.values() for place in row if place[1] - place[0] > 1 and place not in longer_than
        )
        return {index for start, end in phrases for index in range(start, end)}

    def _live(self, *groups: str, but_not: Container[int] = ()) -> list[Place]:
        places = self.read.words(*groups)
        return [
            place
            for place in places
            if place.start not in self.harmless and not (place.start in but_not and place.end - 1 in but_not)
        ]

    def _mark(self, places: range, what: int) -> None:
        for index in places:
            self.said[index] |= what

    def _clear(self, places: range, what: int) -> None:
        for index in places:
            self.said[index] &= ~what

    def _ahead(self, start: int, reach: int, *, stops: frozenset[str] = SENTENCE_ENDS, turns: bool = False) -> range:
        """From `start` to the next stop, at most `reach`; with `turns` to a word that begins another thought."""
        at, marks = self.read.at, self._marks(stops)
        end = min(bisect_right(at, at[start] + reach, start), start + REACH, len(self.read.tokens))
        if (following := bisect_left(marks, start)) < len(marks):
            end = min(end, marks[following])
        if turns and (following := bisect_left(self.turns, start)) < len(self.turns):
            end = min(end, self.turns[following])
        return range(start, end)

    def _behind(self, end: int, reach: int, *, stops: frozenset[str] = SENTENCE_ENDS) -> range:
        at, marks = self.read.at, self._marks(stops)
        start = max(bisect_left(at, at[end] - reach, 0, end), end - REACH, 0)
        if before := bisect_left(marks, end):
            start = max(start, marks[before - 1] + 1)
        return range(start, end)

    def _marks(self, stops: frozenset[str]) -> list[int]:
        """Where one of `stops` stands, in order."""
        if stops not in self._stops:
            self._stops[stops] = [index for index, token in enumerate(self.read.tokens) if token in stops]
        return self._stops[stops]

    def _negate(self) -> None:
        for place in self._live("not", but_not=self.told_by_itself):
            self._mark(self._ahead(place.end, NOT_REACH, stops=CLAUSE_ENDS, turns=True), NOT)
        for place in self._live("no", but_not=self.told_by_itself):
            self._mark(self._list_ahead(place), NOT)
        ahead = {place.start for place in self.read.words("no", "not")}
        for place in self._live("absent", but_not=self.told_by_itself):
            if place.start in ahead and self._ahead(place.end, 1, stops=CLAUSE_ENDS):
                continue  # "bright red blood no pain": it is said of what follows
            self._mark(self._behind(place.start, AFTER_REACH, stops=CLAUSE_ENDS), NOT)

    def _list_ahead(self, place: Place) -> range:
        """What "no" denies: up to another thought, over commas only along a list of short items."""
        tokens, at = self.read.tokens, self.read.at
        end = place.end
        while True:
            end = self._ahead(end, NO_REACH, stops=CLAUSE_ENDS, turns=True).stop
            if end >= len(tokens) - 1 or tokens[end] != "," or not tokens[end - 1].isascii() or end - place.end > REACH:
                break
            item = self._ahead(end + 1, NO_REACH, stops=CLAUSE_ENDS)
            longest = LAST_OF_A_LIST if "or" in tokens[item.start : item.stop] else IN_A_LIST
            if not item or item.start in self.turn_places or at[item.stop] - at[item.start] > longest:
                break
            end += 1
        return range(place.end, end)

    def _put_off(self) -> None:
        for place in self._live("fear"):
            self._mark(self._ahead(place.end, FEAR_REACH, stops=CLAUSE_ENDS), PERHAPS)
        for place in self._live("question"):
            self._mark(self._ahead(place.start, FEAR_REACH), PERHAPS)
        for place in self._live("question_behind"):
            self._mark(self._behind(place.start, FEAR_REACH), PERHAPS)
        for place in self.now:
            self._clear(self._around(place), PERHAPS)
        for place in self._live("if"):
            self._mark(self._ahead(place.end, REACH), PERHAPS)
        supposed = {place.end - 1 for place in self.read.words("if", "fear", "question")}
        for place in self.read.words("asserted"):
            if place.start not in supposed and place.start - 1 not in supposed:
                self._clear(self._ahead(place.start, REACH), PERHAPS)

    def _around(self, place: Place) -> range:
        stops = CLAUSE_ENDS
        return range(self._behind(place.start, REACH, stops=stops).start, self._ahead(place.end, REACH).stop)

    def _date(self) -> None:
        stops = CLAUSE_ENDS
        for place in self._live("past"):
            before, after = self._behind(place.start, REACH, stops=stops), self._ahead(place.end, REACH, stops=stops)
            self._mark(range(before.start, after.stop), PAST)
        for place in self.now:
            self._clear(self._around(place), PAST)

    def _end(self) -> None:
        for place in self._live("over", but_not=self.told_by_itself):
            goes_on = place.end - 1 in self.harmless  # "she is gone all floppy"
            if not goes_on and not self.said[place.start] & NOT:
                self._mark(self._behind(place.start, OVER_REACH), OVER)
                self._mark(self._ahead(place.end, AFTER_REACH, turns=True), OVER)
