"""The web server is killed in the middle of the typing: whatever it had called saved is there."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from forum.replies.models import Draft
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory

CSRF = "a" * 32


def database_url() -> str:
    """That of the tests' own database."""
    known = connection.settings_dict
    who = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}"
    if known["HOST"].startswith("/"):
        return f"postgresql://{who}@/{known['NAME']}?host={quote(known['HOST'])}"
    return f"postgresql://{who}@{known['HOST']}:{known['PORT'] or 5432}/{known['NAME']}"


@pytest.fixture
def web_server(transactional_db, tmp_path) -> Iterator[tuple[subprocess.Popen, int]]:
    """Gunicorn with two workers on the tests' database, and its port."""
    log: Path = tmp_path / "log"
    environment = os.environ | {"DATABASE_URL": database_url()}
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", "127.0.0.1:0", "--workers", "2"]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stderr=output, stdout=output, start_new_session=True
        )
    deadline = time.monotonic() + 30
    while not (found := re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", log.read_text())):
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
    yield process, int(found[1])
    kill(process)


def kill(process: subprocess.Popen) -> None:
    """The server and its workers, without a word of warning."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def saved(port: int, path: str, session: str, words: str, count: int) -> bool:
    """Whether the server called these words saved."""
    body = urlencode({"text": words, "version": count - 1, "window": "mine", "window_count": count})
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={CSRF}",
        "X-CSRFToken": CSRF,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        server.request("POST", path, body, headers)
        return server.getresponse().status == 200
    except OSError:
        return False
    finally:
        server.close()


def test_killing_the_web_server_loses_nothing_that_was_called_saved(web_server):
    process, port = web_server
    doctor = DoctorFactory(specialties=[SpecialtyFactory()])
    question = QuestionFactory(specialty=doctor.specialties.get())
    client = Client()
    client.force_login(doctor.user)
    path, session = f"/dashboard/questions/{question.pk}/draft/", client.cookies["sessionid"].value
    called_saved = [0]

    def type_on() -> None:
        while saved(port, path, session, f"word {called_saved[-1] + 1}", called_saved[-1] + 1):
            called_saved.append(called_saved[-1] + 1)

    with ThreadPoolExecutor(1) as pool:
        typing = pool.submit(type_on)
        while len(called_saved) < 20 and not typing.done():
            time.sleep(0.01)
        kill(process)
        typing.result(timeout=60)

    last = called_saved[-1]
    assert last >= 19
    # What was on its way may have come in time, though nobody was told.
    assert Draft.objects.get().text in (f"word {last}", f"word {last + 1}")
