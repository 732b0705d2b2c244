"""One line of an archive: bytes in, a checked Record out, or `Rejected` with the reason. Knows no database."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from forum.archive.fields import Fields, Rejected, checked_text, short
from forum.questions.language import detect_language

MAX_TITLE = 200
MAX_MADE_TITLE = 120
MAX_SOURCE = 5000
SEXES = ("female", "male", "other")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
SENTENCE = re.compile(r".+?(?:[.!?]+(?=\s|$)|[。！？]+)")
BROKEN_OFF = re.compile(r"\s*|t(ru?)?|f(a(ls?)?)?|nu?l?|-|\\?u?[0-9a-fA-F]{0,3}")
SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")

LINE_KEYS = {"id", "lang", "specialty", "title", "question", "replies", "more_info", "topics"}
QUESTION_KEYS = {"title", "text", "date", "asker"}
ASKER_KEYS = {"name", "age_from", "age_to", "sex"}
REPLY_KEYS = {"doctor", "specialty", "text", "date"}
ARTICLE_KEYS = {"text", "sources"}
SOURCE_KEYS = {"title", "url"}


@dataclass(frozen=True, slots=True)
class ReplyRecord:
    """One reply; `specialty` is None where it is the question's."""

    doctor: str | None
    specialty: str | None
    text: str
    replied_on: date | None


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """The More Info; each source has exactly the keys `title` and `url`."""

    text: str
    sources: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Record:
    """One thread as the database will hold it, names in place of ids. `unknown`: paths of keys that were left out."""

    id: str
    language: str
    specialty: str
    title: str
    headline: str
    text: str
    asked_on: date | None
    pseudonym: str
    age_band: str
    sex: str
    replies: tuple[ReplyRecord, ...]
    article: ArticleRecord | None
    topics: tuple[str, ...]
    unknown: tuple[str, ...]


def parse_line(line: bytes) -> Record:
    """The thread of one line. Raises Rejected for a line that is not taken."""
    unknown: list[str] = []
    thread = Fields(_decode(line), "", LINE_KEYS, unknown)
    archive_id = thread.required_text("id", most=200)
    specialty = thread.required_text("specialty", most=80).strip()
    question = thread.object("question", QUESTION_KEYS)
    if question is None:
        raise Rejected("question is missing")
    text = question.required_text("text")
    title = thread.text("title", most=MAX_TITLE)
    headline = question.text("title", most=MAX_TITLE)
    pseudonym, age_band, sex = _asker(question)
    return Record(
        id=archive_id,
        language=_language(thread) or detect_language(f"{headline or ''} {text}"),
        specialty=specialty,
        title=title or first_sentence(text),
        headline=headline or first_sentence(text),
        text=text,
        asked_on=question.date("date"),
        pseudonym=pseudonym,
        age_band=age_band,
        sex=sex,
        replies=_replies(thread),
        article=_article(thread),
        topics=_topics(thread),
        unknown=tuple(unknown),
    )


def first_sentence(text: str) -> str:
    """The first sentence of a text that is not blank, on one line, cut between words to 120 characters."""
    line = text.strip()[: 4 * MAX_MADE_TITLE].splitlines()[0]
    found = SENTENCE.match(line)
    sentence = " ".join((found.group() if found else line).split())
    if len(sentence) <= MAX_MADE_TITLE:
        return sentence
    cut = sentence[: MAX_MADE_TITLE - 1]
    head, space, _ = cut.rpartition(" ")
    return f"{head if space and len(head) > MAX_MADE_TITLE // 2 else cut}…"


def _decode(line: bytes) -> Any:
    """The JSON value of a line that holds no NUL and no half of a surrogate pair, neither written out nor escaped."""
    if b"\0" in line:
        raise Rejected("the line holds a NUL character")
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise Rejected(f"the line is not UTF-8 (byte {error.start + 1})") from None
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise Rejected(_what_breaks(error)) from None
    except RecursionError:
        raise Rejected("the line is nested too deeply") from None
    except Rejected:
        raise
    except ValueError as error:  # a number of thousands of digits
        raise Rejected(f"the line is not JSON: {error}") from None
    if b"\\u0000" in line and any("\0" in part for part in _strings(value)):
        raise Rejected("the line holds a NUL character")
    if SURROGATE_ESCAPE.search(line) and any(map(_has_lone_surrogate, _strings(value))):
        raise Rejected("the line holds half of a surrogate pair (a \\ud800 escape without its partner)")
    return value


