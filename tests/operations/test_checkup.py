from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from forum.notifications.models import NoticeState
from forum.operations import checkup
from forum.operations.health import newest_migrations
from forum.operations.models import Upkeep, UpkeepKind, WorkerBeat
from forum.search import coverage
from forum.search.models import Embedding
from forum.search.services import forget_words
from tests.factories import NoticeFactory, TaskFactory, published_thread
from tests.meaning import WordEmbedder

pytestmark = pytest.mark.django_db

Usage = namedtuple("Usage", "total used free")
GB = 1024**3


def ago(**time) -> timezone.datetime:
    return timezone.now() - timedelta(**time)


def told(part) -> tuple[str, str, list[str]]:
    """State, words and rows; there is advice exactly where something is wrong."""
    finding = part()
    assert bool(finding.advice) == (finding.state != "well")
    return finding.state, finding.words.replace("\xa0", " "), [row.replace("\xa0", " ") for row in finding.rows]


def test_database_tells_its_version_and_size():
    state, words, _rows = told(checkup.database)

    assert state == "well"
    assert words.startswith("It answers: PostgreSQL 1")


def test_missing_migration_is_named():
    assert told(checkup.migrations)[0] == "well"
    newest = min(newest_migrations())
    MigrationRecorder(connection).record_unapplied(*newest)

    state, _words, rows = told(checkup.migrations)

    assert (state, rows) == ("now", [".".join(newest)])


@pytest.mark.parametrize(
    ("beats", "state", "words"),
    [
        ([0], "well", "1 worker is at work."),
        ([0, 1, 9000], "well", "2 workers are at work."),
        ([7200], "now", "The last one was heard 2 hours ago."),
        ([], "now", "No worker is at work: no mail goes out, and new threads get no similar threads."),
    ],
)
def test_worker_is_well_while_one_is_heard(beats, state, words):
    for number, seconds in enumerate(beats):
        WorkerBeat.objects.create(worker_id=str(number), beat_at=ago(seconds=seconds))

    finding = told(checkup.worker)

    assert finding[0] == state
    assert finding[1].endswith(words)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ([], ("well", "Nothing waits.", [])),
        ([3], ("well", "1 task waits, for 3 minutes.", [])),
        ([3, 60], ("soon", "2 tasks wait, the oldest for 1 hour.", [])),
    ],
)
def test_queue_tells_its_length_and_its_oldest_task(minutes, expected):
    TaskFactory(failed=True, enqueued_at=ago(days=2))
    TaskFactory(run_after=timezone.now() + timedelta(hours=1), enqueued_at=ago(days=2))
    for age in minutes:
        TaskFactory(enqueued_at=ago(minutes=age))

    assert told(checkup.queue) == expected


def test_failed_tasks_are_counted():
    assert told(checkup.failures) == ("well", "None within a week.", [])

    TaskFactory.create_batch(2, failed=True)

    assert told(checkup.failures) == ("soon", "2 failed within a week.", [])


def test_what_is_counted_is_counted_to_a_limit(monkeypatch):
    monkeypatch.setattr(checkup, "MOST_COUNTED", 2)
    TaskFactory.create_batch(4, failed=True)

    assert told(checkup.failures) == ("soon", "more than 2 failed within a week.", [])


def test_mail_is_well_while_nothing_is_late():
    NoticeFactory(due_at=ago(minutes=2))
    NoticeFactory(due_at=timezone.now() + timedelta(days=1))

    assert told(checkup.mail) == ("well", "1 due, the oldest for 2 minutes.", [])


def test_mail_that_is_late_needs_somebody_now():
    NoticeFactory(due_at=ago(hours=1))

    assert told(checkup.mail) == ("now", "1 due, the oldest for 1 hour.", [])


def test_mail_that_was_not_taken_tells_the_error_and_no_address():
    NoticeFactory(due_at=timezone.now() + timedelta(minutes=5), tries=1, last_error="SMTPServerDisconnected")
    NoticeFactory(state=NoticeState.GIVEN_UP, last_error="SMTPRecipientsRefused")

    assert told(checkup.mail) == (
        "soon",
        "Nothing is due.",
        [
            "Not taken by the mail server, and tried again: 1. The last error: SMTPServerDisconnected.",
            "Given up: 1.",
        ],
    )


def test_index_without_threads_is_well():
    assert told(checkup.index) == ("well", "There are no published threads yet.", [])


def test_index_tells_the_share_of_words_and_meanings(settings, monkeypatch):
    settings.EMBEDDERS = "*=none"
    monkeypatch.setattr(coverage, "embedder_for", lambda language: WordEmbedder() if language == "en" else None)
    threads = [published_thread() for _ in range(4)]
    forget_words([threads[0].pk])

    state, words, rows = told(checkup.index)

    assert (state, words) == ("soon", "75 % of the published threads are found by their words.")
    assert rows == ["en: 0 % are found by their meaning (words)."]
    assert not Embedding.objects.exists()


@pytest.mark.parametrize(("free", "state"), [(50 * GB, "well"), (4 * GB, "soon"), (GB // 2, "now")])
def test_disk_warns_before_it_is_full(monkeypatch, free, state):
    monkeypatch.setattr(checkup.shutil, "disk_usage", lambda path: Usage(100 * GB, 100 * GB - free, free))

    assert told(checkup.disk)[0] == state


@pytest.mark.parametrize(("days", "state"), [(None, "soon"), (1, "well"), (3, "soon")])
def test_backup_is_due_every_second_day(days, state):
    if days is not None:
        Upkeep.objects.create(kind=UpkeepKind.BACKUP, what="a.tar", number=2048, at=ago(days=days))

    assert told(checkup.backups)[0] == state


@pytest.mark.parametrize(
    ("drills", "state"),
    [([], "soon"), ([(1, True)], "well"), ([(100, True)], "soon"), ([(2, True), (1, False)], "now")],
)
def test_drill_is_due_every_quarter_and_must_not_fail(drills, state):
    for days, went_well in drills:
        Upkeep.objects.create(kind=UpkeepKind.DRILL, what="a.tar", number=9, at=ago(days=days), went_well=went_well)

    assert told(checkup.drills)[0] == state


@pytest.mark.parametrize(("number", "shown"), [(1.0, "100 %"), (0.99999, "99.9 %"), (0.5, "50 %"), (0.0, "0 %")])
def test_only_all_of_them_are_a_hundred_percent(number, shown):
    assert checkup.percent(number) == shown


def test_checkup_takes_a_fixed_number_of_queries(django_assert_max_num_queries):
    for _ in range(3):
        published_thread()
        TaskFactory()
        TaskFactory(failed=True)
        NoticeFactory()

    with django_assert_max_num_queries(25):
        checkup.checkup()
