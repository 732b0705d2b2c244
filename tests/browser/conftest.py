import os
import re
import time
from collections.abc import Callable, Iterator
from threading import Lock
from urllib.parse import urlsplit

import pytest
from django.core.cache import caches
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect, sync_playwright

# Playwright's synchronous interface runs an event loop in this thread, in which Django would refuse to query.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# The shell is Chromium without a user interface, and starts much faster.
INSTALLED = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(os.path.exists, INSTALLED), INSTALLED[0])
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What the server answers is asserted by the tests themselves; all else in the console is a fault.
NO_FAULT = (
    "Failed to load resource: the server responded with a status of",
    "Failed to load resource: net::ERR_FAILED",  # a test took the connection away
    "Failed to execute 'postMessage' on 'DOMWindow'",  # axe asks frames whose sandbox does not answer
)
# A draft that was changed in another window, or whose question is dealt with.
CONFLICT = re.compile(r"/dashboard/questions/\d+/(opinion/)?draft/$")


class Requests:
    """Those that the server is answering: a page that was closed may still be saving a draft."""

    def __init__(self) -> None:
        self.open = 0
        self.lock = Lock()
        request_started.connect(self._began)
        request_finished.connect(self._ended)

    def _began(self, **_signal) -> None:
        with self.lock:
            self.open += 1

    def _ended(self, **_signal) -> None:
        with self.lock:
            self.open -= 1

    def wait_for_none(self) -> None:
        """Until all are answered; five seconds at most."""
        deadline = time.monotonic() + 5
        time.sleep(0.05)  # for what was sent in the last moment
        while self.open > 0 and time.monotonic() < deadline:
            time.sleep(0.02)


@pytest.fixture(scope="package")
def requests() -> Requests:
    return Requests()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each window has its own cookies and storage."""
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def nothing_counted_yet(transactional_db) -> None:
    """Rate limits outlive a test's rows: all windows come from one address."""
    caches["default"].clear()


class Watch:
    """Collects what must happen on no page: failing scripts, refusals of the CSP, missing files, other hosts."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.faults: list[str] = []

    def over(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.faults.append(f"script failed: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(NO_FAULT):
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.netloc != self.host:
            self.faults.append(f"another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status == 409 and CONFLICT.search(response.url):
            return
        if response.status >= 500 or (response.status >= 400 and response.request.resource_type != "document"):
            self.faults.append(f"{response.status}: {response.url}")


@pytest.fixture
def open_window(chromium, requests, live_server) -> Iterator[Callable[..., Page]]:
    """Opens windows, each of a person of their own, and sees to it that nothing goes wrong behind their backs."""
    watch = Watch(urlsplit(live_server.url).netloc)
    contexts = []

    def opened(*, width=1280, height=800, scheme="light", javascript=True, phone=False, user=None) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=javascript,
            is_mobile=phone,
            has_touch=phone,
            locale="en-GB",
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        if user is not None:
            session = Client()
            session.force_login(user)
            context.add_cookies(
                [{"name": "sessionid", "value": session.cookies["sessionid"].value, "url": live_server.url}]
            )
        context.on("page", watch.over)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    requests.wait_for_none()
    assert watch.faults == []