def _refuse_constant(name: str) -> None:
    raise Rejected(f"the line is not JSON: it holds {name}")


def _what_breaks(error: json.JSONDecodeError) -> str:
    if error.msg.startswith("Unterminated string") or BROKEN_OFF.fullmatch(error.doc[error.pos :]):
        return "the line breaks off in the middle (truncated JSON)"
    return f"the line is not JSON: {error.msg} (character {error.pos + 1})"


def _strings(value: Any) -> Iterator[str]:
    """All texts in a JSON value, keys included."""
    stack = [value]
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            stack += [*value, *value.values()]
        elif isinstance(value, list):
            stack += value


def _has_lone_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _language(thread: Fields) -> str | None:
    language = thread.name("lang", most=10)
    if language is not None and not LANGUAGE.fullmatch(language.lower()):
        raise Rejected(f"lang must be a language code like en or zh-hant, not {short(language)}")
    return language and language.lower()


def _asker(question: Fields) -> tuple[str, str, str]:
    """Pseudonym, age band and sex, each empty where it is not known."""
    asker = question.object("asker", ASKER_KEYS)
    if asker is None:
        return "", "", ""
    sex = asker.name("sex", most=40)
    if sex is not None and sex not in SEXES:
        raise Rejected(f"{asker.at('sex')} must be female, male or other, not {short(sex)}")
    return asker.text("name", most=40) or "", _age_band(asker), sex or ""


def _age_band(asker: Fields) -> str:
    """The ten years in which the ages lie, or the one that is given; 90 and more are one band."""
    low, high = asker.whole_number("age_from"), asker.whole_number("age_to")
    known = [age for age in (low, high) if age is not None]
    bands = {min(age // 10, 9) for age in known}
    if len(bands) > 1 or any(not 0 <= age < 130 for age in known) or (len(known) == 2 and low > high):
        raise Rejected(f"{asker.path} must have an age of ten years like 20 to 29, or 90 to null, not {low} to {high}")
    if not bands:
        return ""
    decade = 10 * bands.pop()
    return "90+" if decade == 90 else f"{decade}-{decade + 9}"


def _replies(thread: Fields) -> tuple[ReplyRecord, ...]:
    replies = tuple(
        ReplyRecord(
            doctor=reply.name("doctor", most=300),
            specialty=reply.name("specialty", most=80),
            text=reply.required_text("text"),
            replied_on=reply.date("date"),
        )
        for reply in thread.objects("replies", REPLY_KEYS)
    )
    if not replies:
        raise Rejected("replies is missing: a thread has at least one reply")
    return replies


def _article(thread: Fields) -> ArticleRecord | None:
    article = thread.object("more_info", ARTICLE_KEYS)
    if article is None:
        return None
    sources = [_source(source) for source in article.objects("sources", SOURCE_KEYS)]
    text = article.text("text") if not sources else article.required_text("text")
    return ArticleRecord(text, sources) if text else None


def _source(source: Fields) -> dict[str, str]:
    url = source.required_text("url", most=MAX_SOURCE).strip()
    try:
        address = urlsplit(url)
    except ValueError:
        address = None
    if address is None or address.scheme not in ("http", "https") or not address.netloc:
        raise Rejected(f"{source.at('url')} must be an http or https address, not {short(url)}")
    return {"title": source.text("title", most=MAX_SOURCE) or url, "url": url}


def _topics(thread: Fields) -> tuple[str, ...]:
    """The names in their order, each once whatever its case."""
    topics: dict[str, str] = {}
    for item, path in thread.items("topics"):
        name = checked_text(item, path, 80)
        if name is None:
            raise Rejected(f"{path} is empty")
        topics.setdefault(name.strip().lower(), name.strip())
    return tuple(topics.values())
