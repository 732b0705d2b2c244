"""Two doctors, or one with two windows, press "Publish" in the same moment."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, connections, transaction

from forum.moderation.services import Work, publish_reply
from forum.questions.models import Question, State, WrongState
from forum.replies.models import Reply
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory
from tests.html import parse
from tests.moderation.desk import browser, decisions, send, tasks, told
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_doctor_publishing_twice_at_once_publishes_once():
    doctor = DoctorFactory(specialties=[SpecialtyFactory()])
    question = QuestionFactory(specialty=doctor.specialties.get(), email="patient@example.org")
    windows = [browser(doctor) for _ in range(4)]

    answers = at_once(*(partial(send, window, question, "publish") for window in windows))

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/dashboard/")] * 4
    assert Reply.objects.count() == 1
    assert [decision[0] for decision in decisions(question)] == ["publish"]
    assert (told(question), len(tasks())) == (["answered"], 2)


def test_of_two_doctors_one_publishes_and_the_other_keeps_the_words():
    specialty = SpecialtyFactory()
    question = QuestionFactory(specialty=specialty)
    doctors = [DoctorFactory(specialties=[specialty]) for _ in range(2)]
    acts = [partial(send, browser(doctor), question, "publish", text=f"Words of {doctor.pk}.") for doctor in doctors]

    answers = at_once(*acts)

    reply = Reply.objects.get()
    loser = next(n for n, doctor in enumerate(doctors) if doctor != reply.doctor)
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert reply.text == f"Words of {reply.doctor_id}."
    assert answers[loser].status_code == 409
    assert parse(answers[loser]).one(id="unsaved-text").source == f"Words of {doctors[loser].pk}."
    assert decisions(question) == [("publish", reply.doctor.user.pk, "waiting", "published", "")]


def alone(act):
    """What `act` returns on a connection of its own thread."""
    try:
        return act()
    finally:
        connections.close_all()


def wait_until_somebody_waits() -> None:
    """Until another connection has come to a lock that this transaction holds."""
    deadline = time.monotonic() + 30
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody has come to the lock")


@pytest.mark.parametrize("late_act", ["withdraw", "decline"])
def test_what_comes_while_a_publication_is_under_way_comes_too_late(late_act):
    doctor = DoctorFactory(specialties=[SpecialtyFactory()])
    question = QuestionFactory(specialty=doctor.specialties.get())
    late = Question.objects.get(pk=question.pk)
    acts = {
        "withdraw": partial(late.withdraw, by=None),
        "decline": partial(late.decline, by=doctor, reason="examination"),
    }

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            publish_reply(question=question, doctor=doctor, work=Work("A title", "A reply."))
            answer = pool.submit(alone, acts[late_act])
            wait_until_somebody_waits()
        outcome = answer.exception(timeout=30)

    question.refresh_from_db()
    assert (type(outcome), question.state) == (WrongState, State.PUBLISHED)
    assert [decision[0] for decision in decisions(question)] == ["publish"]


def test_one_doctor_publishes_or_the_other_declines_never_both():
    specialty = SpecialtyFactory()
    question = QuestionFactory(specialty=specialty)
    first, second = (browser(DoctorFactory(specialties=[specialty])) for _ in range(2))

    answers = at_once(
        lambda: send(first, question, "publish"),
        lambda: send(second, question, "decline", reason="examination", note=""),
    )

    question.refresh_from_db()
    outcome = (question.state, Reply.objects.count(), [decision[0] for decision in decisions(question)])
    assert outcome in [(State.PUBLISHED, 1, ["publish"]), (State.DECLINED, 0, ["decline"])]
    assert sorted(answer.status_code for answer in answers) == [302, 409]


def test_new_topics_of_the_same_name_at_once_become_one():
    specialty = SpecialtyFactory()
    questions = [QuestionFactory(specialty=specialty) for _ in range(3)]
    clients = [browser(DoctorFactory(specialties=[specialty])) for _ in questions]

    pairs = zip(clients, questions, strict=True)

    answers = at_once(*(partial(send, *pair, "publish", topics="Brand new, Other") for pair in pairs))

    assert [getattr(answer, "status_code", answer) for answer in answers] == [302] * 3
    assert sorted(topic.name for topic in specialty.topics.all()) == ["Brand new", "Other"]
    assert [question.topics.count() for question in questions] == [2, 2, 2]
