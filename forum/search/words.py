"""Texts as PostgreSQL's full text sees them. Chinese, which has no spaces, is indexed as pairs of characters."""

import re

from forum.questions.language import HAN

HAN_RUN = re.compile(f"{HAN.pattern}+")
LATIN_WORD = re.compile(r"[^\W_]+")


def is_chinese(language: str) -> bool:
    return language.lower().startswith("zh")


def config_for(language: str) -> str:
    """The text search configuration for a language."""
    return "english" if language.lower().startswith("en") else "simple"


def character_pairs(text: str) -> list[str]:
    """All pairs of neighbouring Chinese characters; a character that stands alone is kept as it is."""
    return [run[i : i + 2] for run in HAN_RUN.findall(text) for i in range(max(len(run) - 1, 1))]


def indexable(text: str, language: str) -> str:
    """What to hand to `to_tsvector`: the text itself or, for Chinese, its pairs and its other words."""
    if not is_chinese(language):
        return text
    return " ".join([*character_pairs(text), *LATIN_WORD.findall(HAN_RUN.sub(" ", text))])


def clean_query(text: str, limit: int = 300) -> str:
    """A reader's query as one bounded line of ordinary characters: no NUL, lone surrogates or direction marks."""
    text = text[: limit * 4].encode("utf-8", "ignore").decode()
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())[:limit]
