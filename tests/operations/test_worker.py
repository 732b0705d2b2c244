import signal
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult, TaskResultStatus

from forum.notifications.tasks import send_due_notices
from forum.operations import heartbeat
from forum.operations.management.commands import db_worker
from forum.operations.models import WorkerBeat
from tests.factories import NoticeFactory, QuestionFactory, image_of

AGO = timezone.now() - timedelta(days=8)


def queued(status: TaskResultStatus, **fields) -> DBTaskResult:
    return DBTaskResult.objects.create(
        status=status, task_path="tasks.none", backend_name="default", args_kwargs={"args": [], "kwargs": {}}, **fields
    )


class Stopped(Exception):
    pass


@pytest.fixture
def beat_rounds(monkeypatch):
    """Runs a heartbeat in this thread for a number of beats, without the pauses between them."""

    def run(count: int) -> None:
        pauses = iter(range(count - 1))

        def sleep(_seconds):
            if next(pauses, None) is None:
                raise Stopped

        monkeypatch.setattr(heartbeat, "time", SimpleNamespace(sleep=sleep))
        monkeypatch.setattr(heartbeat, "connection", SimpleNamespace(close=lambda: None))
        with pytest.raises(Stopped):
            heartbeat.Heartbeat("worker").run()

    return run


@pytest.mark.django_db
def test_heartbeat_notes_the_worker_once_and_now(beat_rounds):
    WorkerBeat.objects.create(worker_id="worker", beat_at=AGO)

    beat_rounds(2)

    assert list(WorkerBeat.objects.well().values_list("worker_id", flat=True)) == ["worker"]


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", [True, False])
def test_heartbeat_has_links_checked_where_the_operator_wants_it(beat_rounds, settings, wanted):
    settings.CHECK_LINKS = wanted

    beat_rounds(1)

    assert DBTaskResult.objects.filter(task_path="forum.articles.tasks.check_links").count() == wanted


@pytest.mark.django_db
def test_heartbeat_outlives_the_database(beat_rounds, monkeypatch):
    answers = iter([OperationalError(), None])

    def beat(_queryset, worker_id):
        if error := next(answers):
            raise error

    monkeypatch.setattr("forum.operations.models.WorkerBeatQuerySet.beat", beat)

    beat_rounds(2)

    assert next(answers, "asked twice") == "asked twice"


@pytest.mark.django_db
def test_heartbeat_puts_the_queue_in_order(beat_rounds):
    old = queued(TaskResultStatus.SUCCESSFUL, finished_at=AGO)

    beat_rounds(heartbeat.BEATS_A_ROUND - 1)
    assert DBTaskResult.objects.filter(pk=old.pk).exists()

    beat_rounds(heartbeat.BEATS_A_ROUND)
    assert not DBTaskResult.objects.filter(pk=old.pk).exists()


@pytest.mark.django_db
def test_heartbeat_deletes_the_files_of_images_that_are_gone(beat_rounds):
    image = image_of(QuestionFactory())
    image.question.delete()

    beat_rounds(heartbeat.BEATS_A_ROUND)

    assert not image.path().exists()


@pytest.mark.django_db
def test_heartbeat_looks_once_a_minute_for_notices_that_are_due(beat_rounds):
    sending = DBTaskResult.objects.filter(task_path=send_due_notices.module_path)
    NoticeFactory()

    beat_rounds(heartbeat.BEATS_TO_NOTICES - 1)
    before = sending.count()
    beat_rounds(heartbeat.BEATS_TO_NOTICES)

    assert (before, sending.count()) == (0, 1)


@pytest.mark.django_db
def test_delete_old_records_keeps_what_is_recent_or_unfinished():
    now = timezone.now()
    kept = {
        queued(TaskResultStatus.FAILED, finished_at=now),
        queued(TaskResultStatus.READY, run_after=AGO),
        queued(TaskResultStatus.RUNNING, started_at=AGO),
    }
    queued(TaskResultStatus.FAILED, finished_at=AGO)
    WorkerBeat.objects.create(worker_id="old", beat_at=AGO)
    WorkerBeat.objects.create(worker_id="new", beat_at=now)

    heartbeat.delete_old_records()

    assert set(DBTaskResult.objects.all()) == kept
    assert [beat.worker_id for beat in WorkerBeat.objects.all()] == ["new"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("worker_ids", "status"),
    [
        (["dead"], TaskResultStatus.READY),
        (["dead", "alive"], TaskResultStatus.RUNNING),
        (["alive", "dead"], TaskResultStatus.READY),
        (["dead", "dead", "dead"], TaskResultStatus.FAILED),
    ],
)
def test_release_abandoned_tasks_judges_by_the_last_worker(worker_ids, status):
    WorkerBeat.objects.beat("alive")
    task = queued(TaskResultStatus.RUNNING, started_at=AGO, worker_ids=worker_ids)

    heartbeat.release_abandoned_tasks()

    task.refresh_from_db()
    assert task.status == status


@pytest.mark.django_db
def test_release_abandoned_tasks_gives_a_new_worker_time_to_beat():
    task = queued(TaskResultStatus.RUNNING, started_at=timezone.now(), worker_ids=["new"])

    heartbeat.release_abandoned_tasks()

    task.refresh_from_db()
    assert task.status == TaskResultStatus.RUNNING


def test_db_worker_beats_and_tries_again_when_the_database_is_away(monkeypatch):
    beating, runs = [], []

    def handle(_command, *, worker_id, **_options):
        runs.append(worker_id)
        if len(runs) == 1:
            raise OperationalError

    monkeypatch.setattr(db_worker.Heartbeat, "start", lambda thread: beating.append(thread.worker_id))
    monkeypatch.setattr(DatabaseWorker, "handle", handle)
    monkeypatch.setattr(db_worker, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(db_worker, "connection", SimpleNamespace(close=lambda: None))

    call_command("db_worker", worker_id="worker", reload=False)

    assert (beating, runs) == (["worker"], ["worker", "worker"])


def test_db_worker_asked_to_stop_at_a_task_does_not_wait_for_a_database_that_is_away(monkeypatch):
    monkeypatch.setattr(db_worker.Heartbeat, "start", lambda self: None)
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="worker",
        excluded_queue_names=[],
    )
    before = signal.getsignal(signal.SIGTERM)

    def run(_self, **_options):
        signal.signal(signal.SIGTERM, worker.shutdown)
        worker.running_task = True
        signal.raise_signal(signal.SIGTERM)
        raise OperationalError

    monkeypatch.setattr(DatabaseWorker, "handle", run)
    try:
        call_command("db_worker", worker_id="worker")
    finally:
        signal.signal(signal.SIGTERM, before)

    assert not worker.running
