"""Changing a text: each change is a row with who, when and why."""

from collections.abc import Mapping

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction

from forum.texts import current
from forum.texts.current import Words, admins_words, default_words, put_together
from forum.texts.models import Language, TextRevision
from forum.texts.registry import TEXTS

ONE_CHANGE_AT_A_TIME = 7_265_211  # of the locks that PostgreSQL keeps for applications


class ChangedMeanwhile(Exception):
    """Somebody else has changed the text, in the same language, since its words were read."""


def newest_numbers(code: str) -> dict[str, int]:
    """The number of the newest revision of each language of a text, 0 where there is none."""
    numbers = dict(TextRevision.objects.newest().filter(code=code).values_list("language", "number"))
    return {language: numbers.get(language, 0) for language in TEXTS[code].languages}


def changed_from(code: str, words: Mapping[str, Words], seen: Mapping[str, int]) -> list[str]:
    """The languages in which these words are others than those that stood there with these numbers."""
    rows = {}
    for language in words:
        old = TextRevision.objects.filter(code=code, language=language, number=seen.get(language, 0)).first()
        if old and not old.is_default:
            rows[code, language] = old.words
    return [language for language in words if words[language] != put_together(code, language, rows)]


@transaction.atomic
def save_text(
    *, code: str, words: Mapping[str, Words], by: AbstractBaseUser, reason: str, seen: Mapping[str, int]
) -> list[str]:
    """Put these words, by language, in place of those that count; the languages in which that changes anything.

    `seen` are the numbers of the revisions that the admin had in view: a language in which they say nothing else is
    left alone, whatever it says now. Harmless when repeated.
    """
    _alone()
    now, newest = admins_words(TextRevision.objects.filter(code=code)), newest_numbers(code)
    changed = [each for each in changed_from(code, words, seen) if words[each] != put_together(code, each, now)]
    if any(newest[language] != seen.get(language, 0) for language in changed):
        raise ChangedMeanwhile(code)
    for language in changed:
        _add(code, language, words=words[language], by=by, reason=reason)
    return changed


@transaction.atomic
def restore_text(
    *, code: str, language: str, number: int, by: AbstractBaseUser, reason: str, seen: Mapping[str, int]
) -> bool:
    """Let an old revision's words count again, number 0 being the site's own; whether that changes anything."""
    _alone()
    newest = TextRevision.objects.filter(code=code, language=language).order_by("-number").first()
    old = TextRevision.objects.get(code=code, language=language, number=number) if number else None
    is_default = old is None or old.is_default
    words = default_words(code, language) if is_default else old.words
    stands = newest is None or newest.is_default if is_default else newest.words == words and not newest.is_default
    if stands:
        return False
    if (newest.number if newest else 0) != seen.get(language, 0):
        raise ChangedMeanwhile(code)
    _add(code, language, words=words, is_default=is_default, by=by, reason=reason)
    return True


def _alone() -> None:
    """Until the transaction ends nobody else changes a text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_CHANGE_AT_A_TIME])


def _add(code: str, language: str, **fields) -> TextRevision:
    newest = TextRevision.objects.filter(code=code, language=language).order_by("-number").first()
    number = newest.number + 1 if newest else 1
    revision = TextRevision.objects.create(code=code, language=Language(language), number=number, **fields)
    current.forget()
    transaction.on_commit(current.forget)
    return revision
