"""A data directory, a PostgreSQL and web servers that exist only while the measurements run."""

import atexit
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from config.database import create_cluster, start_bundled
from forum.operations.supervisor import Child

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60


class Scratch:
    """A place of its own for one run: `environment` is what its commands and servers are started with.

    It vanishes when this process ends, unless it is to be kept. PostgreSQL stops first: what is registered last runs
    first. With `memory` it has the quarter of the machine's that docs/operating.md advises for large sites.
    """

    def __init__(self, *, keep: bool, memory: bool = False) -> None:
        self.data_dir = Path(tempfile.mkdtemp(prefix="consilium-bench-"))
        if not keep:
            atexit.register(shutil.rmtree, self.data_dir, ignore_errors=True)
        if memory:
            create_cluster(self.data_dir / "postgres")
            with (self.data_dir / "postgres" / "postgresql.conf").open("a") as options:
                options.write(f"shared_buffers = {megabytes_of_memory() // 4}MB\n")
        self.environment = {
            **os.environ,
            "CONSILIUM_DATA_DIR": str(self.data_dir),
            "CONSILIUM_MODE": "development",
            "DATABASE_URL": start_bundled(self.data_dir / "postgres"),
            "DEBUG": "0",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        }

    def manage(self, *arguments: str) -> str:
        """Run a management command; returns what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    @contextmanager
    def server(self, *, workers: int, threads: int, afresh: bool = False) -> Iterator[str]:
        """The address of the site, served by gunicorn until the block ends. `afresh`: no thread page is kept."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            options = [f"--bind=fd://{listener.fileno()}", f"--workers={workers}", f"--threads={threads}"]
            command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--no-control-socket", "--log-level=warning"]
            environment = self.environment | ({"BENCHMARK_AFRESH": "1"} if afresh else {})
            child = Child("gunicorn", [*command, *options], environment, [listener.fileno()])
            child.start(ROOT)
            try:
                port = listener.getsockname()[1]
                wait_for(child.process, port)
                yield f"http://127.0.0.1:{port}"
            finally:
                child.stop()


def megabytes_of_memory() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20


def wait_for(server: subprocess.Popen, port: int) -> None:
    """Wait until the server answers; raises RuntimeError if it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while not answers(port):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("The web server did not start.")
        time.sleep(0.1)


def answers(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as site:
        try:
            site.request("GET", "/healthz")
            return site.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
