"""The rules as they stand in rules/*.toml, read and checked once."""

import tomllib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path

from forum.safety.red_flags.context import DENYING, GROUPS, NOT, OVER, PAST, PERHAPS, Context
from forum.safety.red_flags.lexicon import WHOLE, Lexicon, Place, Read
from forum.safety.red_flags.tokens import SENTENCE_ENDS

FOLDER = Path(__file__).parent / "rules"
ALTHOUGH = {"not": NOT, "past": PAST, "perhaps": PERHAPS, "over": OVER}
NEAR, WITH, UNLESS = 12, 60, 40  # half words: how far apart the words of a sign may be


class Severity(StrEnum):
    """What is to be done at once: call an ambulance, or go to an emergency department without waiting."""

    CALL = "call"
    GO = "go"


@dataclass(frozen=True)
class Source:
    name: str
    url: str


@dataclass(frozen=True)
class Sign:
    """One way in which a condition shows: a word of each group of `near` close together in one sentence, in any order.

    Somewhere about it one of each of `companions`, and close to it nothing of `unless`. All of it must be said to be
    so; `although` names what may be said of it all the same, and `happened` the groups that may be over: a blow is.
    """

    near: tuple[tuple[str, ...], ...]
    companions: tuple[tuple[str, ...], ...] = ()
    unless: tuple[str, ...] = ()
    although: int = 0
    happened: frozenset[str] = frozenset()
    within: int = NEAR

    def is_in(self, read: Read, context: Context) -> bool:
        rows = [context.so(names, although) for names, although in self._near]
        if not all(rows):
            return False
        companions: list[list[Place]] = []  # those that a place was in need of
        for place in _together(read, rows, self.within):
            for index, (names, although) in enumerate(self._companions):
                if index == len(companions):
                    companions.append(context.so(names, although))
                    if not companions[index]:
                        return False
                if not _nearest(read, place, companions[index], WITH):
                    break
            else:
                # What is denied ("he has not been drinking") speaks against nothing.
                if not _nearest(read, place, context.so(self.unless, ~NOT), UNLESS):
                    return True
        return False

    @cached_property
    def _near(self) -> list[tuple[tuple[str, ...], int]]:
        return [(names, self._although(names)) for names in self.near]

    @cached_property
    def _companions(self) -> list[tuple[tuple[str, ...], int]]:
        return [(names, self._although(names)) for names in self.companions]

    def _although(self, names: tuple[str, ...]) -> int:
        return self.although | OVER if self.happened.issuperset(names) else self.although

    @property
    def asked(self) -> tuple[tuple[str, ...], ...]:
        return self.near + self.companions

    @property
    def words(self) -> set[str]:
        return {name for names in (*self.near, *self.companions, self.unless) for name in names}


def _together(read: Read, rows: list[list[Place]], within: int) -> Iterator[Place]:
    """Places of the first row that have one of each other row close by in the same sentence."""
    first, *others = rows
    shortest = min(others, key=len, default=first)
    # Most have none: that is soonest seen from the few of a short row.
    if len(shortest) < len(first) and not any(
        _nearest(read, place, first, within, in_sentence=True) for place in shortest
    ):
        return
    for place in first:
        start, end = place
        for row in others:
            other = _nearest(read, place, row, within, in_sentence=True)
            if other is None:
                break
            start, end = min(start, other[0]), max(end, other[1])
        else:
            yield start, end


def _nearest(read: Read, place: Place, row: list[Place], within: int, *, in_sentence: bool = False) -> Place | None:
    """One of the row that stands about the place, at most `within` apart from it."""
    at, (start, end) = read.at, place
    index = bisect_left(row, place)
    for other in row[index - 2 if index > 2 else 0 : index + 3]:
        first, last = other
        early, late = last if last < end else end, first if first > start else start
        if at[late] - at[early] <= within and not (
            in_sentence and early < late and not SENTENCE_ENDS.isdisjoint(read.codes[early:late])
        ):
            return other
    return None


@dataclass(frozen=True)
class Rule:
    """A condition, the signs any of which alarm, and where the rule comes from."""

    code: str
    severity: Severity
    source: Source
    signs: tuple[Sign, ...]


@dataclass(frozen=True)
class Rules:
    rules: tuple[Rule, ...]
    lexicon: Lexicon

    def possible(self, read: Read) -> Iterator[tuple[Rule, list[Sign]]]:
        """The rules with signs that there are words for, whatever is said of them, and those signs."""
        for rule, signs in self._needs:
            possible = [sign for sign, needed in signs if read.bits & needed == needed]
            if possible:
                yield rule, possible

    @cached_property
    def _needs(self) -> list[tuple[Rule, list[tuple[Sign, int]]]]:
        return [(rule, [(sign, self.lexicon.bits(sign.asked)) for sign in rule.signs]) for rule in self.rules]


@cache
def all_rules() -> Rules:
    """Every rule, those that want an ambulance first. Raises ValueError where a file says something it cannot mean."""
    files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))]
    groups: dict[str, list[str]] = {}
    for file in files:
        for name, entries in file.get("words", {}).items():
            if name in groups:
                raise ValueError(f"the words {name!r} are told twice")
            groups[name] = [*entries.get("en", []), *entries.get("zh", [])]
    rules = [_rule(fields) for file in files for fields in file.get("rules", [])]
    meant = {name for rule in rules for sign in rule.signs for name in sign.words} | GROUPS | {WHOLE}
    if unknown := meant - set(groups):
        raise ValueError(f"no words are told for {sorted(unknown)}")
    if unused := set(groups) - meant:
        raise ValueError(f"no sign names the words {sorted(unused)}")
    asked = [names for rule in rules for sign in rule.signs for names in sign.asked]
    lexicon = Lexicon(groups, context=GROUPS, denying=DENYING, asked=asked)
    return Rules(tuple(sorted(rules, key=lambda rule: rule.severity)), lexicon)


def _rule(fields: dict) -> Rule:
    signs = tuple(_sign(sign) for sign in fields["signs"])
    return Rule(fields["code"], Severity(fields["severity"]), Source(**fields["source"]), signs)


def _sign(fields: dict) -> Sign:
    unknown = set(fields) - {"near", "with", "unless", "although", "happened", "within"}
    if unknown:
        raise ValueError(f"a sign has no {sorted(unknown)}")
    return Sign(
        near=tuple(tuple(names.split("|")) for names in fields["near"]),
        companions=tuple(tuple(names.split("|")) for names in fields.get("with", [])),
        unless=tuple(fields.get("unless", [])),
        although=sum(ALTHOUGH[name] for name in fields.get("although", [])),
        happened=frozenset(fields.get("happened", [])),
        within=fields.get("within", NEAR),
    )
