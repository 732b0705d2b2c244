"""The words and characters by which a topic's name is told from the rest of a sentence, as boilerplate.txt has them."""

import re
from pathlib import Path


def _sections(text: str) -> dict[str, list[str]]:
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    _, *parts = re.split(r"^\[(.+)\]$", lines, flags=re.MULTILINE)
    return {name: words.split() for name, words in zip(parts[::2], parts[1::2], strict=True)}


WORDS = _sections(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8"))

STOP_WORDS = frozenset(WORDS["stop words"])
NOT_ALONE = frozenset(WORDS["not alone"])
MEDICAL_ENDINGS = tuple(WORDS["medical endings"])
ADJECTIVE_ENDINGS = tuple(WORDS["adjective endings"])
CHINESE_BREAK = re.compile("|".join(WORDS["chinese breaks"]))
CHINESE_NOT_FIRST = frozenset(WORDS["chinese not first"])
CHINESE_NOT_LAST = frozenset(WORDS["chinese not last"])
CHINESE_NOT_ALONE = frozenset(WORDS["chinese not alone"])
CHINESE_MEDICAL = frozenset(WORDS["chinese medical"])
