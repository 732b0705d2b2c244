"""Whoever changes a part of a thread locks the question before it, so that no two acts wait for each other."""

from functools import partial

import pytest

from accounts.models import User
from forum.archive.own_data import forget_account
from forum.moderation.colleagues import add_reply
from forum.moderation.services import Work, publish_reply
from forum.notifications.models import Notice
from forum.questions.models import Question, QuestionImage
from forum.replies.models import Reply
from forum.search.services import renew_similar
from tests.factories import (
    DoctorFactory,
    QuestionFactory,
    SpecialtyFactory,
    SubscriptionFactory,
    UserFactory,
    image_of,
    published_thread,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
# Two acts that lock in different orders do not meet each time.
ROUNDS = 8


def test_a_reply_helps_while_it_is_corrected():
    outcomes = []
    for _round in range(ROUNDS):
        reply = published_thread().replies.get()
        one, other = (Reply.objects.get(pk=reply.pk) for _copy in range(2))
        outcomes += at_once(one.mark_helped, partial(other.correct, by=reply.doctor, text="Better.", reason="wrong"))

    assert outcomes == [None, True] * ROUNDS


def test_similar_threads_are_renewed_while_a_second_reply_is_published():
    outcomes = []
    for _round in range(ROUNDS):
        thread, doctor = published_thread(), DoctorFactory(specialties=[SpecialtyFactory()])
        published_thread(specialty=thread.specialty)
        reply = partial(add_reply, question=Question.objects.get(pk=thread.pk), doctor=doctor, text="I agree.")
        outcomes += at_once(partial(renew_similar, thread), reply)

    assert [type(outcome) for outcome in outcomes] == [type(None), Reply] * ROUNDS


def test_a_follower_deletes_the_account_while_there_is_news():
    outcomes = []
    for _round in range(ROUNDS):
        thread, follower = published_thread(), UserFactory()
        SubscriptionFactory(question=thread, of_account=True, user=follower)
        doctor = DoctorFactory(specialties=[SpecialtyFactory()])
        reply = partial(add_reply, question=Question.objects.get(pk=thread.pk), doctor=doctor, text="I agree.")
        outcomes += at_once(partial(forget_account, follower), reply)

    assert [type(outcome) for outcome in outcomes] == [type(None), Reply] * ROUNDS
    assert Notice.objects.count() == 0


def test_an_image_is_taken_off_while_its_thread_is_removed():
    admin, outcomes = UserFactory(admin=True), []
    for _round in range(ROUNDS):
        thread = published_thread()
        image_of(thread, public=True)
        hide = partial(QuestionImage.objects.get(question=thread).hide, by=admin)
        outcomes += at_once(partial(Question.objects.get(pk=thread.pk).remove, by=admin, reason="other"), hide)

    assert outcomes == [True, None] * ROUNDS


def test_an_account_is_deleted_while_a_doctor_publishes_the_answer():
    doctor = DoctorFactory()
    for _round in range(ROUNDS):
        asker = UserFactory()
        question = QuestionFactory(asker=asker, email="left@example.org")
        work = Work(public_title="Eyelids", text="Sleep more.")
        publish = partial(publish_reply, question=Question.objects.get(pk=question.pk), doctor=doctor, work=work)

        deleted, published = at_once(partial(forget_account, User.objects.get(pk=asker.pk)), publish)

        left = list(Question.objects.filter(pk=question.pk).values_list("asker", "email", "token_hash"))
        assert deleted is None
        assert left == ([(None, "", None)] if isinstance(published, Reply) else [])
        assert isinstance(published, Reply | Question.DoesNotExist)
