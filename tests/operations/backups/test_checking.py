"""What is looked at before, and after, anything is restored."""

import io
import json
import tarfile

import pytest
from django.core.management import CommandError, call_command

from forum.operations.backups.archive import MANIFEST, Manifest, Reader
from forum.operations.backups.errors import BackupError
from forum.operations.backups.progress import Progress
from forum.operations.backups.proof import Proof
from forum.operations.backups.restoring import check_backup
from tests.operations.backups.sites import rewritten


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


def test_differences_are_told_in_words():
    was = Proof(
        {"a": [1, "5"], "b": [2, "6"], "c": [1, "1"]}, {"s": 5}, ["vector"], {"triggers": 3}, ["public.erase()"]
    )
    now = Proof({"a": [1, "7"], "b": [3, "6"], "d": [0, "0"]}, {"s": 4}, [], {"triggers": 2}, [])

    assert list(was.differences(now)) == [
        "a has other contents",
        "b has 3 rows instead of 2",
        "c is missing",
        "d is not in the backup",
        "the sequence s stands at 4 instead of 5",
        "the extensions vector are missing",
        "everybody may call public.erase()",
        "there are 2 triggers instead of 3",
    ]
    assert list(was.differences(was)) == []


def test_manifest_that_cannot_be_read_is_told():
    with pytest.raises(BackupError, match=r"The manifest of the backup cannot be read."):
        Manifest.from_json(b"[]")
