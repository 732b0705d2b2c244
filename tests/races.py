"""Several threads at once, each with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections


def at_once(*acts: Callable) -> list:
    """What each act returned, or the exception it raised; all of them start at the same moment."""
    start = Barrier(len(acts), timeout=30)

    def run(act: Callable):
        try:
            connections["default"].ensure_connection()
            start.wait()
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
