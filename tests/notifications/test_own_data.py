"""What somebody takes along of the notices, and what is left of them when the account is deleted: nothing."""

import json

import pytest

from forum.archive.own_data.exporting import own_data
from forum.archive.own_data.forgetting import forget_account
from forum.notifications.following import follow_as
from forum.notifications.models import DoctorPreferences, Notice, Subscription
from tests.factories import DoctorFactory, NoticeFactory, QuestionFactory, SubscriptionFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_news_follows_and_chosen_mails_are_in_the_export():
    doctor = DoctorFactory()
    DoctorPreferences.objects.create(doctor=doctor, new_questions="never", looks=False)
    follow_as(doctor.user, topic=TopicFactory(name="Eyelids"))
    thread = QuestionFactory(published=True)
    follow_as(doctor.user, question=thread)
    NoticeFactory(kind="thread_news", question=thread, user=doctor.user)
    NoticeFactory()

    data = json.loads(json.dumps(own_data(doctor.user), default=str))

    assert [(row["question_id"], row["topic__name"]) for row in data["follows"]] == [
        (None, "Eyelids"),
        (thread.pk, None),
    ]
    assert [(row["kind"], row["question_id"]) for row in data["news"]] == [("thread_news", thread.pk)]
    assert data["doctor"]["mails_wanted"] == {
        "new_questions": "never",
        "urgent": True,
        "follow_ups": True,
        "looks": False,
        "info_answers": True,
    }


def test_nothing_of_a_deleted_account_is_left_and_nothing_of_others_is_gone():
    doctor = DoctorFactory()
    user = doctor.user
    DoctorPreferences.objects.create(doctor=doctor)
    follow_as(user, question=QuestionFactory(published=True))
    SubscriptionFactory(email=user.email)
    NoticeFactory(user=user)
    NoticeFactory(question=QuestionFactory(published=True, asker=user))
    others = [NoticeFactory(), SubscriptionFactory()]

    forget_account(user)

    assert [*Notice.objects.all(), *Subscription.objects.all()] == others
    assert DoctorPreferences.objects.count() == 0
