"""Asking an address whether it leads anywhere, without being led into the operator's own network."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from forum.articles.links import Found, LinkAsker, is_public
from forum.articles.models import Outcome


class Site(ThreadingHTTPServer):
    """Answers a path with a status and, where one is given, a place to go to; remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, tuple[int, str]] = {}
        self.only_get: set[str] = set()
        self.hold = threading.Event()
        self.asked: list[tuple[str, str, str]] = []
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}{path}"

    def handle_error(self, request, client_address) -> None:
        """Whoever asked is gone: no news here."""


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path, self.headers["Host"]))
        status, location = self.server.pages.get(self.path, (404, ""))
        if self.path in self.server.only_get and self.command == "HEAD":
            status = 405
        if self.path == "/slow":
            self.server.hold.wait(10)
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "1000000")
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *args) -> None:
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    yield server
    server.hold.set()
    server.shutdown()
    server.server_close()


def anywhere(**options) -> LinkAsker:
    """One that may ask this machine too."""
    return LinkAsker(**{"allowed": lambda address: True, "ports": lambda scheme, port: True} | options)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.FINE),
        (204, Outcome.FINE),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (401, Outcome.CLOSED),
        (403, Outcome.CLOSED),
        (429, Outcome.CLOSED),
        (400, Outcome.FAILED),
        (500, Outcome.FAILED),
        (503, Outcome.FAILED),
    ],
)
def test_status_tells_what_became_of_an_address(site, status, outcome):
    site.pages["/a"] = (status, "")

    assert anywhere().ask(site.url("/a")) == Found(outcome, status)


def test_nothing_but_the_head_of_a_page_is_asked_for(site):
    site.pages["/a?x=%201&y=%E5%8E%9F"] = (200, "")

    anywhere().ask(site.url("/a?x= 1&y=原#part"))

    assert site.asked == [("HEAD", "/a?x=%201&y=%E5%8E%9F", f"127.0.0.1:{site.server_port}")]


def test_site_that_knows_no_head_is_asked_again(site):
    site.pages["/a"], site.only_get = (200, ""), {"/a"}

    assert anywhere().ask(site.url("/a")) == Found(Outcome.FINE, 200)
    assert [method for method, _path, _host in site.asked] == ["HEAD", "GET"]


def test_redirects_are_followed_so_far(site):
    site.pages = {f"/{n}": (302, f"/{n + 1}") for n in range(20)} | {"/5": (200, "")}

    assert anywhere().ask(site.url("/0")) == Found(Outcome.FINE, 200)
    assert anywhere().ask(site.url("/6")).outcome == Outcome.FAILED
    assert len(site.asked) == 6 + 6


def test_redirect_without_a_place_leads_somewhere(site):
    site.pages["/a"] = (304, "")

    assert anywhere().ask(site.url("/a")) == Found(Outcome.FINE, 304)


def test_site_that_does_not_answer_has_failed(site, monkeypatch):
    monkeypatch.setattr("forum.articles.links.SECONDS_A_STEP", 0.05)

    assert anywhere().ask(site.url("/slow")) == Found(Outcome.FAILED)


def test_site_that_answers_drop_by_drop_is_hung_up_on(monkeypatch):
    monkeypatch.setattr("forum.articles.links.SECONDS_A_REQUEST", 0.1)
    drops = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def drip() -> None:
        client, _address = drops.accept()
        with client, suppress(OSError):
            while not ended.wait(0.01):
                client.send(b"x")

    threading.Thread(target=drip, daemon=True).start()

    found = anywhere().ask(f"http://127.0.0.1:{drops.getsockname()[1]}/")
    ended.set()
    drops.close()

    assert found == Found(Outcome.FAILED)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//example.org/",
        "https://",
        "https://me:secret@example.org/",
        "http://example.org:22/",
        "https://example.org:8443/",
        "http://example.org:443/",
    ],
)
def test_what_is_no_plain_address_of_the_web_is_not_asked(url):
    def look_up(*args, **options):
        raise AssertionError("it was looked up")

    assert LinkAsker(look_up=look_up).ask(url) == Found(Outcome.NOT_ASKED)


@pytest.mark.parametrize("url", ["https://[bad/", "http://a:port/", f"http://{'a' * 70}.example/", "http://a\0b/"])
def test_address_that_cannot_be_read_has_failed(url):
    asker = LinkAsker(look_up=lambda *args, **options: [])

    assert asker.ask(url).outcome in (Outcome.FAILED, Outcome.PRIVATE)


PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:db8::1",
    "::7f00:1",
    "::ffff:0:7f00:1",
    "64:ff9b:1::7f00:1",
    "fec0::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_address_of_a_network_of_ones_own_is_not_public(address):
    assert is_public(address) is False


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_address_of_the_public_network_is(address):
    assert is_public(address) is True


def names(*addresses: str):
    """A look-up that gives every name these addresses."""
    return lambda host, port, **options: [(None, None, None, "", (address, port)) for address in addresses]


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "http://localhost/", "http://2130706433/"])
def test_this_machine_is_never_asked(url):
    assert LinkAsker().ask(url) == Found(Outcome.PRIVATE)


def test_name_of_which_one_address_is_private_is_not_asked():
    asker = LinkAsker(look_up=names("93.184.215.14", "10.0.0.1"))

    assert asker.ask("http://example.org/") == Found(Outcome.PRIVATE)


def test_redirect_into_the_network_of_ones_own_is_not_followed(site):
    site.pages["/a"] = (302, site.url("/secret", host="inside.example"))

    def look_up(host, port, **options):
        return [(None, None, None, "", ("127.0.0.1" if host == "127.0.0.1" else "127.0.0.2", port))]

    asker = anywhere(allowed=lambda address: address == "127.0.0.1", look_up=look_up)

    assert asker.ask(site.url("/a")) == Found(Outcome.PRIVATE)
    assert [path for _method, path, _host in site.asked] == ["/a"]


def test_name_is_looked_up_once_a_step_and_that_very_address_asked(site):
    """A name that would give another address at the second look leads nowhere else."""
    site.pages["/a"] = (200, "")
    looks = []

    def look_up(host, port, **options):
        looks.append(host)
        return [(None, None, None, "", ("127.0.0.1", port))]

    found = anywhere(look_up=look_up).ask(site.url("/a", host="source.example"))

    assert (found, looks) == (Found(Outcome.FINE, 200), ["source.example"])
    assert site.asked == [("HEAD", "/a", f"source.example:{site.server_port}")]


def test_name_that_does_not_exist_has_failed():
    def look_up(*args, **options):
        raise socket.gaierror

    assert LinkAsker(look_up=look_up).ask("https://nowhere.invalid/") == Found(Outcome.FAILED)


def test_second_address_of_a_name_is_asked_where_the_first_does_not_answer(site):
    site.pages["/a"] = (200, "")

    assert anywhere(look_up=names("127.0.0.9", "127.0.0.1")).ask(site.url("/a", host="s.example")).status == 200
