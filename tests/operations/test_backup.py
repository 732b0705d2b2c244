"""Backups as an operator makes and restores them: real dumps of the test database, restored into data directories."""

import errno
import fcntl
import io
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from config.database import discard_cluster, socket_dir
from forum.operations.backups import drilling, making
from forum.operations.backups.archive import DUMP, MANIFEST, UPLOADS, Manifest, Reader
from forum.operations.backups.errors import BackupError
from forum.operations.backups.loading import load
from forum.operations.backups.making import files_kept, key_fingerprint, make_backup
from forum.operations.backups.programs import complaint, program
from forum.operations.backups.progress import Progress
from forum.operations.backups.proof import Proof
from forum.operations.backups.restoring import check_backup, check_target
from forum.operations.models import Upkeep
from forum.questions.models import DiscardedImage, Question
from forum.search import embedding
from forum.specialties.models import Specialty
from tests.factories import QuestionFactory, SpecialtyFactory, image_of
from tests.meaning import WordEmbedder
from tests.races import at_once

committed = pytest.mark.django_db(transaction=True)

# What must be true of a restored site, asked in a process of its own.
LOOK = """
from django.db import DatabaseError, connection
from django.conf import settings
from forum.questions.models import Question
from forum.replies.models import ReplyEvent
from forum.specialties.models import Specialty
def refused(act):
    try:
        act()
    except DatabaseError as error:
        return "append_only" in str(error)
print(Question.objects.count(), refused(lambda: ReplyEvent.objects.update(text="x")))
print(Specialty.objects.create(name="N", slug="n").name)
"""
# Runs a command that is killed as soon as it calls a function.
KILLED = """
import os, signal, sys
from importlib import import_module
import django
django.setup()
from django.core.management import call_command
module, _, name = sys.argv[1].rpartition(".")
setattr(import_module(f"forum.operations.backups.{module}"), name, lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL))
call_command(*sys.argv[2:])
"""


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory) -> Path:
    """A backup of a question with an image, and its file; the database is empty afterwards."""
    directory = tmp_path_factory.mktemp("made")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=directory / "uploads"):
        image_of(QuestionFactory())
        call_command("backup", str(directory / "a.tar"), stdout=io.StringIO())
        call_command("flush", interactive=False, verbosity=0)
        connection.close()
    return directory / "a.tar"


@pytest.fixture
def backup(made, tmp_path) -> Path:
    return Path(shutil.copy(made, tmp_path))


@pytest.fixture
def there() -> Iterator[Path]:
    """A directory for a site. Not pytest's: below those the user whom PostgreSQL runs as is not let in."""
    path = Path(tempfile.mkdtemp(prefix="consilium-there-"))
    yield path
    discard_cluster(path / "postgres")
    shutil.rmtree(path)


def environment(data_dir: Path | None = None) -> dict[str, str]:
    """That of a process at the test database, or at the bundled one of a data directory."""
    given = connection.settings_dict
    here = f"postgresql://{given['USER']}@/{given['NAME']}?host={quote(given['HOST'])}&port={given['PORT']}"
    address = {"DATABASE_URL": "", "CONSILIUM_DATA_DIR": str(data_dir)} if data_dir else {"DATABASE_URL": here}
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "CONSILIUM_EMBEDDERS": "*=none", **address}


def manage(*arguments: str, data_dir: Path, code: str = "") -> subprocess.CompletedProcess:
    command = [sys.executable, *(["-c", code] if code else ["manage.py"]), *arguments]
    options = {"cwd": settings.BASE_DIR, "env": environment(data_dir), "capture_output": True, "text": True}
    return subprocess.run(command, **options, check=False)


def rewritten(backup: Path, change) -> Path:
    """A copy whose manifest was changed."""
    other = backup.with_name("other.tar")
    with tarfile.open(backup) as old, tarfile.open(other, "w") as new:
        for member in old.getmembers():
            contents = old.extractfile(member).read()
            if member.name == MANIFEST:
                fields = json.loads(contents)
                change(fields)
                contents = json.dumps(fields).encode()
                member.size = len(contents)
            new.addfile(member, io.BytesIO(contents))
    return other


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

    call_command_exits(0, "restore", str(tmp_path / "a.tar"), into=str(there))

    exported = manage("export_archive", str(tmp_path / "after.jsonl"), data_dir=there)
    assert exported.returncode == 0, exported.stderr
    assert (tmp_path / "after.jsonl").read_bytes() == (tmp_path / "before.jsonl").read_bytes()
    file = there / "uploads" / image.path().relative_to(default_storage.location)
    assert file.read_bytes() == image.path().read_bytes()
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)
    looked = manage("shell", "--no-imports", "-c", LOOK, data_dir=there)
    assert looked.stdout.split() == [str(Question.objects.count()), "True", "N"], looked.stderr


def call_command_exits(status: int, *arguments, **options) -> None:
    with pytest.raises(SystemExit) as left:
        call_command(*arguments, **options)
    assert left.value.code == status


