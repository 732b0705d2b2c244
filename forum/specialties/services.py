from dataclasses import dataclass

import pghistory
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from forum.specialties.journal import Journal, undo_steps
from forum.specialties.models import MergeStep, Specialty, SpecialtyMerge, SpecialtyRedirect
from forum.specialties.ordering import lock_tree
from forum.specialties.slugs import unique_slug


class CannotUndo(Exception):
    """A merge stays as it is, for this `reason`: `late`, `target` (it has gone itself), `name` or `address` (taken)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Undone:
    """The specialty that came back, and how many rows others had moved or deleted meanwhile, which stay so."""

    specialty: Specialty
    left: int


@transaction.atomic
def add_specialty(*, by: models.Model, name: str, slug: str = "", **fields) -> Specialty:
    """Make one, closed for asking, as the last beside those under the same parent."""
    lock_tree()
    beside = Specialty.objects.filter(parent=fields.get("parent"))
    last = beside.aggregate(last=models.Max("position"))["last"]
    slug = slug or unique_slug(Specialty, name)
    place = {"position": 0 if last is None else last + 1, "is_open": False}
    specialty = Specialty.objects.create(name=name, slug=slug, **fields, **place)
    with pghistory.context(act="add", by=by.pk):
        pghistory.create_event(specialty, label="add")
    return specialty


@transaction.atomic
def edit_specialty(*, specialty: Specialty, by: models.Model, **fields) -> None:
    """Give it these values. Where the address changes, the one it had goes on leading to it."""
    lock_tree()
    current = Specialty.objects.get(pk=specialty.pk)
    changed = [name for name, value in fields.items() if getattr(current, name) != value]
    if not changed:
        return
    if "slug" in changed:
        SpecialtyRedirect.objects.update_or_create(old_slug=current.slug, defaults={"specialty": current})
        SpecialtyRedirect.objects.filter(old_slug=fields["slug"], specialty=current).delete()
    for name in changed:
        setattr(current, name, fields[name])
    with pghistory.context(act="edit", by=by.pk):
        current.save(update_fields=changed)


@transaction.atomic
def merge_specialty(*, source: Specialty, target: Specialty, by: models.Model | None = None) -> SpecialtyMerge:
    """Move all that points at `source` to `target`, then delete `source`; its address redirects to `target`.

    The relations are read from the models, so an app that adds one need not be named here. A related model whose rows
    may clash (unique together with the specialty) offers `move_to_specialty(source, target, journal)` on its queryset.

    Raises ValueError where the two are the same, or where children would end up on a third level.
    """
    lock_tree()
    locked = Specialty.objects.select_for_update().order_by("pk").in_bulk([source.pk, target.pk])
    if len(locked) != 2:
        raise ValueError("A specialty is merged into another one that exists.")
    source, target = locked[source.pk], locked[target.pk]
    if target.parent_id == source.pk or (target.parent_id and source.children.exists()):
        raise ValueError("Its sub-specialties would end up on a third level.")
    MergeStep.objects.exclude(merge__in=SpecialtyMerge.objects.undoable().values("pk")).delete()
    merge = SpecialtyMerge.objects.create(
        source_id=source.pk, name=source.name, target=target, target_name=target.name, made_by=by
    )
    with pghistory.context(act="merge", by=by and by.pk):
        _merge(source, target, Journal(merge))
    return merge


def _merge(source: Specialty, target: Specialty, journal: Journal) -> None:
    for relation in Specialty._meta.related_objects:
        _move(relation, source, target, journal)
    known = SpecialtyRedirect.objects.filter(old_slug=source.slug)
    if known.exists():
        journal.move(known, specialty=target)
    else:
        journal.make(SpecialtyRedirect(old_slug=source.slug, specialty=target))
    journal.drop(Specialty.objects.filter(pk=source.pk))


def _move(relation: models.ForeignObjectRel, source: Specialty, target: Specialty, journal: Journal) -> None:
    if relation.many_to_many:
        through, near = relation.through._base_manager, relation.field.m2m_reverse_field_name()
        rows, others = through.filter(**{near: source}), through.filter(**{near: target})
        journal.drop_twins(rows, others, f"{relation.field.m2m_field_name()}_id")
        journal.move(rows, **{near: target})
        return
    rows = relation.related_model._default_manager.filter(**{relation.field.name: source})
    if hasattr(rows, "move_to_specialty"):
        rows.move_to_specialty(source, target, journal)
    else:
        journal.move(rows, **{relation.field.name: target})


@transaction.atomic
def undo_merge(*, merge: SpecialtyMerge, by: models.Model) -> Undone | None:
    """Bring the specialty back with its address, and all that still stands where the merge put it; None when repeated.

    Raises CannotUndo.
    """
    lock_tree()
    merge = SpecialtyMerge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at:
        return None
    own = merge.steps.filter(table=Specialty._meta.label_lower, keys=[merge.source_id]).last()
    if own is None or timezone.now() > merge.undo_until:
        raise CannotUndo("late")
    if not Specialty.objects.filter(pk=merge.target_id).exists():
        raise CannotUndo("target")
    _make_room(own)
    with pghistory.context(act="undo_merge", by=by.pk):
        left = undo_steps(merge)
        specialty = Specialty.objects.get(pk=merge.source_id)
        pghistory.create_event(specialty, label="add")
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    merge.steps.all().delete()
    return Undone(specialty, left)


def _make_room(own: MergeStep) -> None:
    """See that the specialty can come back; at the top, where there is no place any more under what it was under."""
    (row,) = own.rows
    if Specialty.objects.alias(lower=Lower("name")).filter(lower=Lower(models.Value(row["name"]))).exists():
        raise CannotUndo("name")
    if Specialty.objects.filter(slug=row["slug"]).exists():
        raise CannotUndo("address")
    if row["parent_id"] and not Specialty.objects.filter(pk=row["parent_id"], parent=None).exists():
        row["parent_id"] = None
        own.save(update_fields=["rows"])
