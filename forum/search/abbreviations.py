"""Medical abbreviations of English, spelled out, so that IBS and irritable bowel syndrome find each other.

Only those that mean one thing on a site like this are in the list; one with two common meanings (PE, MS) is not.
"""

import re
from functools import cache
from pathlib import Path

from forum.search.glosses import with_glosses

LIST = Path(__file__).parent / "abbreviations.tsv"
IN_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]{1,5}s?\b")


@cache
def _meanings() -> dict[str, str]:
    return dict(line.split("\t") for line in LIST.read_text(encoding="utf-8").splitlines())


def spelled_out(text: str) -> str:
    """The text with the meaning behind each abbreviation's first occurrence, where it does not hold it already.

    `IBS` becomes `IBS (irritable bowel syndrome)`; in a text that is mostly capitals nothing does.
    """
    if _is_shouted(text):
        return text
    found = ((match.end(), _meaning(match.group())) for match in IN_CAPITALS.finditer(text))
    return with_glosses(text, ((end, meaning) for end, meaning in found if meaning))


def _meaning(word: str) -> str:
    """What an abbreviation means, also where more than one is meant ("IUDs"); empty for other words."""
    return _meanings().get(word) or _meanings().get(word.removesuffix("s"), "")


def _is_shouted(text: str) -> bool:
    capitals = sum(character.isupper() for character in text)
    return capitals > 0.5 * sum(character.isalpha() for character in text) and len(text.split()) > 3
