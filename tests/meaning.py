"""An embedder for tests: what a text means is which of a few words it holds."""

import numpy as np

from forum.search.embedders import EmbedderUnavailable
from forum.search.embedders.base import unit_rows

WORDS = ("tooth", "gum", "heart", "pulse", "skin", "rash", "eye", "lens", "牙", "心")


class WordEmbedder:
    """`calls` counts how often it was asked; while `is_out` it is as a server that does not answer."""

    name = "words"
    dimensions = len(WORDS) + 1

    def __init__(self) -> None:
        self.version = "1"
        self.calls = 0
        self.is_out = False

    def embed(self, texts) -> np.ndarray:
        self.calls += 1
        if self.is_out:
            raise EmbedderUnavailable("It is out.")
        # The last number is what all texts have in common: none is without a direction.
        return unit_rows(np.array([[*(text.lower().count(word) for word in WORDS), 0.2] for text in texts]))
