"""Gunicorn in processes of its own, on the tests' own database: for what must outlive the death of a process."""

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection


def database_url() -> str:
    """That of the tests' own database."""
    known = connection.settings_dict
    who = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}"
    if known["HOST"].startswith("/"):
        return f"postgresql://{who}@/{known['NAME']}?host={quote(known['HOST'])}"
    return f"postgresql://{who}@{known['HOST']}:{known['PORT'] or 5432}/{known['NAME']}"


@dataclass
class WebServer:
    """Gunicorn with two workers, writing its log to a file; the port is a free one, and the same again after `kill`."""

    log: Path
    port: int = 0
    process: subprocess.Popen | None = None

    def start(self) -> None:
        # DEBUG: static files are served as they lie there, without having been collected.
        environment = os.environ | {"DATABASE_URL": database_url(), "DEBUG": "true"}
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--workers", "2", "--threads", "4", "--preload"]
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [*command, "--bind", f"127.0.0.1:{self.port}"],
                cwd=settings.BASE_DIR,
                env=environment,
                stderr=output,
                stdout=output,
                start_new_session=True,
            )
        deadline = time.monotonic() + 30
        while not (found := re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", self.log.read_text())):
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)
        self.port = int(found[1])

    def kill(self) -> None:
        """The server and its workers, without a word of warning."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
