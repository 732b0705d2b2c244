"""What a table of history is asked, and how it answers."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model, Q, QuerySet

from forum.moderation.history.entries import Entry, Place


@dataclass(frozen=True)
class Wanted:
    """What of history is asked for; what is empty does not matter. `words` are looked for in acts and reasons."""

    kind: str = ""
    act: str = ""
    person: int | None = None
    question: int | None = None
    specialty: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""


class Source:
    """A table of history: its key in addresses, its name, and the fields by which it is ordered."""

    key: str
    name: str
    at: str
    pk: str = "pk"

    def rows(self, wanted: Wanted) -> QuerySet:
        """Those that are wanted, in no order yet."""
        raise NotImplementedError

    def entries(self, rows: list[Model]) -> list[Entry]:
        raise NotImplementedError

    def newest_first(self, wanted: Wanted, after: Place | None = None) -> QuerySet:
        """The wanted rows that come after a place of the whole list."""
        rows = self.rows(wanted)
        if wanted.since:
            rows = rows.filter(**{f"{self.at}__gte": wanted.since})
        if wanted.until:
            rows = rows.filter(**{f"{self.at}__lt": wanted.until})
        if after:
            rows = rows.filter(self._after(after))
        return rows.order_by(f"-{self.at}", f"-{self.pk}")

    def place(self, row: Model) -> Place:
        return Place(getattr(row, self.at), self.key, row.pk)

    def _after(self, place: Place) -> Q:
        # The first bound is what the index serves.
        bound = Q(**{f"{self.at}__lte": place.at})
        if self.key > place.source:
            return bound
        same = Q(**{self.at: place.at, f"{self.pk}__lt": place.pk}) if self.key == place.source else Q(pk__in=[])
        return bound & (Q(**{f"{self.at}__lt": place.at}) | same)
