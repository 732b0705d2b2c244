"""A word's meaning, right spelling or usual name in brackets behind it, where index and embedders read it."""

import re
from collections.abc import Iterable

WORD = re.compile(r"[\w'’]+")


def with_glosses(text: str, glosses: Iterable[tuple[int, str]]) -> str:
    """The text with each gloss, which is in small letters, behind its place; they come in the order of the places.

    A gloss stands only once, and not at all in a text that holds its words already.
    """
    held = _as_words(text)
    parts: list[str] = []
    done = 0
    for end, gloss in glosses:
        words = _as_words(gloss)
        if words not in held:
            held += words
            parts += (text[done:end], f" ({gloss})")
            done = end
    return "".join((*parts, text[done:])) if parts else text


def _as_words(text: str) -> str:
    return f" {' '.join(WORD.findall(text.lower()))} "
