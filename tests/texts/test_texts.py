"""The words that count: an admin's, the site's own, in which language, and from when on."""

from functools import partial

import pytest
from django.db import InternalError, connection, transaction
from django.utils.translation import override

from forum.archive.own_data import forget_account
from forum.moderation.text_forms import TextForm
from forum.texts import current
from forum.texts.current import default_words, suppose, words_of
from forum.texts.models import TextRevision, TextVersion
from forum.texts.registry import TEXTS, register
from forum.texts.services import ChangedMeanwhile, newest_numbers, restore_text, save_text
from tests.factories import UserFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db

CODE = "notice.footer"
NEWS = "There is news for you"
OWN = (
    "The answers here are general information. They do not replace a visit to a doctor. In an emergency, call your "
    "emergency number at once."
)


@pytest.fixture
def admin():
    return UserFactory(admin=True)


def say(words: str, by, language: str = "en", **options) -> list[str]:
    options = {"reason": "Clearer", "seen": newest_numbers(CODE)} | options
    return save_text(code=CODE, words={language: {"text": words}}, by=by, **options)


def said(language: str = "en") -> str:
    return words_of(CODE, language)["text"]


def rows() -> list[tuple]:
    revisions = TextRevision.objects.order_by("pk")
    return list(revisions.values_list("language", "number", "words__text", "is_default", "by", "reason"))


def test_without_an_admins_words_the_sites_own_stand():
    assert (said("en"), said("zh-hant"), said("fr")) == (OWN, OWN, OWN)


def test_an_admins_words_count_at_once_and_stand_with_who_and_why(admin):
    assert say("Not a doctor.", admin) == ["en"]

    assert said("en") == "Not a doctor."
    assert rows() == [("en", 1, "Not a doctor.", False, admin.pk, "Clearer")]


def test_the_newest_words_count_and_the_older_stay(admin):
    say("One.", admin)
    say("Two.", admin)

    assert said() == "Two."
    assert [row[:3] for row in rows()] == [("en", 1, "One."), ("en", 2, "Two.")]


@pytest.mark.django_db(transaction=True)
def test_of_two_admins_at_once_one_is_told():
    admins, seen = [UserFactory(admin=True) for _ in range(4)], newest_numbers(CODE)

    outcomes = at_once(*(partial(say, f"By {n}.", admin, seen=seen) for n, admin in enumerate(admins)))

    assert sorted(map(str, outcomes)) == ["['en']", CODE, CODE, CODE]
    (saved,) = (n for n, outcome in enumerate(outcomes) if outcome == ["en"])
    assert ([row[:3] for row in rows()], said()) == ([("en", 1, f"By {saved}.")], f"By {saved}.")


@pytest.mark.django_db(transaction=True)
def test_readers_on_other_connections_see_only_what_is_committed(admin):
    def read() -> str:
        current.forget()
        return said()

    with transaction.atomic():
        say("One.", admin)
        before = at_once(read)
    after = at_once(read)

    assert (before, after) == ([OWN], ["One."])


def test_what_is_not_translated_is_the_english_that_counts(admin):
    say("Not a doctor.", admin)

    assert (said("zh-hant"), said("fr")) == ("Not a doctor.", "Not a doctor.")


def test_each_language_has_words_of_its_own(admin):
    say("Not a doctor.", admin)
    say("不是醫師。", admin, "zh-hant")

    with override("zh-hant"):
        assert words_of(CODE)["text"] == "不是醫師。"
    with override("en"):
        assert words_of(CODE)["text"] == "Not a doctor."


def test_what_the_code_has_translated_is_not_replaced_by_an_admins_english(admin, monkeypatch):
    field = TEXTS[CODE].fields[0]
    monkeypatch.setitem(TEXTS, CODE, TEXTS[CODE].__class__(**{**vars(TEXTS[CODE]), "fields": (Translated(field),)}))

    say("Not a doctor.", admin)

    assert (said("en"), said("zh-hant")) == ("Not a doctor.", "zh-hant words")


class Translated:
    """A field whose own words differ by language, as gettext's do."""

    name = "text"

    def __init__(self, field) -> None:
        self.field = field

    @property
    def default(self) -> str:
        return f"{current.get_language()} words"


def test_saving_the_same_again_changes_nothing(admin):
    seen = newest_numbers(CODE)
    say("Not a doctor.", admin, seen=seen)

    assert say("Not a doctor.", admin, seen=seen) == []
    assert len(rows()) == 1


