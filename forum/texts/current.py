"""The words that count now. They are read from the database only when they have changed."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

from django.utils.translation import get_language, override

from forum.texts.models import Language, TextRevision, TextRevisionQuerySet, TextVersion
from forum.texts.registry import TEXTS

# Seconds for which this process believes its copy without asking for its version. Thread pages do not wait for it:
# they read the version together with the thread and hand it to `keep_current`.
BELIEVED = 5

Words = Mapping[str, str]
Rows = Mapping[tuple[str, str], Words]  # by code and language


class Copy:
    """All admins' words as of one version, and the words of each text and language that were put together from them."""

    def __init__(self, version: int, rows: Rows, believed_until: float) -> None:
        self.version, self.rows, self.believed_until = version, rows, believed_until
        self.words: dict[tuple[str, str], Words] = {}


_copy = Copy(-1, {}, 0)
_reading = Lock()
_supposed: ContextVar[Rows | None] = ContextVar("supposed_texts", default=None)


def words_of(code: str, language: str | None = None) -> Words:
    """The words of a text by field, in this language or the one that is active.

    An admin's, else the site's own; where those are not translated, the English that counts.
    """
    text = TEXTS[code]
    language = Language.ALL if text.languages == (Language.ALL,) else language or get_language() or Language.EN
    supposed = _supposed.get()
    if supposed is not None:
        return put_together(code, language, _current().rows | supposed)
    copy = _current()
    known = copy.words.get((code, language))
    if known is None:
        known = copy.words[code, language] = put_together(code, language, copy.rows)
    return known


def put_together(code: str, language: str, rows: Rows) -> dict[str, str]:
    """The words of a text were these all that admins have written."""
    own = default_words(code, language)
    if (code, language) in rows:
        return {**own, **rows[code, language]}
    if language in (Language.EN, Language.ALL) or (code, Language.EN) not in rows:
        return own
    english = default_words(code, Language.EN)
    return {
        name: rows[code, Language.EN].get(name, words) if words == english[name] else words
        for name, words in own.items()
    }


def default_words(code: str, language: str) -> dict[str, str]:
    """The site's own."""
    with override(Language.EN if language == Language.ALL else language):
        return {field.name: str(field.default) for field in TEXTS[code].fields}


def texts_version() -> int:
    """What stands on a page made with the texts of the same version does not differ in them."""
    return _current().version


def _current() -> Copy:
    return _copy if time.monotonic() < _copy.believed_until else _checked(_read_version())


def _read_version() -> int:
    return TextVersion.objects.values_list("number", flat=True).first() or 0


def keep_current(version: int) -> None:
    """Say which version the database has, as somebody has just read it there anyway."""
    _checked(version)


def _checked(version: int) -> Copy:
    """The copy, read anew where it is of another version; it is never older than the version it bears.

    One thread at a time: a copy that was read before another one must not take its place.
    """
    global _copy
    with _reading:
        if _copy.version != version:
            _copy = Copy(version, admins_words(TextRevision.objects.all()), 0)
        _copy.believed_until = time.monotonic() + BELIEVED
        return _copy


def admins_words(revisions: TextRevisionQuerySet) -> Rows:
    """Those that count among these."""
    rows = revisions.newest().values_list("code", "language", "words", "is_default")
    return {(code, language): words for code, language, words, is_default in rows if not is_default}


def forget() -> None:
    """Ask for the version again before the next text."""
    _copy.believed_until = 0


@contextmanager
def suppose(words: Rows) -> Iterator[None]:
    """For a preview: inside, these are the words of these texts and languages, for this request alone."""
    token = _supposed.set(dict(words))
    try:
        yield
    finally:
        _supposed.reset(token)
