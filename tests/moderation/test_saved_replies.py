"""Saved replies: own and shared ones, kept by whom they belong to, inserted with their placeholders filled."""

import pytest
from django.db import IntegrityError
from django.test import Client

from forum.replies.models import SavedReply
from tests.factories import DoctorFactory, QuestionFactory, SavedReplyFactory, SpecialtyFactory, UserFactory
from tests.html import parse
from tests.moderation.desk import WORK, address, browser, send

pytestmark = pytest.mark.django_db
LIST = "/dashboard/saved-replies/"
NEW = {"title": "Common", "language": "en", "text": "This is common."}


@pytest.fixture
def doctor():
    return DoctorFactory(specialties=[SpecialtyFactory(name="Neurology")])


@pytest.fixture
def question(doctor):
    return QuestionFactory(specialty=doctor.specialties.get(), pseudonym="Kk", age_band="20-29")


def test_a_doctor_sees_the_own_and_the_shared_ones(doctor):
    SavedReplyFactory(owner=doctor, title="Mine")
    SavedReplyFactory(title="A colleague's")
    SavedReplyFactory(shared=True, title="For all")

    page = parse(browser(doctor).get(LIST))

    assert page.one("main").texts("summary") == ["Mine", "For all"]
    assert page.one("main").texts("button") == ["Delete", "Add"]


def test_a_doctor_adds_one(doctor):
    response = browser(doctor).post(LIST, NEW)

    assert (response.status_code, response["Location"]) == (302, LIST)
    assert list(SavedReply.objects.values_list("owner", "title", "language", "text")) == [
        (doctor.pk, "Common", "en", "This is common.")
    ]


@pytest.mark.parametrize("changes", [{"title": " "}, {"text": "\n"}, {"language": "xx"}, {"text": "x" * 5001}])
def test_what_cannot_be_saved_is_shown_again(doctor, changes):
    response = browser(doctor).post(LIST, NEW | changes)

    assert (response.status_code, SavedReply.objects.count()) == (422, 0)
    assert parse(response).all(class_="error-summary") != []


def test_a_doctor_changes_the_own_one(doctor):
    saved = SavedReplyFactory(owner=doctor)

    browser(doctor).post(f"{LIST}{saved.pk}/", NEW)

    assert SavedReply.objects.values("owner", "title", "text").get() == {
        "owner": doctor.pk,
        "title": "Common",
        "text": "This is common.",
    }


def test_a_doctor_deletes_the_own_one(doctor):
    saved = SavedReplyFactory(owner=doctor)

    browser(doctor).post(f"{LIST}{saved.pk}/delete/")

    assert SavedReply.objects.count() == 0


@pytest.mark.parametrize("whose", ["another", "shared"])
@pytest.mark.parametrize("path", ["", "delete/"])
def test_nobody_changes_or_deletes_what_is_not_the_own(doctor, whose, path):
    saved = SavedReplyFactory(shared=whose == "shared", text="As it was.")

    response = browser(doctor).post(f"{LIST}{saved.pk}/{path}", NEW)

    assert response.status_code == 404
    assert SavedReply.objects.get().text == "As it was."


def test_nobody_takes_over_a_saved_reply_by_naming_an_owner(doctor):
    browser(doctor).post(LIST, NEW | {"owner": DoctorFactory().pk})

    assert SavedReply.objects.get().owner == doctor


def test_admins_keep_the_shared_ones_and_see_no_others():
    shared, own = SavedReplyFactory(shared=True), SavedReplyFactory()
    client = Client()
    client.force_login(UserFactory(admin=True))

    client.post("/admin/replies/savedreply/add/", NEW)

    assert client.get(f"/admin/replies/savedreply/{shared.pk}/change/").status_code == 200
    assert client.get(f"/admin/replies/savedreply/{own.pk}/change/").status_code == 302
    assert SavedReply.objects.get(title="Common").owner is None


def test_placeholders_are_filled(question):
    saved = SavedReplyFactory(text="Hello {name}, at {age} this is common in {specialty}. {other} {{name}}")

    assert saved.filled_for(question) == "Hello Kk, at 20~29 this is common in Neurology. {other} {Kk}"


@pytest.mark.parametrize(("language", "filled"), [("en", "Hello there, at your age"), ("zh-hant", "您您這個年紀")])
def test_what_the_patient_did_not_say_is_filled_with_a_word_for_it(question, language, filled):
    question.pseudonym = question.age_band = ""
    texts = {"en": "Hello {name}, at {age}", "zh-hant": "{name}{age}"}

    assert SavedReplyFactory(language=language, text=texts[language]).filled_for(question) == filled


def test_a_pseudonym_fills_no_placeholder_itself(question):
    question.pseudonym = "{specialty}"

    assert SavedReplyFactory(text="{name}").filled_for(question) == "{specialty}"


def test_the_work_page_offers_those_in_the_language_of_the_question(doctor, question):
    SavedReplyFactory(owner=doctor, title="Mine", text="Hello {name} & all.")
    SavedReplyFactory(shared=True, title="For all", text="Hello.")
    SavedReplyFactory(owner=doctor, title="疲勞", language="zh-hant")
    SavedReplyFactory(title="A colleague's")

    options = parse(browser(doctor).get(address(question))).one("select", id="saved-reply").all("option")

    assert [(option.text, option.attrs["data-text"]) for option in options] == [
        ("Mine", "Hello Kk & all."),
        ("For all · for all", "Hello."),
    ]


def test_without_scripts_it_is_inserted_under_the_reply_and_nothing_is_lost(doctor, question):
    saved = SavedReplyFactory(owner=doctor, text="Hello {name}.")

    response = send(browser(doctor), question, "insert", saved_reply=str(saved.pk), text="Begun.\n")

    page = parse(response)
    assert response.status_code == 200
    assert page.one("textarea", name="text").source.strip() == "Begun.\n\nHello Kk."
    assert page.one("textarea", name="more_info").source.strip() == WORK["more_info"]
    assert question.drafts.count() == 0


@pytest.mark.parametrize("chosen", ["", "0", "x", "9" * 30, "another"])
def test_one_that_is_not_there_to_be_used_inserts_nothing(doctor, question, chosen):
    if chosen == "another":
        chosen = str(SavedReplyFactory(text="A colleague's words.").pk)

    page = parse(send(browser(doctor), question, "insert", saved_reply=chosen, text="Begun."))

    assert page.one("textarea", name="text").source.strip() == "Begun."


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("saved_reply_has_title_and_text", {"title": ""}),
        ("saved_reply_has_title_and_text", {"text": ""}),
        ("saved_reply_language_known", {"language": "xx"}),
    ],
)
def test_saved_reply_that_cannot_be_is_refused_by_the_database(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        SavedReplyFactory(**fields)


@pytest.mark.parametrize(
    ("language", "first"),
    [("en", "Thank you for your question. I understand that"), ("zh-hant", "謝謝您的提問。我了解您擔心的是")],
)
def test_an_outline_is_offered_in_the_language_of_the_question(doctor, question, language, first):
    type(question).objects.update(language=language)

    outline = parse(browser(doctor).get(address(question))).one("pre", id="outline")

    lines = outline.source.split("\n\n")
    assert (lines[0], len(lines), outline.attrs["lang"]) == (first, 4, language)
