"""The web server is killed in the middle of the typing: whatever it had called saved is there."""

import http.client
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from django.test import Client

from forum.replies.models import Draft
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory
from tests.web_servers import WebServer

CSRF = "a" * 32


@pytest.fixture
def web_server(transactional_db, tmp_path) -> Iterator[WebServer]:
    server = WebServer(tmp_path / "log")
    server.start()
    yield server
    server.kill()


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
    doctor = DoctorFactory(specialties=[SpecialtyFactory()])
    question = QuestionFactory(specialty=doctor.specialties.get())
    client = Client()
    client.force_login(doctor.user)
    path, session = f"/dashboard/questions/{question.pk}/draft/", client.cookies["sessionid"].value
    called_saved = [0]

    def type_on() -> None:
        while saved(web_server.port, path, session, f"word {called_saved[-1] + 1}", called_saved[-1] + 1):
            called_saved.append(called_saved[-1] + 1)

    with ThreadPoolExecutor(1) as pool:
        typing = pool.submit(type_on)
        while len(called_saved) < 20 and not typing.done():
            time.sleep(0.01)
        web_server.kill()
        typing.result(timeout=60)

    last = called_saved[-1]
    assert last >= 19
    # What was on its way may have come in time, though nobody was told.
    assert Draft.objects.get().text in (f"word {last}", f"word {last + 1}")
