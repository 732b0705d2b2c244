from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import total_ordering


class Who(StrEnum):
    """What somebody was to whatever they did. Askers stay unnamed, even where they are doctors or admins."""

    PATIENT = "patient"
    DOCTOR = "doctor"
    ADMIN = "admin"
    UNKNOWN = ""


@dataclass(frozen=True)
class Actor:
    """`name` is a doctor's, or an admin's address, which exports leave out."""

    role: Who = Who.UNKNOWN
    pk: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Change:
    """One field, from what to what; `long` of a text, which is compared on a page of its own and never listed."""

    what: str
    before: str = ""
    after: str = ""
    long: bool = False


@total_ordering
@dataclass(frozen=True)
class Place:
    """Where an entry stands in the order, newest first; sources and ids decide between those of one moment."""

    at: datetime
    source: str
    pk: int

    def __lt__(self, other: "Place") -> bool:
        if self.at != other.at:
            return self.at > other.at
        return (self.source, -self.pk) < (other.source, -other.pk)

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.source}~{self.pk}"

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """The place that `str` of one names; None where it is none."""
        try:
            at, source, pk = text.split("~")
            place = cls(datetime.fromisoformat(at), source, int(pk))
        except ValueError:
            return None
        return place if place.at.tzinfo and abs(place.pk) < 2**63 else None


@dataclass(frozen=True)
class Entry:
    """One thing that happened. Of the account `who` an `actor` is made for many entries at once (timeline.py).

    Where texts have changed, `compare` and `row` name the page on which its versions are compared.
    """

    place: Place
    kind: str
    act: str
    who: int | None = None
    by_asker: bool = False
    question: int | None = None
    thing: str = ""
    from_state: str = ""
    to_state: str = ""
    reason: str = ""
    changes: list[Change] = field(default_factory=list)
    compare: str = ""
    row: int | None = None
    actor: Actor = Actor()
