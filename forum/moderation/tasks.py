"""The worker's part in the figures. At a low priority: what people wait for comes first."""

import time

from django_tasks import task
from django_tasks_db.models import DBTaskResult, TaskResultStatus

from forum.moderation.figures.counting import count_week, weeks_to_count

# A task stops after so long and leaves the rest to the next one, so that nothing waits behind it.
SECONDS_A_TASK = 10


@task(priority=-20)
def count_weeks() -> None:
    """Count the weeks that are due, newest first: every one once a night, the current ones each hour."""
    until = time.monotonic() + SECONDS_A_TASK
    for week in weeks_to_count():
        count_week(week)
        if time.monotonic() > until:
            count_weeks.enqueue()
            return


def count_weeks_if_not_waiting() -> None:
    """For workers, at their start and once an hour."""
    if not DBTaskResult.objects.filter(task_path=count_weeks.module_path, status=TaskResultStatus.READY).exists():
        count_weeks.enqueue()
