from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult, TaskResultStatus

from forum.articles.checking import check_due_links, note_links
from forum.articles.links import LinkAsker
from forum.articles.models import MachineDraft
from forum.articles.services import write_draft

# A task stops after so long and leaves the rest to the next one, so that nothing waits behind it.
SECONDS_A_TASK = 10
# Meanwhile no host is asked again.
PAUSE = timedelta(seconds=30)


@task()
def write_machine_draft(draft_id: int) -> None:
    """Write a draft that a doctor has asked for; harmless when repeated."""
    draft = MachineDraft.objects.select_related("draft__question__specialty").filter(pk=draft_id).first()
    if draft is not None:
        write_draft(draft)


@task(priority=-20)
def check_links() -> None:
    """Ask the addresses that More Info gives, each once a week, where the operator wants it."""
    if not settings.CHECK_LINKS:
        return
    note_links()
    if check_due_links(LinkAsker(), SECONDS_A_TASK) and not _waiting():
        check_links.using(run_after=timezone.now() + PAUSE).enqueue()


def check_links_if_not_waiting() -> None:
    """For workers, at their start and from time to time, and when addresses were typed."""
    if settings.CHECK_LINKS and not _waiting():
        check_links.enqueue()


def _waiting() -> bool:
    return DBTaskResult.objects.filter(task_path=check_links.module_path, status=TaskResultStatus.READY).exists()
