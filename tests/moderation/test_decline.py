"""Declining: the patient learns why and what to do next."""

from functools import partial

import pytest
from django.test import Client

from forum.moderation import services
from forum.questions.models import DeclineReason, State
from forum.replies.models import Draft
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory
from tests.html import parse
from tests.moderation.desk import SEND, browser, decisions, send, tasks, told

pytestmark = pytest.mark.django_db
NEXT_STEPS = {
    "emergency": (
        "What you describe may need help at once. Please call the emergency number or go to the nearest emergency "
        "department now; do not wait for an answer on the internet."
    ),
    "examination": (
        "A doctor has to see or examine you to say anything reliable. Please make an appointment, within days rather "
        "than weeks, and take your question along; it is kept on this page."
    ),
    "outside_medicine": (
        "This is not a medical question, so our doctors cannot answer it. A pharmacy, your health insurance or a "
        "social service may be the right place to ask."
    ),
    "no_question": (
        "We could not find a question that we can answer. You are welcome to ask again: say what troubles you, since "
        "when, and what you would like to know."
    ),
    "duplicate": (
        "The same question has been answered here already. Please look for it with the search; if your case is "
        "different, ask again and say in what way."
    ),
    "abusive": "We answer questions that are put with respect. You are welcome to ask again.",
}


@pytest.fixture
def doctor():
    return DoctorFactory(specialties=[SpecialtyFactory()])


@pytest.fixture
def question(doctor):
    return QuestionFactory(specialty=doctor.specialties.get(), token="secret-token", email="patient@example.org")


def decline(client: Client, question, reason: str = "examination", note: str = "", **changes: str):
    return send(client, question, "decline", reason=reason, note=note, **changes)


@pytest.mark.parametrize("reason", DeclineReason.values)
def test_the_patient_sees_the_reason_the_note_and_the_next_step(doctor, question, reason):
    response = decline(browser(doctor), question, reason, "Get well.\n<b>Soon</b>")

    question.refresh_from_db()
    page = parse(Client().get("/status/secret-token/")).one("main")
    label = DeclineReason(reason).label
    assert (response.status_code, response["Location"], question.state) == (302, "/dashboard/", State.DECLINED)
    assert page.one("strong").text == f"A doctor has read your question and cannot answer it here: {label}."
    assert page.all(class_="notice--info")[0].one(class_="prose").text == "Get well.<b>Soon</b>"
    assert NEXT_STEPS[reason] in page.all(class_="notice--info")[0].texts("p")
    assert ("Ask another question", "/ask/") in page.links()


def test_it_is_recorded_without_the_doctors_words_and_the_patient_is_told_once(doctor, question):
    decline(browser(doctor), question, note="Private words.")

    assert decisions(question) == [("decline", doctor.user.pk, "waiting", "declined", "examination")]
    assert (told(question), tasks()) == (["declined"], [SEND])


def test_declining_ends_the_drafts(doctor, question):
    send(browser(doctor), question, "save")

    decline(browser(doctor), question)

    assert Draft.objects.count() == 0


def test_sent_twice_it_is_declined_once(doctor, question):
    decline(browser(doctor), question, "examination", "First.")

    response = decline(browser(doctor), question, "abusive", "Second.")

    question.refresh_from_db()
    assert response["Location"] == "/dashboard/"
    assert (question.decline_reason, question.decline_note) == ("examination", "First.")
    assert (len(decisions(question)), told(question)) == (1, ["declined"])


@pytest.mark.parametrize("reason", ["", "nonsense", "EMERGENCY"])
def test_a_reason_must_be_chosen_and_nothing_typed_is_lost(doctor, question, reason):
    response = decline(browser(doctor), question, reason, note="A word.")

    question.refresh_from_db()
    page = parse(response)
    form = page.one("details", class_="decline")
    assert (response.status_code, question.state) == (422, State.WAITING)
    assert "open" in form.attrs
    assert form.one("textarea", name="note").source.strip() == "A word."
    assert (
        page.one("form", id="work-form").one("textarea", name="text").source.strip() == "It is harmless.\nSleep more."
    )
    assert len(form.one(class_="error-summary").all("li")) == 1


def test_nothing_changes_where_one_part_fails(doctor, question, monkeypatch):
    client = browser(doctor)
    client.raise_request_exception = False
    send(client, question, "save")
    monkeypatch.setattr(services, "notify_of", None)

    response = decline(client, question)

    question.refresh_from_db()
    assert (response.status_code, question.state, question.decline_reason) == (500, State.WAITING, "")
    assert (Draft.objects.count(), [act for act, *_rest in decisions(question)], tasks()) == (1, ["claim"], [])


def test_a_question_withdrawn_meanwhile_is_not_declined_and_the_doctor_is_told(doctor, question):
    question.withdraw(by=None)
    client = browser(doctor)

    response = decline(client, question)

    question.refresh_from_db()
    assert (response["Location"], question.state) == ("/dashboard/", State.WITHDRAWN)
    assert parse(client.get("/dashboard/")).texts(role="status") == [
        "The patient has withdrawn this question, so nothing was done."
    ]
    assert [decision[0] for decision in decisions(question)] == ["withdraw"]


@pytest.mark.parametrize("state", ["published", "hidden", "merged"])
def test_a_question_that_does_not_wait_is_not_declined(doctor, state):
    question = QuestionFactory(specialty=doctor.specialties.get(), **{state: True})

    response = decline(browser(doctor), question)

    question.refresh_from_db()
    assert (response.status_code, question.state, decisions(question)) == (409, state, [])


@pytest.mark.parametrize("traits", [{"unverified": True}, {"expired": True}, {"licence": None}, {"specialties": []}])
def test_who_may_not_work_on_it_declines_nothing(question, traits):
    other = DoctorFactory(**{"specialties": [question.specialty]} | traits)

    response = decline(browser(other), question)

    question.refresh_from_db()
    assert (response.status_code, question.state) == (404 if traits == {"specialties": []} else 403, State.WAITING)


def test_asking_the_model_twice_says_whether_anything_happened(doctor, question):
    act = partial(question.decline, by=doctor, reason="examination")

    assert (act(), act()) == (True, False)
