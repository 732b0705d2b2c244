"""The asker says what is unclear in a reply: to the doctors alone, twice at most, for ninety days."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from forum.questions.models import Question
from forum.replies.models import FollowUp, Unclear
from tests.factories import DoctorFactory, SpecialtyFactory, UnclearFactory, published_thread
from tests.html import parse
from tests.moderation.desk import address, browser, told
from tests.questions.private_page import PAGE, TOKEN, act, buttons, decisions, message
from tests.races import at_once

pytestmark = pytest.mark.django_db
WORDS = "What does <benign> mean?"


@pytest.fixture
def doctor():
    return DoctorFactory(specialties=[SpecialtyFactory()])


@pytest.fixture
def reply(doctor):
    return published_thread(token=TOKEN, specialty=doctor.specialties.get(), reply__doctor=doctor).replies.get()


def too_late(question: Question) -> None:
    Question.objects.filter(pk=question.pk).update(published_at=timezone.now() - timedelta(days=90))


def test_the_doctor_is_told_and_reads_it_beside_the_reply(client, reply, doctor):
    page = act(client, "unclear", reply=reply.pk, unclear=WORDS)

    desk = parse(browser(doctor).get(address(reply.question))).one("main")
    assert message(page) == "Thank you. The doctor is told, and may put it more clearly."
    assert WORDS in desk.text
    assert ("Put it more clearly", f"{address(reply.question)}replies/{reply.pk}/correct/") in desk.links()
    assert (told(reply.question), decisions(reply.question)) == (["unclear"], [("unclear", None, "", "")])


def test_nobody_else_reads_it(client, reply):
    act(client, "unclear", reply=reply.pk, unclear=WORDS)

    assert WORDS in parse(client.get(PAGE)).text
    assert "benign" not in Client().get(reply.question.get_absolute_url()).content.decode()
    assert [row.reason for row in reply.question.decisions.all()] == [f"reply {reply.pk}"]


def test_once_the_reply_is_corrected_it_is_settled(client, reply, doctor):
    UnclearFactory(reply=reply)
    reply.correct(by=doctor, text="It is harmless.", reason="unclear")

    assert "The doctor has changed the reply since." in parse(client.get(PAGE)).text
    assert "The reply was corrected since." in parse(browser(doctor).get(address(reply.question))).text


def test_the_same_words_are_taken_once_and_of_others_two(reply):
    said = [Unclear.objects.say(reply=reply, text=text) for text in ("One?", "One?", "Two?", "Three?", "Two?")]

    assert said == [True, True, True, False, True]
    assert list(Unclear.objects.order_by("pk").values_list("text", flat=True)) == ["One?", "Two?"]
    assert len(decisions(reply.question)) == 2


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_no_more_than_two_are_taken(reply):
    said = at_once(*(lambda n=n: Unclear.objects.say(reply=reply, text=f"{n}?") for n in range(4)))

    assert (sorted(said), Unclear.objects.count()) == ([False, False, True, True], 2)


@pytest.mark.parametrize("typed", ["", "x" * 601])
def test_an_error_stands_beside_the_field_and_the_words_are_kept(client, reply, typed):
    page = parse(act(client, "unclear", reply=reply.pk, unclear=typed))

    field = page.one("textarea", name="unclear")
    assert len(page.one("div", class_="error-summary").links()) == 1
    assert (field.source.strip(), field.attrs["id"]) == (typed, f"reply-{reply.pk}-unclear")
    assert Unclear.objects.count() == 0


def test_after_ninety_days_nothing_further_is_taken_or_offered(client, reply):
    question = reply.question
    too_late(question)

    page = act(client, "unclear", reply=reply.pk, unclear=WORDS)

    assert message(page) == "No more can be said about this reply here. You are welcome to ask a new question."
    assert FollowUp.objects.ask(question=question, text="May I?") is False
    assert buttons(client.get(PAGE)) == ["helped", "request_removal"]
    assert (Unclear.objects.count(), decisions(question)) == (0, [])


def test_before_that_the_page_says_how_many_and_until_when(client, reply):
    Question.objects.update(published_at="2026-01-01T12:00:00Z")
    question = Question.objects.get()
    day = f"{question.ask_further_until:%Y/%m/%d}"
    Question.objects.update(published_at=timezone.now())
    act(client, "follow_up", text="And tea?")

    text = parse(client.get(PAGE)).one("main").text

    assert day == "2026/04/01"
    assert "You can ask 2 more here. This ends on " in text


@pytest.mark.parametrize("chosen", ["0", "x", "9" * 30])
def test_what_is_said_of_no_reply_is_not_taken(client, reply, chosen):
    page = act(client, "unclear", reply=chosen, unclear=WORDS)

    assert message(page) == "That reply is no longer there."
    assert Unclear.objects.count() == 0


def test_a_hidden_reply_takes_none(reply):
    reply.hide(by=DoctorFactory().user, reason="other")

    assert Unclear.objects.say(reply=reply, text=WORDS) is False


def test_an_alarming_word_in_it_marks_the_question_urgent(client, reply):
    act(client, "unclear", reply=reply.pk, unclear="I want to kill myself tonight.")

    assert Question.objects.get().red_flags == ["self_harm"]
