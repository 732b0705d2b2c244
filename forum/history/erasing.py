"""The ways in which history ends: each by a function of the database that leaves a row of `Erasure`.

An application that is not the owner of the tables can change nothing in them but through these (docs/operating.md).
"""

from collections.abc import Iterable

from django.db import connection, models

from forum.history.models import Rule


def erase_rows(model: type[models.Model], *, rule: Rule, pointer: str, ids: Iterable[int], question: int | None) -> int:
    """Delete the rows of an erasable table whose field `pointer` is one of `ids`; how many there were.

    Of decisions only those go that are about questions which were never public. `question` is named in the trace.
    """
    column = model._meta.get_field(pointer).column
    return _call("history_erase(%s, %s::regclass, %s, %s, %s)", rule, model._meta.db_table, column, list(ids), question)


def forget_actor(user_id: int, *, rule: Rule, question: int | None = None) -> int:
    """Take who did it out of all that an account has done, or out of what an asker did on this question of theirs.

    The rest of the rows stays. The database refuses it of an admin, and of a question that somebody else asked.
    """
    return _call("history_forget_actor(%s, %s, %s)", rule, user_id, question)


def forget_in_admin_log(user_id: int) -> int:
    """Rows that always name an account: Django's log by it or about it, decisions on it. Refused of an admin."""
    return _call("history_forget_in_admin_log(%s)", user_id)


def forget_red_flags(question: int) -> int:
    """Which red flags were found in the words of a question that was removed, as far as decisions tell."""
    return _call("history_forget_red_flags(%s)", question)


def _call(function: str, *arguments) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT public.{function}", arguments)
        return cursor.fetchone()[0]
