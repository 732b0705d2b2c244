"""The restore drill: a backup is proved by restoring it, into a PostgreSQL and a folder that exist only meanwhile."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from config.database import discard_cluster
from forum.operations.backups.archive import Manifest, Reader
from forum.operations.backups.errors import BackupError
from forum.operations.models import Upkeep, UpkeepKind
from forum.operations.supervisor import LIBC, end_with_parent

PREFIX = "drill-"
LOCK = "drill.lock"


def drill(path: Path, *, within: Path) -> Manifest:
    """Restore the backup into a scratch site below the directory `within`, prove it, and delete it.

    How it went is recorded. Raises BackupError where it went wrong; why was said by then.
    """
    reader = Reader(path)
    reader.close()
    with scratch_directory(within) as scratch:
        status = restore_elsewhere([str(path)], scratch_environment(scratch))
    rows = reader.manifest.proof.rows
    Upkeep.objects.create(kind=UpkeepKind.DRILL, what=path.name[:200], number=rows, went_well=status == 0)
    if status:
        raise BackupError("The drill failed: this backup does not bring the site back. Make another one.")
    return reader.manifest


def scratch_environment(scratch: Path) -> dict[str, str]:
    """Empty rather than missing: .env may not fill it in."""
    return {
        "CONSILIUM_DATA_DIR": str(scratch),
        "CONSILIUM_MODE": "development",
        "DATABASE_URL": "",
        "SECRET_KEY": settings.SECRET_KEY,
    }


def restore_elsewhere(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Run `restore` in a process of its own, which these settings lead elsewhere; its exit status."""
    return subprocess.run(
        [sys.executable, "manage.py", "restore", *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, **environment},
        check=False,
        preexec_fn=end_with_parent if LIBC else None,
    ).returncode


@contextmanager
def scratch_directory(within: Path) -> Iterator[Path]:
    """A directory that goes at the end; those of drills that were killed go first."""
    for left in within.glob(f"{PREFIX}*/{LOCK}"):
        with left.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            remove(left.parent)
    scratch = Path(tempfile.mkdtemp(prefix=PREFIX, dir=within))
    try:
        with (scratch / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield scratch
    finally:
        remove(scratch)


def remove(scratch: Path) -> None:
    discard_cluster(scratch / "postgres")
    shutil.rmtree(scratch, ignore_errors=True)
