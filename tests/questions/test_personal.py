"""Personal data in what a patient sends: shown once, beside the field, and replaced or sent as the patient wants."""

import pytest
from django.test import Client

from forum.questions.models import Question
from tests.asking import WORDS, browser, send_form, send_question
from tests.factories import QuestionFactory, SpecialtyFactory, UserFactory, published_thread
from tests.html import Element, parse
from tests.questions.test_asking import value_of

pytestmark = pytest.mark.django_db
TELLING = "My eyelid twitches. I am 34. Call me on 0912 345 678, Mrs. Chen."
TOKEN = "a-secret-token-of-22ch"


@pytest.fixture
def neurology():
    return SpecialtyFactory(name="Neurology", slug="neurology")


def marks(page) -> list[str]:
    return page.one(class_="personal-checks").texts("mark")


def ask_form(response) -> Element:
    return parse(response).one("form", class_="ask-form")


def test_a_question_that_tells_who_asks_comes_back_once_with_what_was_found(neurology):
    patient = browser()

    answer = send_question(patient, neurology, text=TELLING, personal_shown="")

    form = ask_form(answer)
    assert (answer.status_code, Question.objects.count()) == (422, 0)
    assert form.one(class_="error-summary").headings() == ["h2 Not sent yet: this may tell who you are"]
    assert marks(form) == ["0912 345 678", "Mrs. Chen", "34"]
    assert form.texts(class_="findings__what") == [
        "What troubles you: looks like a phone number",
        "What troubles you: looks like a name",
        "What troubles you: looks like an exact age",
    ]
    assert [words for words in form.texts("button", class_="btn") if not words.startswith("Replace with")][:3] == [
        "Replace them",
        "Send as it is",
        "Write the age within ten years",
    ]
    assert value_of(form, "text") == TELLING


def test_sent_again_as_it_is_it_is_taken(neurology):
    patient = browser()
    shown = value_of(ask_form(send_question(patient, neurology, text=TELLING, personal_shown="")), "personal_shown")

    answer = send_question(patient, neurology, text=TELLING, personal_shown=shown)

    assert answer.url.startswith("/status/")
    assert Question.objects.get().text == TELLING


def test_what_was_added_since_is_shown_too(neurology):
    patient = browser()
    shown = value_of(ask_form(send_question(patient, neurology, text=TELLING, personal_shown="")), "personal_shown")

    answer = send_question(patient, neurology, text=f"{TELLING} chen@example.org", personal_shown=shown)

    assert answer.status_code == 422
    assert "chen@example.org" in marks(parse(answer))


def test_a_bare_post_of_the_fields_is_taken_at_once(neurology):
    answer = send_question(browser(), neurology, text=TELLING)

    assert answer.url.startswith("/status/")
    assert Question.objects.get().text == TELLING


@pytest.mark.parametrize("text", [WORDS["text"], "I am 34 and my eyelid twitches.", "Dr. Wu said call 119."])
def test_what_tells_nobody_is_taken_at_once(neurology, text):
    answer = send_question(browser(), neurology, text=text, personal_shown="")

    assert answer.url.startswith("/status/")


def test_replace_writes_other_words_and_keeps_all_the_rest(neurology):
    typed = {"pseudonym": "Kk", "age_band": "20-29", "sex": "female", "medication": "none", "email": "kk@example.org"}

    headline = "Mrs. Chen asks"
    answer = send_question(browser(), neurology, headline=headline, text=TELLING, act="replace", **typed)

    form = ask_form(answer)
    assert (answer.status_code, Question.objects.count()) == (200, 0)
    assert form.one(class_="notice--success").text == "Replaced. Please read it over, then send it."
    assert value_of(form, "headline") == "[name] asks"
    assert value_of(form, "text") == "My eyelid twitches. I am 34. Call me on [phone number], [name]."
    assert {name: value_of(form, name) for name in typed} == typed
    assert (value_of(form, "specialty"), value_of(form, "consent")) == ("neurology", "on")


@pytest.mark.parametrize(("chosen", "then"), [("", "30-39"), ("20-29", "20-29")])
def test_an_exact_age_becomes_the_ten_years_and_fills_an_empty_age(neurology, chosen, then):
    answer = send_question(browser(), neurology, text=TELLING, age_band=chosen, act="replace_ages")

    form = ask_form(answer)
    assert value_of(form, "text") == TELLING.replace("34.", "30-39.", 1)
    assert value_of(form, "age_band") == then


