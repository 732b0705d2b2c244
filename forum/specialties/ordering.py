"""The place of a specialty in the tree. Each act reads the tree as it stands then: none undoes what another did."""

import pghistory
from django.db import connection, models, transaction

from forum.specialties.models import Specialty


class TooDeep(ValueError):
    """There would be a third level; nothing was changed."""


class ChangedMeanwhile(Exception):
    """What the act was based on is no longer so; nothing was changed."""


class Way(models.TextChoices):
    UP = "up"
    DOWN = "down"
    IN = "in"
    OUT = "out"


def lock_tree() -> None:
    """Let nobody else change a specialty before this transaction ends. Reading, asking and answering go on."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE specialties_specialty IN SHARE ROW EXCLUSIVE MODE")


@transaction.atomic
def place_specialty(
    *, specialty: Specialty, by: models.Model, parent: Specialty | None = None, before: Specialty | None = None
) -> bool:
    """Put it under `parent` (none: at the top), in front of `before` (none: last). False where it stands there.

    Raises TooDeep, and ChangedMeanwhile where one of them has gone or `before` stands elsewhere by now.
    """
    lock_tree()
    known = Specialty.objects.in_bulk()
    if any(each and each.pk not in known for each in (specialty, parent, before)):
        raise ChangedMeanwhile
    here, parent = known[specialty.pk], parent and known[parent.pk]
    if parent and (parent == here or parent.parent_id or here.children.exists()):
        raise TooDeep
    row = [each for each in _siblings(parent) if each != here]
    if before and before not in row:
        raise ChangedMeanwhile
    row.insert(row.index(before) if before else len(row), here)
    if here.parent_id == (parent and parent.pk) and row == _siblings(parent):
        return False
    with pghistory.context(act="place", by=by.pk):
        _renumber(row, here, parent)
    return True


def _renumber(row: list[Specialty], here: Specialty, parent: Specialty | None) -> None:
    for position, each in enumerate(row):
        changed = {"position"} if each.position != position else set()
        each.position = position
        if each == here and here.parent_id != (parent and parent.pk):
            each.parent = parent
            changed.add("parent")
        if changed:
            each.save(update_fields=changed)


@transaction.atomic
def step_specialty(*, specialty: Specialty, by: models.Model, way: Way) -> bool:
    """One place up or down among those beside it, in under the one above it, or out to the top, behind its parent.

    False where that leads nowhere. Raises TooDeep, ChangedMeanwhile.
    """
    lock_tree()
    here = Specialty.objects.select_related("parent").filter(pk=specialty.pk).first()
    if here is None:
        raise ChangedMeanwhile
    to = _place_after(here, Way(way))
    return to is not None and place_specialty(specialty=here, by=by, **to)


def _place_after(here: Specialty, way: Way) -> dict | None:
    """Where a step leads; None where there is nothing in that direction."""
    row = _siblings(here.parent)
    at = row.index(here)
    if way == Way.OUT:
        return {"before": _next(_siblings(None), here.parent)} if here.parent else None
    if way == Way.DOWN:
        return {"parent": here.parent, "before": _next(row, row[at + 1])} if at + 1 < len(row) else None
    if at == 0:
        return None
    if way == Way.IN:
        return {"parent": row[at - 1]} if here.parent is None else None
    return {"parent": here.parent, "before": row[at - 1]}


def _siblings(parent: Specialty | None) -> list[Specialty]:
    return list(Specialty.objects.filter(parent=parent))


def _next(row: list[Specialty], specialty: Specialty) -> Specialty | None:
    behind = row[row.index(specialty) + 1 :]
    return behind[0] if behind else None
