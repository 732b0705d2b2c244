"""Answering a follow-up question."""

import pytest
from django.test import Client
from django.utils import timezone

from forum.moderation import services
from forum.moderation.services import hide_thread
from forum.replies.models import FollowUp
from tests.factories import DoctorFactory, FollowUpFactory, SpecialtyFactory, UserFactory, published_thread
from tests.html import parse
from tests.moderation.desk import SEND, address, browser, decisions, tasks, told
from tests.races import at_once


@pytest.fixture
def doctor():
    return DoctorFactory(name="Wu Mukhan", specialties=[SpecialtyFactory()])


@pytest.fixture
def follow_up(doctor):
    question = published_thread(
        specialty=doctor.specialties.get(), modified_at=None, reply__doctor=doctor, email="p@example.org"
    )
    return FollowUpFactory(question=question, text="Coffee?")


def answer(doctor, follow_up: FollowUp, text: str = "Yes."):
    path = f"{address(follow_up.question)}follow-ups/{follow_up.pk}/"
    return browser(doctor).post(path, {"answer": text})


@pytest.mark.django_db
def test_an_answer_is_public_and_the_patient_is_told(doctor, follow_up):
    response = answer(doctor, follow_up, "Yes.\n<b>A little</b>")

    question = follow_up.question
    shown = parse(Client().get(question.get_absolute_url())).one(id="follow-ups")
    assert (response.status_code, response["Location"]) == (302, address(question))
    assert shown.one(class_="follow-up__question").one(class_="prose").text == "Coffee?"
    assert shown.one(class_="follow-up__answer").one(class_="prose").text == "Yes.<b>A little</b>"
    assert decisions(question) == [("answer_follow_up", doctor.user.pk, "", "", "")]
    assert (told(question), tasks()) == (["follow_up_answered"], [SEND])


@pytest.mark.django_db
def test_an_answer_is_a_change_of_the_thread(doctor, follow_up):
    answer(doctor, follow_up)

    follow_up.refresh_from_db()
    follow_up.question.refresh_from_db()
    assert follow_up.question.modified_at == follow_up.answered_at
    assert timezone.localdate(follow_up.answered_at) == timezone.localdate()


@pytest.mark.django_db
def test_the_work_page_shows_the_question_with_a_form_until_it_is_answered(doctor, follow_up):
    before = parse(browser(doctor).get(address(follow_up.question))).one(id="follow-ups")

    answer(doctor, follow_up)

    after = parse(browser(doctor).get(address(follow_up.question))).one(id="follow-ups")
    action = f"{address(follow_up.question)}follow-ups/{follow_up.pk}/"
    assert [form.attrs["action"] for form in before.all("form")] == [action]
    assert before.one(class_="follow-up__question").text == "Coffee?"
    assert (after.all("form"), after.texts(class_="follow-up__answer")) == ([], ["Yes."])


@pytest.mark.django_db
def test_only_the_first_answer_counts(doctor, follow_up):
    answer(doctor, follow_up, "First.")
    colleague = DoctorFactory(specialties=[follow_up.question.specialty])

    late, again = answer(colleague, follow_up, "Second."), answer(doctor, follow_up, "First.")

    follow_up.refresh_from_db()
    page = parse(late)
    assert (late.status_code, again.status_code) == (409, 302)
    assert page.texts(role="status") == ["It was answered meanwhile. Your answer was not published."]
    assert page.one(id="follow-ups").one("textarea").source == "Second."
    assert (follow_up.answer, follow_up.answered_by) == ("First.", doctor)
    assert (len(decisions(follow_up.question)), told(follow_up.question)) == (1, ["follow_up_answered"])


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts(doctor, follow_up):
    colleague = DoctorFactory(specialties=[follow_up.question.specialty])

    at_once(lambda: answer(doctor, follow_up, "One."), lambda: answer(colleague, follow_up, "Two."))

    follow_up.refresh_from_db()
    expected = {doctor.pk: "One.", colleague.pk: "Two."}
    assert follow_up.answer == expected[follow_up.answered_by_id]
    assert (len(decisions(follow_up.question)), told(follow_up.question)) == (1, ["follow_up_answered"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "Please write an answer first."),
        (" \n ", "Please write an answer first."),
        ("x" * 10_001, "Ensure this value has at most 10000 characters (it has 10001)."),
        ("a\0b", "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_is_said_beside_the_answer_and_nothing_typed_is_lost(doctor, follow_up, text, error):
    response = answer(doctor, follow_up, text)

    follow_up.refresh_from_db()
    form = parse(response).one(id="follow-ups").one("form")
    assert (response.status_code, follow_up.answer, follow_up.answered_at) == (422, "", None)
    assert form.texts(role="alert") == [error]
    assert form.one("textarea").source == text
    assert tasks() == []


@pytest.mark.django_db
def test_nothing_is_published_on_a_thread_that_was_hidden_meanwhile(doctor, follow_up):
    hide_thread(question=follow_up.question, by=UserFactory(admin=True), reason="admin")

    response = answer(doctor, follow_up, "My words.")

    follow_up.refresh_from_db()
    page = parse(response)
    assert (response.status_code, follow_up.answer) == (409, "")
    assert page.texts(role="status") == ["The thread is not public at the moment, so nothing was published."]
    assert page.one(id="follow-ups").one("textarea").source == "My words."
    assert told(follow_up.question) == ["hidden"]


@pytest.mark.django_db
def test_nothing_changes_where_one_part_fails(doctor, follow_up, monkeypatch):
    monkeypatch.setattr(services, "notify_of", None)

    with pytest.raises(TypeError):
        answer(doctor, follow_up)

    follow_up.refresh_from_db()
    follow_up.question.refresh_from_db()
    assert (follow_up.answer, follow_up.answered_at, follow_up.question.modified_at) == ("", None, None)
    assert decisions(follow_up.question) == []


@pytest.mark.django_db
@pytest.mark.parametrize("traits", [{"unverified": True}, {"expired": True}, {"licence": None}, {"specialties": []}])
def test_who_may_not_work_on_it_answers_nothing(follow_up, traits):
    other = DoctorFactory(**{"specialties": [follow_up.question.specialty]} | traits)

    response = answer(other, follow_up)

    follow_up.refresh_from_db()
    assert (response.status_code, follow_up.answer) == (404 if traits == {"specialties": []} else 403, "")
