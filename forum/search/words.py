"""Texts as PostgreSQL's full text sees them.

Chinese, which has no spaces, is indexed as single characters and as pairs of neighbours, all in Simplified characters
and mainland words, so that a reader who writes Traditional finds what a patient wrote in Simplified.
"""

import re

from django.contrib.postgres.search import SearchQuery

from forum.safety.chinese import HAN, convert
from forum.search.abbreviations import spelled_out
from forum.search.misspellings import with_right_spelling
from forum.search.other_names import with_other_names

HAN_RUN = re.compile(f"{HAN.pattern}+")
LATIN_WORD = re.compile(r"[^\W_]+")
# Words of Taiwan and Hong Kong that a change of characters alone would leave as they are.
REGIONAL = re.compile("[A-Ea-e]型?肝")


def is_chinese(language: str) -> bool:
    return language.lower().startswith("zh")


def language_group(language: str) -> str:
    """The two letters by which texts are compared: Traditional and Simplified Chinese are one."""
    return language[:2].lower()


def config_for(language: str) -> str:
    """The text search configuration for a language."""
    return "english" if language.lower().startswith("en") else "simple"


def one_script(text: str) -> str:
    """Chinese in Simplified characters, with the mainland's words; what is so already stays as it is.

    The words are changed only in a text that is Traditional: in a Simplified one that step would spoil some.
    """
    if not HAN.search(text):
        return text
    if convert(text, "t2s") == text and not REGIONAL.search(text):
        return text
    return convert(text, "tw2sp")


def as_read(text: str, language: str) -> str:
    """What index and embedders read for a text: Chinese in one script, English with abbreviations, other names of
    illnesses and misspelled words explained.
    """
    if is_chinese(language):
        return one_script(text)
    return with_right_spelling(with_other_names(spelled_out(text))) if language.lower().startswith("en") else text


def character_pairs(text: str) -> list[str]:
    """All pairs of neighbouring Chinese characters, in one script; a character that stands alone is kept as it is."""
    return [run[i : i + 2] for run in HAN_RUN.findall(one_script(text)) for i in range(max(len(run) - 1, 1))]


def indexable(text: str, language: str) -> str:
    """What to hand to `to_tsvector`: the text itself or, for Chinese, its characters, its pairs and its other words."""
    text = as_read(text, language)
    if not is_chinese(language):
        return text
    pairs = [pair for pair in character_pairs(text) if len(pair) == 2]
    return " ".join([*HAN.findall(text), *pairs, *LATIN_WORD.findall(HAN_RUN.sub(" ", text))])


def web_query(text: str) -> str:
    """A reader's query as `websearch_to_tsquery` takes it: Chinese as its pairs, together where it is quoted."""
    pieces = re.split(r'("[^"]*")', text)
    return "".join(
        HAN_RUN.sub(lambda run: f" {' '.join(character_pairs(run.group()))} ", one_script(piece)) for piece in pieces
    )


def text_query(text: str) -> SearchQuery:
    """A cleaned query as Django takes it; quoted phrases, "or" and "-" are honoured."""
    text = web_query(text)
    return SearchQuery(text, config="english", search_type="websearch") | SearchQuery(
        text, config="simple", search_type="websearch"
    )


def clean_query(text: str, limit: int = 300) -> str:
    """A reader's query as one bounded line of ordinary characters: no NUL, lone surrogates or direction marks."""
    text = text[: limit * 4].encode("utf-8", "ignore").decode()
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())[:limit]
