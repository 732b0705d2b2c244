"""What became of rows: each event of the row history beside the next one, or beside the row as it stands now."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Field, ForeignKey, JSONField, Model, TextField
from django.utils.formats import localize
from django.utils.timezone import template_localtime

from forum.moderation.history.entries import Change
from forum.questions.models import QuestionWordsEvent


def changes_of(model: type[Model], rows: Iterable[Model]) -> dict[int, list[Change]]:
    """By event, in two queries and one more for each kind of thing that the fields refer to.

    `rows` are annotated with `later`, the event that followed on each. Only an update has changes: what was deleted, or
    noted as it was added, became nothing else.
    """
    rows = list(rows)
    events = model.objects.in_bulk([row.later for row in rows if row.later])
    last = [row.pgh_obj_id for row in rows if not row.later and _is_update(row)]
    fields = tracked_fields(model)
    stands = model.pgh_tracked_model._base_manager.only(*(field.name for field in fields))
    current = stands.in_bulk(last) if last else {}
    pairs = {row.pk: (row, events.get(row.later) or current.get(row.pgh_obj_id)) for row in rows}
    names = _names(fields, [each for pair in pairs.values() for each in pair if each is not None])
    return {pk: _changes(model, fields, names, *pair) for pk, pair in pairs.items()}


def tracked_fields(model: type[Model]) -> list[Field]:
    """What an event model keeps of its row, without what it says of itself."""
    return [field for field in model._meta.fields if not field.name.startswith("pgh_")]


def is_long(model: type[Model], field: Field) -> bool:
    """Words of patients are never listed, other texts are too long to be."""
    return model is QuestionWordsEvent or isinstance(field, TextField | JSONField)


def _is_update(row: Model) -> bool:
    return row.pgh_label.endswith("update")


def _changes(model: type[Model], fields: list[Field], names: dict, before: Model, after: Model | None) -> list[Change]:
    if after is None or not _is_update(before):
        return []
    return [
        Change(str(field.verbose_name), long=True)
        if is_long(model, field)
        else Change(str(field.verbose_name), *(_shown(field, row, names) for row in (before, after)))
        for field in fields
        if getattr(before, field.attname) != getattr(after, field.attname)
    ]


def _names(fields: list[Field], rows: list[Model]) -> dict[type[Model], dict[int, Model]]:
    """The things that the rows refer to, by kind and id."""
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for field in fields:
        if isinstance(field, ForeignKey):
            wanted[field.related_model] |= {getattr(row, field.attname) for row in rows} - {None}
    return {model: model._base_manager.in_bulk(ids) for model, ids in wanted.items() if ids}


def _shown(field: Field, row: Model, names: dict) -> str:
    value = getattr(row, field.attname)
    if value is None:
        return ""
    if isinstance(field, ForeignKey):
        return str(names.get(field.related_model, {}).get(value, f"#{value}"))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return str(localize(template_localtime(value)))
