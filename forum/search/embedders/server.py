"""Embeddings from a server that speaks the OpenAI protocol: llama.cpp, vLLM, Text Embeddings Inference, Ollama..."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Sequence
from urllib.parse import unquote, urlsplit

import numpy as np
from django.core.exceptions import ImproperlyConfigured

from forum.search.embedders.base import EmbedderUnavailable, clean_text, unit_rows

SCHEMES = ("http://", "https://")
TEXTS_A_REQUEST = 32
# What a model of 8192 word pieces reads of Chinese; the server has to cut what is still too long for its own.
CHARACTERS_SENT = 8_000
MOST_ANSWERED = 32_000_000  # bytes
SECONDS_A_REQUEST = 5.0
SECONDS_BEFORE_RETRIES = (0.1, 0.4)
SECONDS_SHUT = 30.0


class Breaker:
    """After a failure nobody asks for 30 s; then one caller tries, and the others only once that went well."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._shut_until: float | None = None

    def enter(self) -> bool:
        """Whether all was well before. Raises EmbedderUnavailable while nobody is to ask."""
        with self._lock:
            if self._shut_until is None:
                return True
            if self._clock() < self._shut_until:
                raise EmbedderUnavailable("The embeddings server failed a moment ago.")
            self._shut_until = self._clock() + SECONDS_SHUT
            return False

    def shut(self) -> None:
        with self._lock:
            self._shut_until = self._clock() + SECONDS_SHUT

    def open(self) -> None:
        with self._lock:
            self._shut_until = None


class _Outage(Exception):
    """No answer, or one that says: not now. `again`: worth another try at once."""

    def __init__(self, reason: str, again: bool) -> None:
        super().__init__(reason)
        self.again = again


class EmbeddingsServer:
    """Neither proxies from the environment nor redirects are followed: texts and key go to the named host only."""

    name = "server"

    def __init__(
        self,
        address: str,
        key: str = "",
        wait: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`http://host:8080/v1#model`. Raises ImproperlyConfigured."""
        self._secure, self._host, self._port, self._path, self.version = _parse_address(address)
        # http.client would quote a key that makes no header in its exception.
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise ImproperlyConfigured("CONSILIUM_EMBEDDINGS_KEY holds characters that no key has.")
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._wait, self._clock = wait, clock
        self._breaker = Breaker(clock)
        self._dimensions: int | None = None

    @property
    def dimensions(self) -> int:
        """Learnt from the first answer."""
        return self._dimensions or self.embed(["?"]).shape[1]

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        # Servers refuse an empty text, and with it all that were sent along.
        cleaned = [clean_text(text, CHARACTERS_SENT) or "?" for text in texts]
        if not cleaned:
            return np.empty((0, self.dimensions), dtype=np.float32)
        starts = range(0, len(cleaned), TEXTS_A_REQUEST)
        return np.concatenate([self._embed_batch(cleaned[start : start + TEXTS_A_REQUEST]) for start in starts])

    def _embed_batch(self, texts: list[str]) -> np.ndarray:
        # A server that was away gets one try: somebody waits for it.
        pauses = SECONDS_BEFORE_RETRIES if self._breaker.enter() else ()
        try:
            status, body = self._ask(json.dumps({"model": self.version, "input": texts}).encode(), pauses)
        except _Outage as outage:
            self._breaker.shut()
            raise EmbedderUnavailable(f"The embeddings server {outage}.") from None
        self._breaker.open()
        if status != 200:
            raise EmbedderUnavailable(f"The embeddings server answered with status {status}.")
        rows = _rows(body, len(texts))
        if rows is None or rows.shape[1] != (self._dimensions or rows.shape[1]):
            raise EmbedderUnavailable("The embeddings server gave an answer that does not fit the question.")
        self._dimensions = rows.shape[1]
        return unit_rows(rows)

    def _ask(self, body: bytes, pauses: Sequence[float]) -> tuple[int, bytes]:
        for pause in pauses:
            try:
                return self._ask_once(body)
            except _Outage as outage:
                if not outage.again:
                    raise
            self._wait(pause)
        return self._ask_once(body)

    def _ask_once(self, body: bytes) -> tuple[int, bytes]:
        """Status and body. Raises _Outage; never what http.client raises, which may quote what was sent."""
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=SECONDS_A_REQUEST)
        try:
            connection.request("POST", self._path, body, self._headers)
            response = connection.getresponse()
            if response.status == 429 or response.status >= 500:
                raise _Outage(f"answered with status {response.status}", again=True)
            return response.status, self._read(response)
        except TimeoutError:
            raise _Outage("did not answer in time", again=False) from None
        except (OSError, http.client.HTTPException) as error:
            raise _Outage(f"cannot be reached ({type(error).__name__})", again=True) from None
        finally:
            connection.close()

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        """The time-out of a connection is for every piece of an answer; this one is for all of them."""
        body, end = b"", self._clock() + SECONDS_A_REQUEST
        while piece := response.read1(1_000_000):
            body += piece
            if len(body) > MOST_ANSWERED or self._clock() > end:
                raise _Outage("answers without end", again=False)
        return body


def _parse_address(address: str) -> tuple[bool, str, int | None, str, str]:
    """TLS or not, host, port, path of the request, model."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or not address.isascii() or not address.isprintable() or " " in address:
        raise ImproperlyConfigured("CONSILIUM_EMBEDDERS: a server's address looks like http://host:8080/v1#model.")
    if parts.username is not None or parts.query:
        raise ImproperlyConfigured("CONSILIUM_EMBEDDERS: no secrets in an address; set CONSILIUM_EMBEDDINGS_KEY.")
    if not parts.fragment:
        raise ImproperlyConfigured(f"CONSILIUM_EMBEDDERS: name the model at the end of {address}#model.")
    return parts.scheme == "https", host, port, f"{parts.path.rstrip('/')}/embeddings", unquote(parts.fragment)


def _rows(body: bytes, count: int) -> np.ndarray | None:
    """The vectors in the order of the texts; None if the answer is not `count` rows of finite numbers, all as long."""
    try:
        data = sorted(json.loads(body)["data"], key=lambda item: item["index"])
        if [item["index"] for item in data] != list(range(count)):
            return None
        rows = np.array([item["embedding"] for item in data])
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    if rows.ndim != 2 or rows.shape[1] == 0 or rows.dtype.kind not in "iuf" or not np.isfinite(rows).all():
        return None
    return rows
