import pytest

from forum.search.embedders import choice
from tests.meaning import WordEmbedder


@pytest.fixture
def word_embedder(monkeypatch, settings) -> WordEmbedder:
    """It serves every language."""
    embedder = WordEmbedder()
    monkeypatch.setitem(choice.BUNDLED, "words", (lambda: embedder, str))
    monkeypatch.setattr(choice, "_opened", {})
    settings.EMBEDDERS = "*=words"
    return embedder
