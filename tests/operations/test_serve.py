"""`serve` as an operator meets it: real processes, a real bundled PostgreSQL, a data directory of its own."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from forum.operations.serving import Refused, listen

# A cap, not a measure: a machine may be busy with other tests.
DEADLINE_SECONDS = 120
# One after the other where tests run side by side: each starts a whole site.
pytestmark = pytest.mark.xdist_group("serve")


def eventually(check: Callable):
    """What `check` answers once that is true; fails if it does not become so."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (answer := check()):
        assert time.monotonic() < deadline, f"still not so after {DEADLINE_SECONDS} s: {check}"
        time.sleep(0.05)
    return answer


class Site:
    """A `serve` on any free port."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.output = data_dir / "output"
        self.process: subprocess.Popen | None = None

    def command(self, *options: str) -> dict:
        """The arguments of `subprocess` for a `serve` on this data directory."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CONSILIUM_")}
        environment |= {"CONSILIUM_DATA_DIR": str(self.data_dir), "DATABASE_URL": ""}
        command = [sys.executable, "manage.py", "serve", "--bind", "127.0.0.1:0", "--workers", "1", *options]
        return {"args": command, "cwd": settings.BASE_DIR, "env": environment}

    def ensure_running(self) -> None:
        if self.process is None or self.process.poll() is not None:
            with self.output.open("w") as output:
                self.process = subprocess.Popen(
                    **self.command("--no-demo"), stdout=output, stderr=subprocess.STDOUT, start_new_session=True
                )
            eventually(self.port)

    def port(self) -> int | None:
        found = re.search(r"Consilium is at http://127\.0\.0\.1:(\d+)/", self.output.read_text())
        return int(found[1]) if found else None

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body; status 0 when nothing answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port(), timeout=5)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        except OSError:
            return 0, b""
        finally:
            connection.close()

    def processes(self, part: str = "") -> list[psutil.Process]:
        """The living processes that belong to the data directory, with `part` in the command line."""
        found = []
        for process in psutil.process_iter():
            try:
                command_line = " ".join(process.cmdline())
                ours = f"{command_line} {process.environ()}"
                if str(self.data_dir) in ours and part in command_line and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except psutil.Error:
                continue
        return found


@pytest.fixture(scope="module")
def module_site() -> Iterator[Site]:
    data_dir = Path(tempfile.mkdtemp(prefix="consilium-serve-"))
    site = Site(data_dir)
    yield site
    if site.process.poll() is None:
        site.process.send_signal(signal.SIGTERM)
        site.process.wait(DEADLINE_SECONDS)
    shutil.rmtree(data_dir)


@pytest.fixture
def site(module_site) -> Site:
    module_site.ensure_running()
    return module_site


def test_serve_answers_and_its_worker_is_heard(site):
    assert site.get("/healthz") == (200, b"ok")
    eventually(lambda: site.get("/readyz") == (200, b'{"database": true, "migrations": true, "worker": true}'))


def test_second_serve_on_the_data_directory_is_refused_in_one_line(site):
    second = subprocess.run(**site.command(), capture_output=True, text=True, check=False)

    expected = f"CommandError: Another serve is running on the data directory {site.data_dir}.\n"
    assert (second.returncode, second.stdout, second.stderr) == (1, "", expected)
    assert site.get("/healthz") == (200, b"ok")


@pytest.mark.parametrize(
    ("part", "page"),
    [("manage.py db_worker", "/readyz"), ("-m gunicorn", "/healthz"), ("bin/postgres", "/readyz")],
)
def test_killed_part_comes_back(site, part, page):
    killed = site.processes(part)
    killed[0].kill()

    eventually(lambda: set(site.processes(part)) - set(killed))
    eventually(lambda: site.get(page)[0] == 200)
    eventually(lambda: not set(site.processes(part)) & set(killed))
    assert re.search(r"ended \(status -?\d+\); it starts again in [\d.]+ s\.", site.output.read_text())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_serve_leaves_nothing_running(site, number):
    site.process.send_signal(number)

    assert site.process.wait(DEADLINE_SECONDS) == 0
    assert site.processes() == []
    assert "Traceback" not in site.output.read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_killed_serve_leaves_nothing_running(site):
    site.process.kill()

    eventually(lambda: site.processes() == [])


def test_taken_port_is_refused_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"

        with pytest.raises(Refused, match=rf"^Cannot listen on {address}: Address already in use\.$"):
            listen(address)


@pytest.mark.parametrize("bind", ["", "8000", "localhost", ":8000", "localhost:port", "localhost:99999"])
def test_unclear_address_is_refused(bind):
    with pytest.raises(Refused, match=r"^--bind takes HOST:PORT"):
        listen(bind)
