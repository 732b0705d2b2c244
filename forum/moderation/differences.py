"""Two versions of a text, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import takewhile

CJK = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# An address, a character of a script without spaces between words, a word, a sign, white space.
WORD = re.compile(rf"https?://\S+|[{CJK}]|[^\W{CJK}]+|[^\w\s]|\s+")
# Word by word takes time with the square of the length: beyond this a passage is shown as replaced in one piece.
MOST_PAIRS = 4_000_000


class Change(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Part:
    """A passage that stayed, went or came."""

    change: Change
    text: str


def difference(before: str, after: str) -> list[Part]:
    """What became of `before`: the parts that are not `added` give it, those that are not `removed` give `after`."""
    parts: list[Part] = []
    lines = [text.splitlines(keepends=True) for text in (before, after)]
    for same, old, new in _passages(*lines):
        words = [WORD.findall("".join(passage)) for passage in (old, new)]
        if same or len(words[0]) * len(words[1]) > MOST_PAIRS:
            _append(parts, same, old, new)
            continue
        for kept, gone, come in _passages(*words):
            _append(parts, kept, gone, come)
    return parts


def _passages(before: list[str], after: list[str]):
    """(whether it stayed, what stood there, what stands there), in order."""
    if len(before) * len(after) > MOST_PAIRS:
        yield False, before, after
        return
    for tag, start, end, new_start, new_end in SequenceMatcher(str.isspace, before, after).get_opcodes():
        yield tag == "equal", before[start:end], after[new_start:new_end]


def _append(parts: list[Part], same: bool, before: list[str], after: list[str]) -> None:
    tail = len(after) if same else _common_end(before, after)
    changed, stayed = len(after) - tail, after[len(after) - tail :]
    removed = before[: len(before) - tail]
    for change, pieces in ((Change.REMOVED, removed), (Change.ADDED, after[:changed]), (Change.SAME, stayed)):
        if text := "".join(pieces):
            if parts and parts[-1].change == change:
                text = parts.pop().text + text
            parts.append(Part(change, text))


def _common_end(before: list[str], after: list[str]) -> int:
    """How many pieces both end with: white space, by which alone no passage is recognised."""
    from_the_end = zip(reversed(before), reversed(after), strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], from_the_end))
