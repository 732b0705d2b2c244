"""Other names of illnesses and drugs in English: who writes Kartagener's syndrome means primary ciliary dyskinesia.

An embedder of this size knows few of them, and to the index they are other words.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from forum.search.glosses import with_glosses

LIST = Path(__file__).with_name("other_names.tsv")
# Letter by letter, so that a place in the result is the same place in the text.
SMALL = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"} | {ord("’"): "'"}
LETTERS = re.compile(r"[^\W\d_]{2,}")


def with_other_names(text: str) -> str:
    """The text with the usual name behind the first occurrence of another one, where it does not hold it already.

    `kinky hair disease` becomes `kinky hair disease (Menkes disease)`.
    """
    return with_glosses(text, _usual_names_in(text))


def words_of_usual_names() -> frozenset[str]:
    return frozenset(LETTERS.findall(" ".join(_usual_names().values())))


def _usual_names_in(text: str) -> Iterator[tuple[int, str]]:
    """Where each other name ends and its usual one, in order; of names that begin together the longest."""
    usual = list(_usual_names().values())
    small = text.encode("utf-8", "replace").decode().translate(SMALL)  # lone surrogates, which are no text in Rust
    found = _names().find_matches_as_indexes(small, overlapping=True)
    done = 0
    for index, start, end in sorted(found, key=lambda match: (match[1], -match[2])):
        if start >= done and _is_whole(small, start, end):
            done = end
            yield end, usual[index]


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word begins before the place or goes on behind it."""
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


@cache
def _usual_names() -> dict[str, str]:
    return dict(line.split("\t") for line in LIST.read_text(encoding="utf-8").splitlines())


@cache
def _names() -> AhoCorasick:
    return AhoCorasick(list(_usual_names()), store_patterns=False)
