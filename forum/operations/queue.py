"""The queue of background tasks as an admin sees it: how long it is, what failed, and trying that again.

Of a task nothing is shown but its name, numbers it was given, and where it failed: the message of an exception can hold
what a patient wrote.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult, TaskResultStatus, get_date_max

from accounts.models import User
from forum.operations.models import Upkeep, UpkeepKind

FRAME = re.compile(r'^  File "([^"\n]+)", line (\d+), in (\w+)$', re.MULTILINE)
SHOWN_OF_A_KIND = 5
NAMES = {
    "forum.articles.tasks.check_links": _("Check the links of More Info"),
    "forum.articles.tasks.write_machine_draft": _("Draft a More Info"),
    "forum.moderation.tasks.count_weeks": _("Count the weeks for the figures"),
    "forum.notifications.tasks.send_due_notices": _("Send mails that are due"),
    "forum.search.tasks.catch_up": _("Complete the search index"),
    "forum.search.tasks.renew_similar_around": _("Find threads like one that changed"),
}
MOST_KINDS = 50


@dataclass(frozen=True)
class FailedTask:
    pk: str
    failed_at: datetime
    error: str
    place: str
    numbers: str


@dataclass(frozen=True)
class FailedKind:
    """The failed tasks of one name: how many there are, and the newest of them."""

    path: str
    number: int
    newest: list[FailedTask]

    @property
    def name(self) -> str:
        """In an admin's words; a task that has none, of other code perhaps, by its own name."""
        return str(NAMES.get(self.path, self.path.rpartition(".")[2]))


def failed_kinds() -> list[FailedKind]:
    """What failed within the week that results are kept, the kind that failed last first."""
    failed = DBTaskResult.objects.failed().order_by().values("task_path").annotate(last=Max("finished_at"))
    paths = failed.order_by("-last", "task_path").values_list("task_path", flat=True)[:MOST_KINDS]
    return [one_kind(failed_tasks(path=path)) for path in paths]


def one_kind(tasks: QuerySet) -> FailedKind | None:
    """Failed tasks of one name; None where there is none any more."""
    newest = list(tasks.order_by("-finished_at", "pk")[:SHOWN_OF_A_KIND])
    return FailedKind(newest[0].task_path, tasks.count(), [_shown(row) for row in newest]) if newest else None


def _shown(task: DBTaskResult) -> FailedTask:
    place = place_of(task.traceback)
    return FailedTask(str(task.pk), task.finished_at, task.exception_class_path, place, numbers_of(task.args_kwargs))


def place_of(traceback: str) -> str:
    """The last line of this project's own code that a traceback names; empty where it names none."""
    for path, line, function in reversed(FRAME.findall(traceback)):
        if Path(path).is_relative_to(settings.BASE_DIR):
            return f"{Path(path).relative_to(settings.BASE_DIR)}:{line} ({function})"
    return ""


def numbers_of(given: dict) -> str:
    """The numbers that a task was given, ids as a rule. Whatever else it was given is only counted."""
    named = [*enumerate(given["args"]), *given["kwargs"].items()]
    shown = [str(value) for _name, value in named if isinstance(value, int)]
    return ", ".join([*shown, *["…"] * (len(named) - len(shown))])


def failed_tasks(*, pk: str = "", path: str = "") -> QuerySet:
    """One failed task, or all of a kind."""
    failed = DBTaskResult.objects.failed()
    return failed.filter(pk=pk) if pk else failed.filter(task_path=path)


@transaction.atomic
def retry_failed(*, pk: str = "", path: str = "", by: User) -> int:
    """Put one failed task, or all of a kind, back into the queue; how many. Harmless when repeated: then it is 0."""
    rows = failed_tasks(pk=pk, path=path).select_for_update(skip_locked=True).order_by("pk")
    found = dict(rows.values_list("pk", "task_path"))
    if found:
        now = timezone.now()
        DBTaskResult.objects.filter(pk__in=found).update(
            status=TaskResultStatus.READY,
            enqueued_at=now,
            started_at=None,
            finished_at=None,
            run_after=get_date_max(),
            worker_ids=[],
            exception_class_path="",
            traceback="",
        )
        name = next(iter(found.values()))
        Upkeep.objects.create(kind=UpkeepKind.RETRY, by=by, what=name[:200], number=len(found))
    return len(found)
