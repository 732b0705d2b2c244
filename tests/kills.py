"""An act in a process of its own that is killed, without a word of warning, behind any statement to the database."""

import os
import signal
import traceback
from collections.abc import Callable

from django.apps import apps
from django.db import connection

# What counts, remembers or was asked for in passing.
PASSING = ("session", "django_tasks_db", "pghistory", "shared_cache")


def killed_behind(number: int, act: Callable[[], object]) -> bool:
    """Whether the process came to its statement `number`, and was killed behind it; else the act was done.

    Statement 0 is the one before the first.
    """
    child = os.fork()
    if child == 0:
        _act_and_die(number, act)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the act failed in the process"
    return os.WIFSIGNALED(status)


def _act_and_die(number: int, act: Callable[[], object]) -> None:
    """Never comes back."""
    left = number

    def count(execute, *arguments):
        nonlocal left
        answer = execute(*arguments) if left else None
        if left <= 1:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return answer

    try:
        connection.connection = None  # the parent's, which goes on using it
        connection.ensure_connection()
        with connection.execute_wrapper(count):
            act()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def everything(*but: str) -> dict[str, list[tuple]]:
    """All rows of all tables of the site as text; without the columns that only count versions."""
    tables = [model for model in apps.get_models() if model._meta.app_label not in PASSING and _is_kept(model, but)]
    return {model._meta.label: sorted(_rows(model)) for model in tables}


def _is_kept(model, but: tuple[str, ...]) -> bool:
    return not (model.__name__.endswith("Event") or model.__name__ in ("DirectoryVersion", "Session", *but))


def _rows(model) -> list[str]:
    columns = [field.attname for field in model._meta.concrete_fields if field.attname != "version"]
    return [repr(row) for row in model._base_manager.values_list(*columns)]
