"""All sources as one list, newest first: a page of it, or all of it as a stream."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from django.db import transaction
from django.db.models import Model

from accounts.models import User
from forum.moderation.history.entries import Actor, Entry, Place, Who
from forum.moderation.history.source import Source, Wanted
from forum.moderation.history.sources import sources

PAGE = 50
# So many rows are read, and looked up what they refer to, at a time.
PIECE = 500
# Acts that nobody but the asker does; by the private link nobody is named.
BY_ASKERS = {
    *("ask", "edit", "answer_info", "withdraw", "follow_up", "read_advice", "helped", "unclear"),
    *("request_removal", "take_back_removal"),
}


def page_of(wanted: Wanted, after: Place | None = None) -> tuple[list[Entry], Place | None]:
    """What comes after a place, a page of it, and the place after which the next page begins: None at the end."""
    found = [
        (source.place(row), source, row)
        for source in _wanted_sources(wanted)
        for row in source.newest_first(wanted, after)[: PAGE + 1]
    ]
    found.sort(key=lambda each: each[0])
    entries = _entries(found[:PAGE])
    return entries, entries[-1].place if len(found) > PAGE else None


def stream(wanted: Wanted) -> Iterator[Entry]:
    """All that is wanted, read as it goes: the database holds the cursors, we a few times PIECE rows."""
    with transaction.atomic():
        rows = heapq.merge(*(_rows(source, wanted) for source in _wanted_sources(wanted)), key=lambda each: each[0])
        while piece := list(islice(rows, PIECE)):
            yield from _entries(piece)


def _wanted_sources(wanted: Wanted) -> list[Source]:
    return [source for source in sources().values() if wanted.kind in ("", source.key)]


def _rows(source: Source, wanted: Wanted) -> Iterator[tuple[Place, Source, Model]]:
    for row in source.newest_first(wanted).iterator(chunk_size=PIECE):
        yield source.place(row), source, row


def _entries(found: list[tuple[Place, Source, Model]]) -> list[Entry]:
    entries: list[Entry] = []
    for source in {source.key: source for _place, source, _row in found}.values():
        entries += source.entries([row for _place, other, row in found if other.key == source.key])
    actors = _actors(entry.who for entry in entries if entry.who and not entry.by_asker)
    named = [replace(entry, actor=_actor(entry, actors)) for entry in entries]
    return sorted(named, key=lambda entry: entry.place)


def _actors(ids: Iterable[int]) -> dict[int, Actor]:
    """Doctors and admins by account. Whoever is neither was a patient, and stays unnamed."""
    actors = {}
    accounts = User.objects.filter(pk__in=set(ids)).values_list("pk", "email", "is_staff", "doctor__name")
    for pk, email, is_staff, doctor in accounts:
        if doctor:
            actors[pk] = Actor(Who.DOCTOR, pk, doctor)
        else:
            actors[pk] = Actor(Who.ADMIN, pk, email) if is_staff else Actor(Who.PATIENT)
    return actors


def _actor(entry: Entry, actors: dict[int, Actor]) -> Actor:
    if entry.by_asker or (entry.who is None and entry.act in BY_ASKERS):
        return Actor(Who.PATIENT)
    return actors.get(entry.who, Actor())