def test_backup_is_for_its_owner_alone_and_complete(made, backup):
    with tarfile.open(backup) as tar:
        names = tar.getnames()
    manifest = Reader(backup).manifest

    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert (names[0], names[-1], len(names)) == (DUMP, MANIFEST, 4)
    assert manifest.proof.tables["public.questions_question"][0] == 1
    assert set(manifest.proof.extensions) == {"pg_trgm", "vector"}
    assert manifest.proof.objects["triggers"] > 0


def test_backup_holds_no_key_and_no_sessions(backup, settings):
    manifest = Reader(backup).manifest

    assert manifest.key == key_fingerprint()
    assert settings.SECRET_KEY.encode() not in backup.read_bytes()
    assert "public.django_session" not in manifest.proof.tables
    settings.SECRET_KEY = "another-key"
    assert manifest.key != key_fingerprint()


@committed
def test_backup_into_a_directory_is_named_after_the_moment(tmp_path):
    out = io.StringIO()

    call_command("backup", str(tmp_path), stdout=out)

    (name,) = (path.name for path in tmp_path.glob("*.tar"))
    assert name.startswith("consilium-2")
    assert f"{tmp_path / name}: " in out.getvalue()
    assert [(row.kind, row.what) for row in Upkeep.objects.all()] == [("backup", name)]


def test_backup_does_not_touch_what_is_there(backup):
    before = backup.read_bytes()

    with pytest.raises(CommandError, match=r"exists\. Choose another name\."):
        call_command("backup", str(backup))

    assert backup.read_bytes() == before


def test_backup_to_nowhere_is_refused(tmp_path):
    with pytest.raises(CommandError, match=rf"There is no directory {tmp_path}/none\."):
        call_command("backup", str(tmp_path / "none" / "a.tar"))


@committed
def test_backup_on_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    def full(*_given):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(making, "_add_uploads", full)

    with pytest.raises(CommandError, match=r"No space left on device. No backup was made."):
        call_command("backup", str(tmp_path / "a.tar"))

    assert list(tmp_path.iterdir()) == []
    assert not Upkeep.objects.exists()


@committed
def test_dump_that_fails_midway_leaves_nothing(tmp_path, monkeypatch):
    pg_dump = tmp_path / "pg_dump"
    pg_dump.write_text('#!/bin/sh\necho half; echo "pg_dump: error: it broke" >&2; echo "DETAIL: secret" >&2; exit 1\n')
    pg_dump.chmod(0o700)
    monkeypatch.setattr(making, "program", lambda name, at_least: str(pg_dump))

    with pytest.raises(CommandError, match=r"^pg_dump failed: it broke\. No backup was made\.$"):
        call_command("backup", str(tmp_path / "a.tar"))

    assert list(tmp_path.iterdir()) == [pg_dump]


@committed
def test_backup_that_was_killed_leaves_no_name_and_the_next_one_clears_up(tmp_path):
    command = [sys.executable, "-c", KILLED, "making._add_uploads", "backup", str(tmp_path / "a.tar")]

    killed = subprocess.run(command, cwd=settings.BASE_DIR, env=environment(), check=False, capture_output=True)

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    (left,) = tmp_path.iterdir()
    assert left.name.endswith(".unfinished-backup")
    call_command("backup", str(tmp_path / "b.tar"), stdout=io.StringIO())
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["b.tar"]


@committed
def test_backup_warns_of_uploads_that_are_missing(tmp_path):
    image = image_of(QuestionFactory())
    image.path().unlink()
    errors = io.StringIO()

    call_command("backup", str(tmp_path / "a.tar"), stdout=io.StringIO(), stderr=errors)

    assert errors.getvalue().startswith("Warning: 1 uploads that the database knows are not in the folder")


@committed
def test_backup_and_drill_agree_while_the_site_serves(tmp_path, there):
    """What comes in between is in neither the counts, the dump nor the uploads."""
    image_of(QuestionFactory())

    class Busy(Progress):
        def tables(self, names):
            at_once(lambda: image_of(QuestionFactory()))
            return super().tables(names)

    path, manifest, missing = make_backup(tmp_path / "a.tar", Busy())
    drilling.drill(path, within=there)

    assert (manifest.proof.tables["public.questions_question"][0], Question.objects.count()) == (1, 2)
    assert (len(manifest.uploads), missing) == (2, [])
    assert [(row.kind, row.went_well) for row in Upkeep.objects.order_by("pk")] == [("backup", True), ("drill", True)]
    assert list(there.iterdir()) == []


@committed
def test_no_file_is_deleted_while_a_backup_copies():
    image = image_of(QuestionFactory())
    path = image.path()
    image.question.delete()

    with files_kept():
        at_once(DiscardedImage.objects.delete_files)
        assert path.exists()

    at_once(DiscardedImage.objects.delete_files)
    assert not path.exists()


