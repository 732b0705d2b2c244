"""A chat server that speaks the OpenAI protocol, on this machine: it streams what a test tells it to."""

import json
import threading
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


def event(words: str) -> bytes:
    return f"data: {json.dumps({'choices': [{'delta': {'content': words}}]})}\n\n".encode()


DONE = b"data: [DONE]\n\n"


def stream(*words: str) -> list[bytes]:
    """What a server sends that writes these words one after the other."""
    return [event(each) for each in words] + [DONE]


class ChatServer(ThreadingHTTPServer):
    """Answers every request with `status` and the pieces of `answer`; remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.answer: Iterable[bytes] = stream("## Causes\n\n", "Tired muscles.")
        self.hold = threading.Event()
        self.asked: list[tuple[str, str | None, dict]] = []
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request, client_address) -> None:
        """Whoever asked is gone: no news in a test of cancelled drafts."""


class _Handler(BaseHTTPRequestHandler):
    server: ChatServer

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], question))
        self.send_response(self.server.status)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for piece in self.server.answer:
            self.wfile.write(piece)
            self.wfile.flush()

    def log_message(self, *args) -> None:
        pass


@pytest.fixture
def chat(settings) -> Iterator[ChatServer]:
    """The site's drafter is a chat server."""
    server = ChatServer()
    settings.DRAFTER, settings.DRAFTER_MODEL, settings.DRAFTER_KEY = server.address, "careful-7b", "sk-secret"
    yield server
    server.shutdown()
    server.server_close()
