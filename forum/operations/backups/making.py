"""Making a backup, while the site serves."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import Application
from accounts.models.proof import FOLDER as PROOFS
from forum.operations.backups.archive import DUMP, MANIFEST, UPLOADS, Manifest, Writer, chunks, new_file
from forum.operations.backups.errors import BackupError
from forum.operations.backups.programs import address, complaint, program, server_version, version_of
from forum.operations.backups.proof import NOT_KEPT, take_proof
from forum.operations.models import Upkeep, UpkeepKind
from forum.questions.models import QuestionImage
from forum.questions.models.image import stored_at
from forum.uploads.keeping import files_kept


def key_fingerprint() -> str:
    """The same for the same SECRET_KEY, which nobody can find out from it."""
    return salted_hmac("consilium.backup", "key", algorithm="sha256").hexdigest()[:32]


def make_backup(target: Path, progress) -> tuple[Path, Manifest, list[str]]:
    """Back up database and uploads into `target`, a new file or a directory for one, named after the moment.

    The file, what is in it, and which uploads the database knows but the folder lacks. `progress` makes the bars
    (progress.py). Raises BackupError and OSError; then nothing is left behind.
    """
    target = _file_for(target.absolute())
    pg_dump = program("pg_dump", at_least=server_version())
    with new_file(target) as raw, files_kept(), snapshot() as name:
        now = timezone.now()
        out = Writer(raw, now.timestamp())
        proof = take_proof(progress.tables)
        migrations = sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations())
        out.add(DUMP, progress.bytes("Database", _dump(pg_dump, name), _database_size()))
        missing = _add_uploads(out, now, progress)
        manifest = Manifest(
            made_at=now.isoformat(timespec="seconds"),
            server=server_version(),
            dumped_by=version_of(pg_dump),
            key=key_fingerprint(),
            migrations=migrations,
            proof=proof,
            files=dict(out.files),
        )
        out.add(MANIFEST, [manifest.as_json()])
        out.end()
    with suppress(DatabaseError):  # the backup is there all the same
        Upkeep.objects.create(kind=UpkeepKind.BACKUP, what=target.name[:200], number=target.stat().st_size)
    return target, manifest, missing


def _file_for(target: Path) -> Path:
    if target.is_dir():
        target /= f"consilium-{timezone.localtime():%Y%m%d-%H%M%S}.tar"
    if target.exists():
        raise BackupError(f"{target} exists. Choose another name.")
    if not target.parent.is_dir():
        raise BackupError(f"There is no directory {target.parent}.")
    return target


@contextmanager
def snapshot() -> Iterator[str]:
    """One moment of the database, which a second connection can look at by its name."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _database_size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def _dump(pg_dump: str, snapshot_name: str) -> Iterator[bytes]:
    """What pg_dump writes. Raises BackupError where it does not come to its end."""
    options = ["--format=custom", f"--snapshot={snapshot_name}", "--no-owner", "--no-privileges", "--no-comments"]
    options += [f"--exclude-table-data={table}" for table in NOT_KEPT]
    arguments, environment = address()
    with tempfile.TemporaryFile() as errors:
        command = [pg_dump, *options, *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment, cwd="/")
        try:
            yield from chunks(process.stdout)
        finally:
            process.stdout.close()  # when we break off, it does too
            status = process.wait()
        if status:
            errors.seek(0)
            reason = complaint(errors.read().decode(errors="replace"))
            raise BackupError(f"pg_dump failed: {reason}. No backup was made.")


def known_files() -> set[str]:
    """The names below the uploads that the database knows, as this transaction sees it."""
    names = set()
    for name in QuestionImage.objects.values_list("name", flat=True).iterator():
        names |= {stored_at(name), stored_at(name, thumbnail=True)}
    proofs = Application.objects.exclude(proof="").values_list("proof", flat=True)
    names |= {f"{PROOFS}/{name}" for name in proofs.iterator()}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                used = model._default_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
                names |= set(filter(None, used.iterator()))
    return names


def files_below(root: Path) -> list[str]:
    """The names of all files below a directory, in order."""
    found = (Path(folder, name) for folder, _folders, names in os.walk(root) for name in names)
    return sorted(path.relative_to(root).as_posix() for path in found if path.is_file() and not path.is_symlink())


def _add_uploads(out: Writer, since: datetime, progress) -> list[str]:
    """Add every file that the database knows, or that was there before it was asked; the names that are not there."""
    root = settings.MEDIA_ROOT
    known = known_files()
    there = [name for name in files_below(root) if name in known or _older(root / name, since)]
    for name in progress.files(there):
        with (root / name).open("rb") as file:
            out.add(f"{UPLOADS}{name}", chunks(file))
    return sorted(known.difference(there))


def _older(path: Path, moment: datetime) -> bool:
    return path.stat().st_mtime < moment.timestamp()
