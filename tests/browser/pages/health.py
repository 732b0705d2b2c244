"""The admins' page of the site's health."""

from datetime import timedelta

from django.utils import timezone

from forum.operations.models import Upkeep, UpkeepKind, WorkerBeat
from tests.browser.pages.opening import page_of
from tests.browser.pages.workplace import admins
from tests.browser.scenes import full_thread, open_clinic
from tests.factories import NoticeFactory, TaskFactory

LONG_AGO = timezone.now() - timedelta(days=400)


def much_is_wrong() -> None:
    full_thread(open_clinic())
    WorkerBeat.objects.create(worker_id="gone", beat_at=timezone.now() - timedelta(hours=2))
    TaskFactory(enqueued_at=LONG_AGO)
    TaskFactory.create_batch(7, failed=True)
    NoticeFactory(due_at=LONG_AGO, tries=2, last_error="ConnectionRefusedError")
    Upkeep.objects.create(kind=UpkeepKind.BACKUP, what=f"{'long-name-' * 12}.tar", number=10**9, at=LONG_AGO)
    Upkeep.objects.create(kind=UpkeepKind.DRILL, what="consilium.tar", number=5, at=LONG_AGO, went_well=False)


@page_of
def health_with_much_wrong(window):
    much_is_wrong()
    return admins(window, "/admin/health/")


@page_of
def health_well(window):
    WorkerBeat.objects.beat("worker")
    Upkeep.objects.create(kind=UpkeepKind.BACKUP, what="consilium.tar", number=10**6)
    Upkeep.objects.create(kind=UpkeepKind.DRILL, what="consilium.tar", number=1234)
    return admins(window, "/admin/health/")


@page_of
def health_about_to_retry(window):
    much_is_wrong()
    page = admins(window, "/admin/health/")
    with page.expect_navigation():
        page.get_by_role("link", name="Try all 7 of “Find threads like one that changed” again").click()
    return page