def test_who_has_not_seen_the_newest_words_does_not_replace_them(admin):
    seen = newest_numbers(CODE)
    say("One.", admin, seen=seen)

    with pytest.raises(ChangedMeanwhile):
        say("Two.", UserFactory(admin=True), seen=seen)

    assert said() == "One."


def test_the_sites_own_words_come_back(admin):
    say("Not a doctor.", admin)
    back = {"code": CODE, "language": "en", "number": 0, "by": admin, "reason": "Better"}

    done = [restore_text(**back, seen=newest_numbers(CODE)) for _ in range(2)]

    assert (done, said()) == ([True, False], OWN)
    assert rows()[1] == ("en", 2, OWN, True, admin.pk, "Better")


def test_an_old_version_comes_back_as_a_new_one(admin):
    say("One.", admin)
    say("Two.", admin)
    back = {"code": CODE, "language": "en", "number": 1, "by": admin, "reason": "Better"}

    done = [restore_text(**back, seen=newest_numbers(CODE)) for _ in range(2)]

    assert (done, said()) == ([True, False], "One.")
    assert [row[:3] for row in rows()] == [("en", 1, "One."), ("en", 2, "Two."), ("en", 3, "One.")]


@pytest.mark.parametrize(
    "change",
    [
        lambda: TextRevision.objects.update(words={"text": "Forged."}),
        lambda: TextRevision.objects.update(reason="Forged."),
        lambda: TextRevision.objects.all().delete(),
        lambda: connection.cursor().execute("UPDATE texts_textrevision SET is_default = true"),
        lambda: connection.cursor().execute("DELETE FROM texts_textrevision"),
    ],
)
def test_what_was_said_cannot_be_changed_afterwards(admin, change):
    say("One.", admin)

    with pytest.raises(InternalError, match="history is append-only"), transaction.atomic():
        change()

    assert [row[2] for row in rows()] == ["One."]


def test_an_account_that_is_deleted_leaves_what_it_has_said():
    former = UserFactory()
    say("One.", former)

    forget_account(former)

    assert rows() == [("en", 1, "One.", False, None, "Clearer")]


def test_words_are_read_once_until_they_change(admin, django_assert_num_queries):
    say("One.", admin)
    said()

    with django_assert_num_queries(0):
        assert (said(), said("zh-hant"), words_of("mail.news", "en")["subject"]) == ("One.", "One.", NEWS)


def test_a_change_by_another_process_is_seen_when_the_version_is_asked_for(admin, django_assert_num_queries):
    say("One.", admin)
    said()
    TextRevision.objects.create(code=CODE, language="en", number=2, words={"text": "Two."}, reason="Elsewhere")

    before = said()
    with django_assert_num_queries(2):
        current.keep_current(TextVersion.objects.get().number)
    with django_assert_num_queries(0):
        after = said()

    assert (before, after) == ("One.", "Two.")


def test_a_change_that_is_undone_leaves_nothing(admin):
    with transaction.atomic():
        say("One.", admin)
        before = said()
        transaction.set_rollback(True)

    current.forget()
    assert (before, said(), rows()) == ("One.", OWN, [])


def test_supposed_words_count_inside_alone():
    with suppose({(CODE, "en"): {"text": "Perhaps."}}):
        inside = said("en"), said("zh-hant")

    assert (inside, said()) == (("Perhaps.", "Perhaps."), OWN)


def test_a_text_is_registered_once():
    with pytest.raises(ValueError, match=CODE):
        register(TEXTS[CODE])


@pytest.mark.parametrize("code", [code for code in TEXTS if code[:8] != "numbers." or code[-2:] in ("TW", "US", "ZZ")])
def test_the_sites_own_words_are_right_and_change_nothing_when_they_are_sent(code, admin):
    text, words = TEXTS[code], {}
    for language in text.languages:
        words |= {f"{language}-{name}": typed for name, typed in words_of(code, language).items()}
    form = TextForm({**words, "reason": "None"}, text=text, seen={})

    assert form.errors == {}
    assert save_text(code=code, words=form.words(), by=admin, reason="None", seen={}) == []


@pytest.mark.parametrize("code", [code for code in TEXTS if not code.startswith("numbers.")])
@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_every_text_can_be_looked_at(code, language):
    shown = "Words of an admin {link} {number} {unsubscribe} {emergency}"
    changed = dict.fromkeys(default_words(code, language), shown)

    with override(language), suppose({(code, language): changed}):
        preview = TEXTS[code].preview()

    assert "Words of an admin" in preview.html