def test_other_errors_and_what_was_found_are_told_together(neurology):
    answer = send_question(browser(), neurology, text=TELLING, consent=None, personal_shown="")

    page = parse(answer)
    assert marks(page) == ["0912 345 678", "Mrs. Chen", "34"]
    assert value_of(ask_form(answer), "personal_shown") != ""


def test_check_personal_data_is_silent_on_a_text_that_tells_nobody(client):
    answer = client.post("/ask/check/personal/", {"headline": "Why?", "text": WORDS["text"]})

    assert (answer.status_code, parse(answer).all("mark")) == (200, [])


def test_check_personal_data_tells_what_it_finds_and_replaces_nothing_by_itself(client):
    answer = client.post("/ask/check/personal/", {"headline": "Mrs. Chen", "text": "0912 345 678"})

    page = parse(answer)
    assert page.texts("mark") == ["Mrs. Chen", "0912 345 678"]
    buttons = page.all("button")
    assert [button.text for button in buttons] == ["Replace with [name]", "Replace with [phone number]"]
    assert [button.attrs["data-replace"] for button in buttons] == ["headline", "text"]


def test_check_personal_data_too_often_is_refused(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "check_personal_data": "1/m/key"}
    client.post("/ask/check/personal/", {})

    answer = client.post("/ask/check/personal/", {})

    assert (answer.status_code, answer["Retry-After"]) == (429, "60")


@pytest.fixture(params=["link", "account"])
def page_of_asker(request) -> tuple[Client, str, Question]:
    """An asker's own page on an answered question: by the secret link, and signed in."""
    asker = UserFactory()
    question = published_thread(token=TOKEN, asker=asker)
    patient = browser()
    if request.param == "link":
        return patient, f"/status/{TOKEN}/", question
    patient.force_login(asker)
    return patient, f"/my/questions/{question.pk}/", question


def test_a_follow_up_that_tells_who_asks_comes_back_once(page_of_asker):
    patient, path, question = page_of_asker

    answer = send_form(patient, path, act="follow_up", text=TELLING, personal_shown="")

    page = parse(answer)
    assert (answer.status_code, question.follow_ups.count()) == (422, 0)
    assert marks(page) == ["0912 345 678", "Mrs. Chen", "34"]
    (shown,) = page.all("input", name="personal_shown")
    assert send_form(patient, path, act="follow_up", text=TELLING, personal_shown=shown.attrs["value"]).url == path
    assert question.follow_ups.get().text == TELLING


def test_a_follow_up_is_replaced_in_place(page_of_asker):
    patient, path, question = page_of_asker

    answer = send_form(patient, path, act="replace", text=TELLING)

    assert (answer.status_code, question.follow_ups.count()) == (200, 0)
    (field,) = parse(answer).all("textarea", name="text")
    assert field.source.strip() == "My eyelid twitches. I am 34. Call me on [phone number], [name]."


def test_a_bare_follow_up_is_taken_at_once(page_of_asker):
    patient, path, question = page_of_asker

    assert send_form(patient, path, act="follow_up", text=TELLING).url == path
    assert question.follow_ups.get().text == TELLING


def test_a_changed_question_that_tells_who_asks_comes_back_once(neurology):
    QuestionFactory(specialty=neurology, token=TOKEN)
    patient, path = browser(), f"/status/{TOKEN}/edit/"
    typed = {"specialty": "neurology", "headline": "Why?", "text": TELLING}

    answer = send_form(patient, path, **typed, personal_shown="")

    assert (answer.status_code, Question.objects.filter(text=TELLING).exists()) == (422, False)
    assert marks(parse(answer)) == ["0912 345 678", "Mrs. Chen", "34"]
    replaced = send_form(patient, path, **typed, act="replace")
    assert value_of(ask_form(replaced), "text") == "My eyelid twitches. I am 34. Call me on [phone number], [name]."
    shown = value_of(ask_form(answer), "personal_shown")
    assert send_form(patient, path, **typed, personal_shown=shown).url == f"/status/{TOKEN}/"
