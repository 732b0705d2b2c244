import time

from django_tasks import task
from django_tasks_db.models import DBTaskResult, TaskResultStatus

from forum.notifications.models import Notice
from forum.notifications.sending import send_next_notice

# A task stops after so long and leaves the rest to the next one, so that nothing waits behind it.
SECONDS_A_TASK = 10


@task()
def send_due_notices() -> None:
    """Send what is due, for ten seconds at most. A mail server that fails is left alone for the minute."""
    until = time.monotonic() + SECONDS_A_TASK
    while send_next_notice():
        if time.monotonic() > until:
            send_due_notices.enqueue()
            return


def send_due_if_not_waiting() -> None:
    """For workers, once a minute: what is to be tried again, reminders, daily mails."""
    waiting = DBTaskResult.objects.filter(task_path=send_due_notices.module_path, status=TaskResultStatus.READY)
    if Notice.objects.due().exists() and not waiting.exists():
        send_due_notices.enqueue()
