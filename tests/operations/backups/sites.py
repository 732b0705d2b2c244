"""Processes at the test database, or at a site restored elsewhere."""

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from forum.operations.backups.archive import MANIFEST

committed = pytest.mark.django_db(transaction=True)


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
