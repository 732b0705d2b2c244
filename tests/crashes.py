"""A process that is killed in the middle of an act, at each of its statements in turn."""

import os
import signal
from collections.abc import Callable, Iterator

from django.db import connection, connections, models


def kill_at_each_statement(act: Callable[[], object], most: int = 500) -> Iterator[int]:
    """Let a process of its own begin the act and be killed (SIGKILL) before its first statement, its second and so on.

    Gives the number of each, for the test to look at what is left. Ends once the act has come to its end, committed.
    """
    for number in range(1, most):
        connections.close_all()
        child = os.fork()
        if child == 0:
            _act_until(act, number)
        _pid, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0, "the act failed by itself"
            return
        assert os.WTERMSIG(status) == signal.SIGKILL
        yield number
    raise AssertionError(f"the act has more than {most} statements")


def _act_until(act: Callable[[], object], number: int) -> None:
    """In the child, which never returns to the test."""
    count = 0

    def count_down(execute, *args):
        nonlocal count
        count += 1
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*args)

    try:
        with connection.execute_wrapper(count_down):
            act()
        connections.close_all()
        os._exit(0)
    finally:
        os._exit(1)


def rows_of(*kinds: type[models.Model]) -> dict[str, list[tuple]]:
    """All that stands in the tables of these models."""
    return {kind.__name__: list(kind._base_manager.order_by("pk").values_list()) for kind in kinds}
