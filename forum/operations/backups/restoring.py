"""From a backup to a site again. Whatever interrupts it, the database is the old one or the new one."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from forum.operations.backups.archive import DUMP, UPLOADS, Manifest, Reader, chunks, sync_directory
from forum.operations.backups.errors import BackupError
from forum.operations.backups.loading import load
from forum.operations.backups.making import files_below, key_fingerprint
from forum.operations.backups.proof import table_names, take_proof
from forum.operations.models import Upkeep, UpkeepKind
from forum.operations.serving import Refused, lock_data_dir

ANOTHER_KEY = (
    "Warning: the SECRET_KEY here is not the one of the site that was backed up. Put that one in place, or everybody"
    " has to sign in again, links in mails that were sent lead nowhere, and second factors have to be set up anew."
)
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND coalesce(backend_type, '') <> 'autovacuum worker'
"""


def restore_backup(path: Path, *, replace: bool, say: Callable[[str], None], progress) -> Manifest:
    """Restore into the database and the uploads of the settings. `replace` what is there, else they must be empty.

    First everything is checked, then the uploads are written, beside which the old database can live; then the
    database, in one transaction; then what was restored is proved. Raises BackupError and OSError.
    """
    with closing(Reader(path)) as backup, site_to_itself():
        check_backup(backup, say, progress)
        check_target(backup, replace)
        write_uploads(backup, progress)
        with progress.meter("Database", backup.manifest.files[DUMP][0]) as bar, backup.open(DUMP) as dump:
            manifest = backup.manifest
            closed = manifest.proof.closed
            load(Watched(dump, bar.update), dumped_by=manifest.dumped_by, replace=replace, closed=closed)
        prove(backup, progress)
        if replace:
            remove_other_uploads(backup)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        rows = backup.manifest.proof.rows
        Upkeep.objects.create(kind=UpkeepKind.RESTORE, what=path.name[:200], number=rows)
        return backup.manifest


class Watched:
    """A file whose reading is counted."""

    def __init__(self, file: BinaryIO, watch: Callable[[int], object]) -> None:
        self.file, self.watch = file, watch

    def read(self, size: int) -> bytes:
        chunk = self.file.read(size)
        self.watch(len(chunk))
        return chunk


@contextmanager
def site_to_itself() -> Iterator[None]:
    """No `serve` on the data directory, and nobody else at the database."""
    try:
        lock = lock_data_dir()
    except Refused as reason:
        raise BackupError(f"{reason} Stop it first.") from None
    with closing(lock), connection.cursor() as cursor:
        cursor.execute(OTHERS)
        others = cursor.fetchone()[0]
        if others:
            raise BackupError(f"The database has other users ({others}). Stop the site and its workers first.")
        yield


def check_backup(backup: Reader, say: Callable[[str], None], progress) -> None:
    """Raises BackupError where it is damaged, or newer than this code. Warns of another key."""
    with progress.meter("Checking", sum(size for size, _digest in backup.manifest.files.values())) as bar:
        backup.verify(bar.update)
    ours = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(backup.manifest.migrations) - ours)
    if unknown:
        raise BackupError(
            f"The backup was made by a newer Consilium: this one does not know {unknown[-1]}. Put that code in place."
        )
    if backup.manifest.key != key_fingerprint():
        say(ANOTHER_KEY)


def check_target(backup: Reader, replace: bool) -> None:
    """Raises BackupError where something is there that is not to be replaced."""
    if replace:
        return
    if names := table_names():
        raise BackupError(f"The database is not empty: it has {len(names)} tables. --replace empties it first.")
    others = set(files_below(settings.MEDIA_ROOT)).difference(backup.manifest.uploads)
    if others:
        raise BackupError(
            f"{settings.MEDIA_ROOT} has {len(others)} files that are not in the backup. --replace deletes them."
        )


def write_uploads(backup: Reader, progress) -> None:
    """Write those that are missing or not the same, each of them whole or not at all."""
    made = set()
    for name in progress.files(backup.manifest.uploads):
        target = settings.MEDIA_ROOT / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.restoring")
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for chunk in chunks(backup.open(UPLOADS + name)):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
        made.add(target.parent)
    for directory in made:
        sync_directory(directory)


def prove(backup: Reader, progress) -> None:
    """Compare the restored database with the backup, table by table, and each file. Raises BackupError."""
    with transaction.atomic():
        differences = list(backup.manifest.proof.differences(take_proof(progress.tables)))
    for name in progress.files(backup.manifest.uploads):
        with (settings.MEDIA_ROOT / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != backup.manifest.files[UPLOADS + name][1]:
                differences.append(f"{name} has other contents")
    if differences:
        raise BackupError(f"What was restored is not what was backed up: {'; '.join(differences)}.")


def remove_other_uploads(backup: Reader) -> None:
    for name in set(files_below(settings.MEDIA_ROOT)).difference(backup.manifest.uploads):
        (settings.MEDIA_ROOT / name).unlink(missing_ok=True)
