"""PostgreSQL's own programs: those of the bundled one, or the system's where the server is newer than that."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from config.database import programs
from forum.operations.backups.errors import BackupError

VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


def server_version() -> int:
    """The major version of the server we are connected to: 18 for 18.6."""
    connection.ensure_connection()
    return connection.pg_version // 10_000


def program(name: str, *, at_least: int) -> str:
    """The path of `pg_dump` and the like, not older than this major version. Raises BackupError."""
    for path in _candidates(name):
        if (version_of(path) or 0) >= at_least:
            return path
    raise BackupError(f"There is no {name} of PostgreSQL {at_least} here. Install PostgreSQL's client programs.")


def _candidates(name: str) -> Iterator[str]:
    yield str(programs() / name)
    if found := shutil.which(name):
        yield found
    yield from sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), reverse=True)


def version_of(path: str) -> int | None:
    """The major version of a program; None of what is none of PostgreSQL's."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return None
    found = VERSION.search(said)
    return int(found[1]) if found else None


def address() -> tuple[list[str], dict[str, str]]:
    """Which database, as arguments that all of the programs take; and their environment, with its password."""
    command, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, ["--no-password"])
    return command[1:], {**os.environ, **(environment or {})}


def complaint(stderr: str) -> str:
    """The first error a program complains of. Details, which may hold what patients wrote, come on further lines."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    first = next((line for line in lines if re.search(r"error:|ERROR:|FATAL:", line)), lines[0] if lines else "")
    return re.sub(r"^psql:<stdin>:\d+: |^(pg_dump|pg_restore|psql): (error: )?", "", first) or "it did not say why"
