from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from forum.questions.models import Decision, Question
from forum.replies.models import Draft, Reply
from tests.factories import DoctorFactory, QuestionFactory, ReplyFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db


def decisions(question: Question) -> list[tuple]:
    return list(question.decisions.values_list("act", "by", "from_state", "to_state"))


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("reply_has_text", {"text": ""}),
        ("reply_corrected_at_with_by", {"corrected_at": timezone.now()}),
        ("reply_corrected_at_with_by", {"corrected_by": 1}),
    ],
)
def test_reply_that_cannot_be_is_refused_by_the_database(constraint, fields):
    if "corrected_by" in fields:
        fields = {"corrected_by": DoctorFactory()}

    with pytest.raises(IntegrityError, match=constraint):
        ReplyFactory(**fields)


def test_reply_may_be_of_a_doctor_nobody_knows():
    assert ReplyFactory(doctor=None).doctor is None


def test_doctor_with_a_reply_cannot_be_deleted():
    reply = ReplyFactory()

    with pytest.raises(IntegrityError):
        reply.doctor.delete()


def test_replies_are_read_oldest_first():
    question, now = QuestionFactory(published=True), timezone.now()
    third, first = (ReplyFactory(question=question, created_at=now - timedelta(days)) for days in (0, 2))
    second = ReplyFactory(question=question, created_at=now - timedelta(1))

    assert list(question.replies.in_order()) == [first, second, third]


def test_first_of_each_thread_is_the_oldest_reply():
    now = timezone.now()
    firsts = []
    for question in (QuestionFactory(published=True), QuestionFactory(published=True)):
        ReplyFactory(question=question, created_at=now)
        firsts.append(ReplyFactory(question=question, created_at=now - timedelta(1)))

    assert list(Reply.objects.first_of_each_thread()) == firsts


def test_reply_has_its_own_place_on_the_thread():
    reply = ReplyFactory(question__public_title="Twitching eyelid")

    assert reply.get_absolute_url() == f"/questions/{reply.question_id}/twitching-eyelid/#reply-{reply.pk}"


def test_mark_helped_is_recorded_once_even_on_two_copies():
    reply = ReplyFactory()
    copies = [Reply.objects.get(pk=reply.pk) for _time in range(2)]
    copies[0].mark_helped()
    first = Reply.objects.get().helped_at

    copies[1].mark_helped()
    copies[0].mark_helped()

    assert Reply.objects.get().helped_at == first
    assert decisions(reply.question) == [("helped", None, "", "")]


@pytest.mark.django_db(transaction=True)
def test_mark_helped_at_the_same_moment_is_recorded_once():
    reply = ReplyFactory()
    copies = [Reply.objects.get(pk=reply.pk) for _time in range(6)]

    results = at_once(*(copy.mark_helped for copy in copies))

    assert results == [None] * 6
    assert decisions(reply.question) == [("helped", None, "", "")]


def test_mark_helped_that_cannot_be_recorded_is_undone(monkeypatch):
    reply = ReplyFactory()
    monkeypatch.setattr(Decision, "save", lambda self, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        reply.mark_helped()

    assert Reply.objects.get().helped_at is None


def test_mark_helped_saves_nothing_else():
    reply = ReplyFactory()
    Reply.objects.update(text="Corrected")

    reply.mark_helped()

    assert Reply.objects.get().text == "Corrected"


def test_draft_is_one_a_doctor_and_question():
    question, doctor = QuestionFactory(), DoctorFactory()
    for who in (doctor, DoctorFactory()):
        Draft.objects.create(question=question, doctor=who)

    with pytest.raises(IntegrityError, match="draft_one_a_doctor"):
        Draft.objects.create(question=question, doctor=doctor)


def test_replies_stand_oldest_first_those_of_an_unknown_day_last():
    question = QuestionFactory(published=True)
    days = [date(2023, 12, 20), date(2023, 12, 15), None, date(2023, 12, 15)]
    replies = [ReplyFactory(question=question, replied_on=day) for day in days]

    assert list(question.replies.in_order()) == [replies[1], replies[3], replies[0], replies[2]]
    assert list(question.replies.as_written()) == replies
    assert list(Reply.objects.first_of_each_thread()) == [replies[1]]
