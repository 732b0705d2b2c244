from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from forum.questions.models import Decision, Question, WrongState
from forum.replies.models import FollowUp
from tests.factories import DoctorFactory, FollowUpFactory, QuestionFactory, UserFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db


def decisions(question: Question) -> list[tuple]:
    return list(question.decisions.values_list("act", "by", "from_state", "to_state"))


def ask(question: Question, text: str) -> bool:
    return FollowUp.objects.ask(question=question, text=text)


def test_ask_adds_a_question_that_waits_and_records_who_asked():
    patient = UserFactory()
    question = QuestionFactory(published=True, asker=patient)

    assert ask(question, "May I drink coffee?") is True

    assert [follow_up.text for follow_up in FollowUp.objects.waiting()] == ["May I drink coffee?"]
    assert decisions(question) == [("follow_up", patient.pk, "", "")]


def test_ask_repeated_is_taken_for_asked_and_changes_nothing():
    question = QuestionFactory(published=True)

    assert [ask(question, "May I?"), ask(question, "May I?")] == [True, True]

    assert (question.follow_ups.count(), len(decisions(question))) == (1, 1)


def test_ask_has_room_for_three_on_each_thread():
    question, other = QuestionFactory(published=True), QuestionFactory(published=True)

    taken = [ask(question, f"Number {number}?") for number in range(4)]

    assert taken == [True, True, True, False]
    assert (question.follow_ups.count(), len(decisions(question))) == (3, 3)
    assert ask(question, "Number 1?") is True  # a repeat of one that was taken
    assert ask(other, "Number 3?") is True


@pytest.mark.parametrize("state", ["waiting", "declined", "withdrawn", "hidden", "merged"])
def test_ask_is_refused_where_there_is_no_public_thread_even_on_an_old_copy(state):
    question = QuestionFactory(**({} if state == "waiting" else {state: True}))
    question.state = "published"

    assert ask(question, "May I?") is False

    assert (question.follow_ups.count(), decisions(question)) == (0, [])


def test_ask_that_cannot_be_recorded_is_undone(monkeypatch):
    question = QuestionFactory(published=True)
    monkeypatch.setattr(Decision, "save", lambda self, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        ask(question, "May I?")

    assert question.follow_ups.count() == 0


def test_give_answer_publishes_it_and_records_who_answered():
    follow_up, doctor = FollowUpFactory(), DoctorFactory()

    assert follow_up.give_answer(by=doctor, text="You may.") is True

    saved = FollowUp.objects.answered().get()
    assert (saved.answer, saved.answered_by) == ("You may.", doctor)
    assert Question.objects.get().modified_at == saved.answered_at
    assert decisions(follow_up.question) == [("answer_follow_up", doctor.user.pk, "", "")]


def test_give_answer_repeated_keeps_the_first_and_records_nothing():
    follow_up = FollowUpFactory()
    old_copy = FollowUp.objects.get(pk=follow_up.pk)
    follow_up.give_answer(by=DoctorFactory(), text="The first")
    before = FollowUp.objects.values().get()

    assert old_copy.give_answer(by=DoctorFactory(), text="The second") is False

    assert FollowUp.objects.values().get() == before
    assert len(decisions(follow_up.question)) == 1


@pytest.mark.django_db(transaction=True)
def test_give_answer_at_the_same_moment_keeps_one():
    follow_up, doctors = FollowUpFactory(), [DoctorFactory() for _number in range(4)]
    copies = [FollowUp.objects.get(pk=follow_up.pk) for _doctor in doctors]

    results = at_once(
        *(
            lambda copy=copy, doctor=doctor: copy.give_answer(by=doctor, text=f"Of {doctor.name}")
            for copy, doctor in zip(copies, doctors, strict=True)
        )
    )

    saved = FollowUp.objects.get()
    assert sorted(results) == [False, False, False, True]
    assert saved.answer == f"Of {saved.answered_by.name}"
    assert decisions(follow_up.question) == [("answer_follow_up", saved.answered_by.user_id, "", "")]


@pytest.mark.parametrize("state", ["hidden", "merged"])
def test_give_answer_on_a_thread_that_is_not_public_is_refused_and_changes_nothing(state):
    follow_up = FollowUpFactory(question=QuestionFactory(**{state: True}))

    with pytest.raises(WrongState):
        follow_up.give_answer(by=DoctorFactory(), text="You may.")

    assert FollowUp.objects.get().answer == ""
    assert decisions(follow_up.question) == []


def test_give_answer_that_cannot_be_recorded_is_undone(monkeypatch):
    follow_up = FollowUpFactory()
    monkeypatch.setattr(Decision, "save", lambda self, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        follow_up.give_answer(by=DoctorFactory(), text="You may.")

    saved = FollowUp.objects.get()
    assert (saved.answer, saved.answered_at, saved.answered_by) == ("", None, None)


@pytest.mark.parametrize("missing", ["answer", "answered_by", "answered_at"])
def test_follow_up_answered_by_nobody_at_no_time_or_with_nothing_is_refused_by_the_database(missing):
    with pytest.raises(IntegrityError, match="follow_up_answered_at_with_by"):
        FollowUpFactory(answered=True, **{missing: "" if missing == "answer" else None})


def test_waiting_holds_those_of_public_threads_oldest_first():
    now = timezone.now()
    newer, older = (FollowUpFactory(created_at=now - timedelta(days)) for days in (1, 2))
    FollowUpFactory(answered=True)
    FollowUpFactory(question__published=False, question__hidden=True)

    assert list(FollowUp.objects.waiting()) == [older, newer]


def test_answered_holds_those_that_everybody_may_read_oldest_first():
    question, now = QuestionFactory(published=True), timezone.now()
    newer, older = (
        FollowUpFactory(question=question, answered=True, created_at=now - timedelta(days)) for days in (1, 2)
    )
    FollowUpFactory(question=question)

    assert list(question.follow_ups.answered()) == [older, newer]
