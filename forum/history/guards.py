"""What keeps history as it was written: triggers for every table of it, and the indexes by which it is read."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models.fields.json import KeyTransform

# By this name the database knows what `forum.history.erasing` may erase from.
ERASABLE = "kept_but_for_erasure"


class Guard(pgtrigger.Trigger):
    """Refuses what is not an insert, in a function of its own: `pgtrigger.ignore` does not turn it off."""

    when = pgtrigger.Before
    func = "RETURN NULL;"  # pgtrigger wants one, which is never called

    def render_execute(self, model: type[models.Model]) -> str:
        return "public.history_guard()"


def guards(*, erasable: bool = False) -> list[Guard]:
    """The triggers of a table of history; of an `erasable` one the rules of `Rule` may take rows away."""
    return [
        Guard(name=ERASABLE if erasable else "kept", operation=pgtrigger.Update | pgtrigger.Delete),
        Guard(name="not_truncated", level=pgtrigger.Statement, operation=pgtrigger.Truncate),
    ]


def kept(*, erasable: bool = False, indexes: tuple[models.Index, ...] = ()) -> dict[str, Any]:
    """The `meta` of a pghistory event model: guarded, and found by time, by whoever did it, by what was done."""
    order = (models.F("pgh_created_at").desc(), models.F("pgh_id").desc())
    return {
        "triggers": guards(erasable=erasable),
        "indexes": [
            models.Index(*order, name="%(class)s_at"),
            models.Index(KeyTransform("by", "pgh_context"), *order, name="%(class)s_by"),
            models.Index(KeyTransform("act", "pgh_context"), *order, name="%(class)s_act"),
            *indexes,
        ],
    }
