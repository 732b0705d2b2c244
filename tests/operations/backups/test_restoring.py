"""Backups restored, into data directories and a PostgreSQL of their own."""

import fcntl
import io
import signal
import stat
from contextlib import closing

import psycopg2
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from config.database import socket_dir
from forum.operations.backups.archive import DUMP, Reader
from forum.operations.backups.errors import BackupError
from forum.operations.backups.loading import load
from forum.operations.backups.restoring import check_target
from forum.questions.models import Question
from forum.search import embedding
from forum.specialties.models import Specialty
from tests.factories import QuestionFactory, SpecialtyFactory, image_of
from tests.meaning import WordEmbedder
from tests.operations.backups.sites import KILLED, committed, manage

# What must be true of a restored site, asked in a process of its own.
LOOK = """
from django.db import DatabaseError, connection
from forum.questions.models import Question
from forum.replies.models import ReplyEvent
from forum.specialties.models import Specialty
def refused(act):
    try:
        act()
    except DatabaseError as error:
        return "history is append-only" in str(error)
print(Question.objects.count(), refused(lambda: ReplyEvent.objects.update(text="x")))
print(Specialty.objects.create(name="N", slug="n").name)
with connection.cursor() as cursor:
    cursor.execute("SELECT bool_or(has_function_privilege('public', oid, 'EXECUTE')) FROM pg_proc WHERE prosecdef")
    print(cursor.fetchone()[0])
"""


@committed
def test_demo_restored_elsewhere_exports_the_same_bytes(tmp_path, there, monkeypatch):
    call_command("load_demo", verbosity=0)
    monkeypatch.setattr(embedding, "embedder_for", lambda language: WordEmbedder())
    embedding.embed_questions(Question.objects.published().values_list("pk", flat=True))
    image = image_of(QuestionFactory())
    reply = Question.objects.published().first().replies.first()
    reply.text += " Rest."
    reply.save()
    call_command("export_archive", str(tmp_path / "before.jsonl"))
    call_command("backup", str(tmp_path / "a.tar"), stdout=io.StringIO())

    restored = manage("restore", str(tmp_path / "a.tar"), data_dir=there)
    assert restored.returncode == 0, restored.stderr

    exported = manage("export_archive", str(tmp_path / "after.jsonl"), data_dir=there)
    assert exported.returncode == 0, exported.stderr
    assert (tmp_path / "after.jsonl").read_bytes() == (tmp_path / "before.jsonl").read_bytes()
    file = there / "uploads" / image.path().relative_to(default_storage.location)
    assert file.read_bytes() == image.path().read_bytes()
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)
    looked = manage("shell", "--no-imports", "-c", LOOK, data_dir=there)
    assert looked.stdout.split() == [str(Question.objects.count()), "True", "N", "False"], looked.stderr


def call_command_exits(status: int, *arguments, **options) -> None:
    with pytest.raises(SystemExit) as left:
        call_command(*arguments, **options)
    assert left.value.code == status


@committed
def test_database_that_is_not_empty_is_refused(backup):
    with pytest.raises(BackupError, match=r"The database is not empty: it has \d+ tables. --replace empties it first."):
        check_target(Reader(backup), replace=False)


@committed
def test_dump_that_breaks_off_leaves_the_database_as_it_was(backup):
    dump = Reader(backup).read(DUMP)
    SpecialtyFactory(name="Came later")

    with pytest.raises(BackupError, match=r"The dump cannot be read: .* The database is as it was\."):
        load(io.BytesIO(dump[: len(dump) - 2000]), dumped_by=18, replace=True)

    assert Specialty.objects.filter(name="Came later").exists()


@committed
def test_dump_that_the_database_refuses_leaves_it_as_it_was(backup):
    SpecialtyFactory(name="Came later")

    with pytest.raises(BackupError, match=r'The database refused the backup: ERROR: +\w+ "\w+" already exists'):
        load(io.BytesIO(Reader(backup).read(DUMP)), dumped_by=18, replace=False)

    assert Specialty.objects.filter(name="Came later").exists()


def test_restore_that_was_killed_leaves_the_old_site_or_the_new_one(backup, there):
    def kill_at(step: str) -> int:
        """How many tables are there after a restore that was killed when it came to this."""
        killed = manage(step, "restore", str(backup), data_dir=there, code=KILLED)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        sockets = socket_dir(there / "postgres")  # its server was left running
        at = psycopg2.connect(host=str(sockets), user="postgres", dbname="consilium")
        with closing(at), at.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            return cursor.fetchone()[0]

    assert (kill_at("restoring.load"), kill_at("loading._statements")) == (0, 0)
    assert kill_at("restoring.prove") > 50

    refused = manage("restore", str(backup), data_dir=there)
    assert refused.stderr.endswith("tables. --replace empties it first.\n")
    (there / "uploads" / "left over").write_text("x")
    done = manage("restore", str(backup), "--replace", data_dir=there)
    assert done.returncode == 0, done.stderr
    assert not (there / "uploads" / "left over").exists()
    assert len(list((there / "uploads").rglob("*.jpg"))) == 2


def test_restore_beside_a_running_serve_is_refused(backup, settings):
    with (settings.DATA_DIR / "serve.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(CommandError, match=r"Another serve is running on the data directory .* Stop it first."):
            call_command("restore", str(backup))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"into": "postgresql://localhost/other"}, "Say with --data-dir where the uploads go."),
        ({"drill": True, "replace": True}, "--drill takes no --into and no --replace."),
    ],
)
def test_unclear_restore_is_refused(tmp_path, options, words):
    with pytest.raises(CommandError, match=words):
        call_command("restore", str(tmp_path / "a.tar"), **options)


def test_production_is_restored_into_a_server_that_is_named(tmp_path, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="In production mode --into takes a postgresql://"):
        call_command("restore", str(tmp_path / "a.tar"), into=str(tmp_path / "there"))
