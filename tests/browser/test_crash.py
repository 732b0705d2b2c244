"""The web server is killed while a doctor writes, and comes back."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from forum.replies.models import Draft
from tests.browser.hands import Pointer
from tests.browser.scenes import open_clinic
from tests.factories import QuestionFactory
from tests.web_servers import WebServer

FIVE = ["one", "two", "three", "four", "five"]
SAVED = re.compile(r"^Saved \d\d:\d\d$")


@pytest.fixture
def web_server(transactional_db, tmp_path) -> Iterator[WebServer]:
    server = WebServer(tmp_path / "log")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def at_work(chromium, web_server) -> Iterator[Callable[[], Pointer]]:
    """Windows of a doctor at one question, on the server that is killed, each in a browser of its own."""
    clinic = open_clinic()
    address = f"/dashboard/questions/{QuestionFactory(specialty=clinic.specialty).pk}/"
    session = Client()
    session.force_login(clinic.doctor.user)
    site = f"http://127.0.0.1:{web_server.port}"
    contexts = []

    def opened() -> Pointer:
        context = chromium.new_context(base_url=site, locale="en-GB")
        contexts.append(context)
        context.add_cookies([{"name": "sessionid", "value": session.cookies["sessionid"].value, "url": site}])
        page = context.new_page()
        page.clock.install()
        page.goto(address)
        return Pointer(page)

    yield opened
    for context in contexts:
        context.close()


def saved(page: Page) -> None:
    expect(page.locator("#draft-saved")).to_have_text(SAVED, timeout=60_000)  # a cold server, tried every five seconds


def type_on(doctor: Pointer, words: list[str]) -> None:
    """A word a second, by the clock of the page."""
    for word in words:
        doctor.field("text").press_sequentially(f"{word} ")
        doctor.page.clock.run_for(1000)


def test_crash_of_the_server_loses_no_word_older_than_five_seconds(at_work, web_server):
    doctor = at_work()
    type_on(doctor, FIVE)
    saved(doctor.page)
    type_on(doctor, ["six", "seven"])

    web_server.kill()
    doctor.page.context.close()

    assert Draft.objects.get().text.split()[:5] == FIVE
    web_server.start()
    expect(at_work().field("text")).to_have_value(re.compile("^one two three four five"))


def test_a_window_that_outlives_the_server_loses_nothing(at_work, web_server):
    doctor = at_work()
    type_on(doctor, FIVE)
    saved(doctor.page)
    web_server.kill()
    type_on(doctor, ["six", "seven", "eight", "nine", "ten"])
    expect(doctor.page.locator("#not-saved")).to_contain_text("the connection is lost")

    web_server.start()
    doctor.page.clock.run_for(5000)

    saved(doctor.page)
    assert Draft.objects.get().text == "one two three four five six seven eight nine ten"
