"""Medical abbreviations of English, spelled out, so that IBS and irritable bowel syndrome find each other.

Only those that mean one thing on a site like this are in the list; one with two common meanings (PE, MS) is not.
"""

import re
from functools import cache
from pathlib import Path

LIST = Path(__file__).parent / "abbreviations.tsv"
IN_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]{1,5}s?\b")


@cache
def _meanings() -> dict[str, str]:
    return dict(line.split("\t") for line in LIST.read_text(encoding="utf-8").splitlines())


def spelled_out(text: str) -> str:
    """The text with the meaning behind each abbreviation's first occurrence, where it does not hold it already.

    `IBS` becomes `IBS (irritable bowel syndrome)`; in a text that is mostly capitals nothing does.
    """
    if not IN_CAPITALS.search(text) or _is_shouted(text):
        return text
    told: set[str] = set()
    lower = text.lower()

    def with_meaning(match: re.Match[str]) -> str:
        word = match.group()
        short = word if word in _meanings() else word.removesuffix("s")
        meaning = _meanings().get(short, "")
        if not meaning or short in told or meaning in lower:
            return word
        told.add(short)
        return f"{word} ({meaning})"

    return IN_CAPITALS.sub(with_meaning, text)


def _is_shouted(text: str) -> bool:
    capitals = sum(character.isupper() for character in text)
    return capitals > 0.5 * sum(character.isalpha() for character in text) and len(text.split()) > 3
