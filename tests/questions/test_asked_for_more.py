"""A doctor asks the patient for more: what the patient sees and does, and what it does to the wait."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from forum.notifications.models import Notice
from forum.notifications.services import notify_asked_for_more
from forum.notifications.tasks import send_due_notices
from forum.questions.models import Question
from forum.questions.services import expected_wait
from tests.erasing import delete_with_decisions
from tests.factories import DoctorFactory, InfoRequestFactory, QuestionFactory, SpecialtyFactory, published_thread
from tests.html import parse
from tests.questions.private_page import PAGE, act, decisions, in_state, message, notice, state_of

pytestmark = pytest.mark.django_db


def test_the_patient_sees_what_the_doctor_asks(client):
    question = in_state("needs_info")
    question.info_requests.update(note="Since <when>?\nHow often?")

    page = parse(client.get(PAGE))

    assert notice(client.get(PAGE)).startswith("A doctor has read your question and needs to know more")
    assert page.one(class_="info-requests").one(class_="follow-up__answer").text == "Since <when>?How often?"
    assert page.one(class_="info-requests").one("textarea", name="text").source.strip() == ""


def test_the_answer_makes_it_wait_again_and_stays_on_the_private_page(client):
    question = in_state("needs_info")

    page = act(client, "answer_info", text="Since <March>.")

    assert message(page) == "Your answer is sent. Your question waits for a doctor again."
    assert state_of(question) == "waiting"
    assert parse(page).one(class_="info-requests").one(class_="follow-up__question").text == "Since <March>."
    assert decisions(question) == [("answer_info", None, "needs_info", "waiting")]


def test_the_time_with_the_patient_is_no_wait():
    asked = timezone.now() - timedelta(days=5)
    question = in_state("needs_info", created_at=asked)
    question.info_requests.update(asked_at=asked + timedelta(days=1))
    neighbour = QuestionFactory(specialty=question.specialty, created_at=timezone.now() - timedelta(days=2))

    question.answer_info(by=None, text="Since March.")

    assert question.waited.total_seconds() == pytest.approx(86400, abs=10)
    assert Question.objects.get(pk=question.pk).paused.total_seconds() == pytest.approx(4 * 86400, abs=10)
    assert list(Question.objects.waiting()) == [neighbour, question]
    assert list(Question.objects.waiting().after_in_queue(neighbour.pk)) == [question]


def test_two_requests_add_up():
    question = in_state("needs_info")
    question.info_requests.update(asked_at=timezone.now() - timedelta(hours=2))
    question.answer_info(by=None, text="One.")
    question.ask_info(by=question.info_requests.get().asked_by, note="And?")
    question.info_requests.filter(answered_at=None).update(asked_at=timezone.now() - timedelta(hours=3))

    question.answer_info(by=None, text="Two.")

    assert question.paused.total_seconds() == pytest.approx(5 * 3600, abs=10)


def test_the_expected_wait_leaves_it_out():
    now, specialty = timezone.now(), SpecialtyFactory()
    published_thread(
        specialty=specialty, created_at=now - timedelta(days=5), published_at=now, paused=timedelta(days=3)
    )

    assert expected_wait(specialty) == timedelta(days=2)


def test_an_answer_sent_twice_is_taken_once(client):
    question = in_state("needs_info")
    for _time in range(2):
        page = act(client, "answer_info", text="Since March.")

    assert message(page) == "Your answer is sent. Your question waits for a doctor again."
    assert (question.info_requests.get().answer, len(decisions(question))) == ("Since March.", 1)


@pytest.mark.parametrize("text", ["", " ", "x" * 5001])
def test_an_answer_with_an_error_says_so_and_keeps_the_words(client, text):
    question = in_state("needs_info")

    page = parse(act(client, "answer_info", text=text))

    assert len(page.one("div", class_="error-summary").all("li")) == 1
    assert page.one("textarea", name="text").source.strip() == text.strip()
    assert state_of(question) == "needs_info"


@pytest.mark.parametrize("state", ["waiting", "published", "declined", "withdrawn", "hidden", "merged"])
def test_an_answer_that_nobody_asked_for_is_refused(client, state):
    question = in_state(state)

    page = act(client, "answer_info", text="Since March.")

    errors = parse(page).one("div", class_="error-summary").texts("li")
    assert errors == ["No doctor asks for more at the moment."]
    assert (state_of(question), decisions(question)) == (state, [])


def test_neither_request_nor_answer_is_ever_public(client):
    question = published_thread(token="abc")
    InfoRequestFactory(question=question, answered=True, note="Since when, please?", answer="Since <March>.")

    page = client.get(question.get_absolute_url()).content.decode()

    assert "Since" not in page


@pytest.mark.parametrize("days", [0, 3, 7])
def test_the_patient_is_told_and_reminded_after_three_and_seven_days(mailoutbox, days):
    question = QuestionFactory(email="left@example.net")
    request = question.ask_info(by=DoctorFactory(), note="Since when?")
    notify_asked_for_more(request)
    notify_asked_for_more(request)

    days_pass(days)
    for _time in range(2):
        send_due_notices.call()

    reminders = [0, 3, 7].index(days)
    assert [mail.subject for mail in mailoutbox] == ["A doctor is waiting to hear from you"] * (1 + reminders)
    assert {mail.to[0] for mail in mailoutbox} == {"left@example.net"}
    assert not [mail for mail in mailoutbox if request.note in str(mail.message())]
    request.refresh_from_db()
    assert request.reminders == reminders


def days_pass(days: int) -> None:
    Notice.objects.update(due_at=F("due_at") - timedelta(days=days))


@pytest.mark.parametrize("ended", ["answered", "asked for something else", "withdrawn", "declined", "gone"])
def test_nobody_is_reminded_of_what_is_over(mailoutbox, ended):
    question, doctor = QuestionFactory(email="left@example.net"), DoctorFactory()
    notify_asked_for_more(question.ask_info(by=doctor, note="Since when?"))
    if ended in ("answered", "asked for something else"):
        question.answer_info(by=None, text="Since March.")
    if ended == "asked for something else":
        question.ask_info(by=doctor, note="How often?")
    elif ended == "withdrawn":
        question.withdraw(by=None)
    elif ended == "declined":
        question.decline(by=doctor, reason="examination")
    elif ended == "gone":
        delete_with_decisions(question)

    days_pass(7)
    send_due_notices.call()

    assert mailoutbox == []
