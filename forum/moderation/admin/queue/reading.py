"""The queue, a page at a time: from each kind as many as a page has, whatever their number."""

import heapq
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Q
from django.utils import timezone

from accounts.claims import CLAIMED_FOR, Claimable
from forum.moderation.admin.queue.kinds import KINDS, Kind, Shown

PAGE = 50
MOST_COUNTED = 1000
ORDER = list(KINDS)


@dataclass(frozen=True)
class Row:
    kind: Kind
    task: Claimable

    @property
    def key(self) -> str:
        """By which the forms of the queue name it."""
        return f"{self.kind.name}-{self.task.pk}"

    @property
    def place(self) -> tuple:
        """In the order of work."""
        return self.kind.rank_of(self.task), self.since, ORDER.index(self.kind.name), self.task.pk

    @property
    def since(self) -> datetime:
        return self.kind.since_of(self.task)

    @property
    def waited(self) -> timedelta:
        return timezone.now() - self.since

    @property
    def is_urgent(self) -> bool:
        return self.kind.rank_of(self.task) == 0

    @property
    def url(self) -> str:
        return self.kind.url(self.task)

    @property
    def shown(self) -> Shown:
        return self.kind.shown(self.task)

    @property
    def mark(self) -> str:
        """The place, for the address of the next page."""
        rank, since, order, pk = self.place
        return f"{rank}~{since.isoformat()}~{order}~{pk}"


def read_page(kinds: list[Kind], *, after: str = "", held_by=None) -> tuple[list[Row], bool]:
    """A page of these kinds behind the place `after`, of all or of those `held_by` an admin; whether there are more."""
    place = _place(after)
    rows = [[Row(kind, task) for task in _behind(kind, place, held_by)[: PAGE + 1]] for kind in kinds]
    page = list(islice(heapq.merge(*rows, key=lambda row: row.place), PAGE + 1))
    look_up(page)
    return page[:PAGE], len(page) > PAGE


def rows_named(keys: list[str], kinds: dict[str, Kind]) -> list[Row]:
    """Those of these keys that are open still, in the order of work; others are passed over."""
    wanted: dict[str, list[int]] = {}
    for key in keys[:PAGE]:
        name, _sign, number = key.partition("-")
        if name in kinds and number.isascii() and number.isdecimal() and len(number) < 19:
            wanted.setdefault(name, []).append(int(number))
    rows = [Row(kinds[name], task) for name, ids in wanted.items() for task in kinds[name].open().filter(pk__in=ids)]
    look_up(rows)
    return sorted(rows, key=lambda row: row.place)


def look_up(rows: list[Row]) -> None:
    """What is shown of each, kind by kind."""
    for kind in {row.kind for row in rows}:
        kind.look_up([row.task for row in rows if row.kind is kind])


def waiting() -> int:
    """How many tasks are open; of each kind not more than MOST_COUNTED are counted."""
    return sum(kind.open().order_by()[:MOST_COUNTED].count() for kind in KINDS.values())


def _behind(kind: Kind, place: tuple | None, held_by):
    tasks = kind.open()
    if held_by is not None:
        tasks = tasks.filter(claimed_by=held_by, claimed_at__gt=timezone.now() - CLAIMED_FOR)
    if place is None:
        return tasks
    rank, since, order, pk = place
    mine = ORDER.index(kind.name)
    same_moment = Q(pk__gt=pk) if mine == order else Q() if mine > order else None
    later = Q(**{f"{kind.since}__gt": since})
    if same_moment is not None:
        later |= Q(same_moment, **{kind.since: since})
    behind = Q(pk__in=[])
    for own, which in kind.ranks.items():
        if own >= rank:
            behind |= (which & later) if own == rank else (which or Q(pk__gt=0))
    return tasks.filter(behind)


def _place(after: str) -> tuple | None:
    """What `Row.mark` says; None, the beginning, for anything else."""
    try:
        rank, since, order, pk = after.split("~")
        moment = datetime.fromisoformat(since)
        place = int(rank), moment, int(order), int(pk)
    except ValueError:
        return None
    return place if moment.tzinfo and place[2] >= 0 and 0 <= place[3] < 2**63 else None
