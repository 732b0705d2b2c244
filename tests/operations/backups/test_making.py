"""Backups as an operator makes them, of the test database."""

import errno
import io
import os
import signal
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import LooseProof, ProofFile
from forum.operations.backups import making
from forum.operations.backups.archive import DUMP, MANIFEST, Reader
from forum.operations.backups.errors import BackupError
from forum.operations.backups.making import key_fingerprint
from forum.operations.backups.programs import complaint, program
from forum.operations.models import Upkeep
from forum.questions.models import DiscardedImage
from forum.uploads.keeping import files_kept
from tests.factories import QuestionFactory, image_of
from tests.operations.backups.sites import KILLED, committed, environment
from tests.races import at_once


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
def test_no_file_is_deleted_while_a_backup_copies():
    image = image_of(QuestionFactory())
    path = image.path()
    image.question.delete()

    with files_kept():
        at_once(DiscardedImage.objects.delete_files)
        assert path.exists()

    at_once(DiscardedImage.objects.delete_files)
    assert not path.exists()


@committed
def test_no_proof_is_deleted_while_a_backup_copies():
    name = LooseProof.objects.keep(ProofFile(b"%PDF-", "pdf"))
    LooseProof.objects.update(delete_at=timezone.now())
    path = Path(default_storage.path(f"proofs/{name}"))

    with files_kept():
        at_once(LooseProof.objects.delete_files)
        assert path.exists()

    at_once(LooseProof.objects.delete_files)
    assert not path.exists()


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
