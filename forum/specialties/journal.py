"""The only way in which a merge of specialties changes rows: each change is written down, so that it can be undone."""

import json
from collections import defaultdict

from django.apps import apps
from django.db import connection, models

from forum.specialties.models import MergeStep, SpecialtyMerge
from forum.specialties.models.merge import StepAct

# The columns in the order of the table, the values as the database itself wrote them down.
BRING_BACK = "INSERT INTO {table} SELECT row.* FROM jsonb_populate_recordset(NULL::{table}, %s) AS row WHERE {known}"
KNOWN = "(row.{column} IS NULL OR EXISTS (SELECT FROM {table} there WHERE there.{key} = row.{column}))"


class Journal:
    """Moves, drops and makes rows; without a merge, nothing is written down."""

    def __init__(self, merge: SpecialtyMerge | None = None) -> None:
        self.merge = merge

    def move(self, rows: models.QuerySet, **to: models.Model) -> None:
        """Point the foreign key of all these rows at another object."""
        ((name, target),) = to.items()
        column = rows.model._meta.get_field(name).attname
        by_value = defaultdict(list)
        for key, value in rows.order_by("pk").select_for_update(of=["self"]).values_list("pk", column):
            by_value[value].append(key)
        for before, keys in by_value.items():
            self._write(rows.model, StepAct.MOVE, keys, column=column, before=before, after=target.pk)
            rows.model._base_manager.filter(pk__in=keys).update(**{column: target.pk})

    def drop(self, rows: models.QuerySet) -> None:
        """Delete these rows, and what links them with others."""
        for field in rows.model._meta.local_many_to_many:
            through = field.remote_field.through
            if through._meta.auto_created:
                self.drop(through._base_manager.filter(**{f"{field.m2m_field_name()}__in": rows.values("pk")}))
        self._drop(rows.model, dict.fromkeys(rows.values_list("pk", flat=True)))

    def drop_twins(self, rows: models.QuerySet, others: models.QuerySet, column: str) -> None:
        """Delete those of `rows` that have the same value in this column as one of the `others`, which stands in.

        They come back only while that one is there: somebody who ended it meant both.
        """
        standing = dict(others.values_list(column, "pk"))
        twins = rows.filter(**{f"{column}__in": others.values(column)}).values_list("pk", column)
        self._drop(rows.model, {key: standing[value] for key, value in twins}, column=column)

    def make(self, row: models.Model) -> None:
        """Store a new row."""
        row.save(force_insert=True)
        self._write(type(row), StepAct.MAKE, [row.pk])

    def _drop(self, model: type[models.Model], stand_ins: dict[int, int | None], *, column: str = "") -> None:
        if not stand_ins:
            return
        keys = sorted(stand_ins)
        rows = [{name: value for name, value in row.items() if name != column} for row in _as_they_are(model, keys)]
        standing = [stand_ins[key] for key in keys] if column else []
        self._write(model, StepAct.DROP, keys, rows=rows, column=column, stand_ins=standing)
        model._base_manager.filter(pk__in=keys).delete()

    def _write(self, model: type[models.Model], act: StepAct, keys: list[int], **fields) -> None:
        if self.merge:
            MergeStep.objects.create(merge=self.merge, table=model._meta.label_lower, act=act, keys=keys, **fields)


def undo_steps(merge: SpecialtyMerge) -> int:
    """Put back what still stands where the merge put it, last step first; how many rows were left as they are."""
    return sum(UNDO[step.act](apps.get_model(step.table), step) for step in merge.steps.order_by("-id"))


def _move_back(model: type[models.Model], step: MergeStep) -> int:
    target = model._meta.get_field(step.column).related_model
    rows = model._base_manager.filter(pk__in=step.keys, **{step.column: step.after})
    if not target._base_manager.filter(pk=step.before).exists():
        return len(step.keys)
    return len(step.keys) - rows.update(**{step.column: step.before})


def _bring_back(model: type[models.Model], step: MergeStep) -> int:
    rows = step.rows
    if step.column:
        shared = dict(model._base_manager.filter(pk__in=step.stand_ins).values_list("pk", step.column))
        pairs = zip(rows, step.stand_ins, strict=True)
        rows = [row | {step.column: shared[stand_in]} for row, stand_in in pairs if stand_in in shared]
    return len(step.keys) - _insert(model, rows)


def _take_away(model: type[models.Model], step: MergeStep) -> int:
    model._base_manager.filter(pk__in=step.keys).delete()
    return 0


UNDO = {StepAct.MOVE: _move_back, StepAct.DROP: _bring_back, StepAct.MAKE: _take_away}


def _as_they_are(model: type[models.Model], keys: list[int]) -> list[dict]:
    """Whole rows, by key, as the database writes them in JSON."""
    table, key = model._meta.db_table, model._meta.pk.column
    query = f"SELECT jsonb_agg(to_jsonb(there) ORDER BY {key}) FROM {table} there WHERE {key} = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(query, [keys])
        return json.loads(cursor.fetchone()[0] or "[]")


def _insert(model: type[models.Model], rows: list[dict]) -> int:
    """Store rows that were dropped, but none whose place was taken or whose other end has gone; how many came back."""
    foreign = [field for field in model._meta.local_concrete_fields if field.is_relation and field.db_constraint]
    known = [
        KNOWN.format(column=field.column, table=field.related_model._meta.db_table, key=field.target_field.column)
        for field in foreign
    ]
    query = BRING_BACK.format(table=model._meta.db_table, known=" AND ".join(known) or "TRUE")
    with connection.cursor() as cursor:
        cursor.execute(f"{query} ON CONFLICT DO NOTHING", [json.dumps(rows)])
        return cursor.rowcount