@pytest.mark.parametrize("part", [0, 0.3, 0.99])
def test_part_of_a_backup_is_none(backup, part):
    whole = backup.read_bytes()
    backup.write_bytes(whole[: int(len(whole) * part)])

    with pytest.raises(CommandError, match=r"is no backup, or only part of one\.$"):
        call_command("restore", str(backup), drill=True)


def test_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("restore", str(tmp_path / "none.tar"), drill=True)


def test_damaged_backup_is_refused_by_the_name_of_the_file(backup):
    with tarfile.open(backup) as tar:
        member = tar.getmembers()[1]
    with backup.open("r+b") as file:
        file.seek(member.offset_data + 5)
        file.write(b"X")

    with pytest.raises(BackupError, match=f"is damaged: {member.name} is not what was backed up"):
        check_backup(Reader(backup), print, Progress())


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "uploads/../../outside", "other/file"])
def test_backup_with_files_from_elsewhere_is_refused(backup, name):
    def add(fields):
        fields["files"][name] = [0, ""]

    other = rewritten(backup, add)
    with tarfile.open(backup) as old, tarfile.open(other, "w") as new:
        for member in old.getmembers():
            contents = old.extractfile(member).read()
            if member.name == MANIFEST:
                new.addfile(tarfile.TarInfo(name))
                fields = json.loads(contents)
                add(fields)
                contents = json.dumps(fields).encode()
                member.size = len(contents)
            new.addfile(member, io.BytesIO(contents))

    with pytest.raises(BackupError, match="holds files that do not belong into a backup"):
        Reader(other)


def test_backup_of_a_newer_site_is_refused_by_name(backup):
    newer = rewritten(backup, lambda fields: fields["migrations"].append("questions.9999_more"))

    with pytest.raises(BackupError, match=r"made by a newer Consilium: this one does not know questions.9999_more"):
        check_backup(Reader(newer), print, Progress())


def test_backup_in_another_format_is_refused(backup):
    with pytest.raises(BackupError, match="made by another version of Consilium"):
        Reader(rewritten(backup, lambda fields: fields.update(format=2)))


def test_another_key_is_warned_of(backup, settings):
    said = []
    check_backup(Reader(backup), said.append, Progress())
    settings.SECRET_KEY = "another-key"

    check_backup(Reader(backup), said.append, Progress())

    (warning,) = said
    assert warning.startswith("Warning: the SECRET_KEY here is not the one of the site that was backed up.")


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


@committed
def test_drill_that_fails_is_recorded_and_leaves_nothing(backup, tmp_path, monkeypatch):
    monkeypatch.setattr(drilling, "restore_elsewhere", lambda arguments, environment: 1)

    with pytest.raises(CommandError, match="The drill failed: this backup does not bring the site back"):
        call_command("restore", str(backup), drill=True, scratch=tmp_path)

    assert [row.went_well for row in Upkeep.objects.filter(kind="drill")] == [False]
    assert not list(tmp_path.glob("drill-*"))


def test_drill_clears_up_after_one_that_was_killed_and_leaves_one_that_runs(tmp_path):
    for name in ("drill-dead", "drill-alive"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "drill.lock").touch()

    with (tmp_path / "drill-alive" / "drill.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with drilling.scratch_directory(tmp_path) as scratch:
            there = {path.name for path in tmp_path.glob("drill-*")}

    assert there == {"drill-alive", scratch.name}


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


def test_programs_older_than_the_server_are_not_used():
    with pytest.raises(BackupError, match="There is no pg_dump of PostgreSQL 99 here"):
        program("pg_dump", at_least=99)


@pytest.mark.parametrize(
    ("stderr", "reason"),
    [
        ("psql:<stdin>:12: ERROR:  permission denied\nCONTEXT:  COPY x, line 5: a secret", "ERROR:  permission denied"),
        ("pg_dump: error: connection failed\n", "connection failed"),
        ("", "it did not say why"),
    ],
)
def test_complaints_of_programs_are_told_without_details(stderr, reason):
    assert complaint(stderr) == reason


def test_differences_are_told_in_words():
    was = Proof({"a": [1, "5"], "b": [2, "6"], "c": [1, "1"]}, {"s": 5}, ["vector"], {"triggers": 3})
    now = Proof({"a": [1, "7"], "b": [3, "6"], "d": [0, "0"]}, {"s": 4}, [], {"triggers": 2})

    assert list(was.differences(now)) == [
        "a has other contents",
        "b has 3 rows instead of 2",
        "c is missing",
        "d is not in the backup",
        "the sequence s stands at 4 instead of 5",
        "the extensions vector are missing",
        "there are 2 triggers instead of 3",
    ]
    assert list(was.differences(was)) == []


def test_manifest_that_cannot_be_read_is_told():
    with pytest.raises(BackupError, match=r"The manifest of the backup cannot be read."):
        Manifest.from_json(b"[]")
    assert UPLOADS.endswith("/")
