"""Pages by place, not by number: page 5,000 costs what page 1 costs."""

import re
from dataclasses import dataclass

from django.http import HttpRequest

PAGE = 20
# A score of four decimals and the id of a thread.
FIT_PLACE = re.compile(r"([01](?:\.[0-9]{1,4})?)-([0-9]{1,18})")


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the addresses of its neighbours (empty where there are none)."""

    rows: list
    newer_url: str = ""
    older_url: str = ""

    @property
    def is_first(self) -> bool:
        return not self.newer_url


def parse_place(text: str) -> int | None:
    """The thread that an address names as a place in the order "newest first"; None where it names none.

    Only its id stands in addresses: when it was published to the second is told to nobody.
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def newest_first(request: HttpRequest, lists: list) -> Page:
    """One page of the published threads of these querysets together, newest first (`?after=` and `?before=`).

    Its rows are ids. Each queryset gives one page at most to the one query, so that a specialty with its children
    costs what a specialty does.
    """
    before = parse_place(request.GET.get("before", ""))
    after = parse_place(request.GET.get("after", ""))
    if before:
        parts = [questions.newer_than(before) for questions in lists]
    elif after:
        parts = [questions.older_than(after) for questions in lists]
    else:
        parts = [questions.newest_first() for questions in lists]
    first, *others = [part.values_list("published_at", "pk")[: PAGE + 1] for part in parts]
    places = sorted(first.union(*others, all=True) if others else first, reverse=not before)
    more, places = len(places) > PAGE, places[:PAGE]
    if before:
        places.reverse()
    has_newer, has_older = (more, bool(places)) if before else (bool(after and places), more)
    ids = [pk for _published_at, pk in places]
    return Page(
        ids,
        newer_url=f"?before={ids[0]}" if has_newer else "",
        older_url=f"?after={ids[-1]}" if has_older else "",
    )


def by_id(request: HttpRequest, rows, field: str = "pk") -> Page:
    """One page of a queryset in falling order of an id column, followed by `?after=`."""
    after = request.GET.get("after", "")
    rows = rows.order_by(f"-{field}")
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(**{f"{field}__lt": int(after)})
    found = list(rows[: PAGE + 1])
    older = f"?after={getattr(found[PAGE - 1], field)}" if len(found) > PAGE else ""
    return Page(found[:PAGE], newer_url="?" if after else "", older_url=older)


def best_first(request: HttpRequest, links) -> Page:
    """One page of a topic's threads (rows of QuestionTopic) by how well they fit it, followed by `?after=`."""
    after = FIT_PLACE.fullmatch(request.GET.get("after", ""))
    links = links.after(float(after[1]), int(after[2])) if after else links.best_first()
    found = list(links[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    older = f"?after={last.score or 0:.4f}-{last.question_id}" if last else ""
    return Page(found[:PAGE], newer_url="?" if after else "", older_url=older)
