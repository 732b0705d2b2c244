"""Two workers at the same moment, and workers that die at work."""

from datetime import timedelta
from functools import partial
from threading import Event

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone

from forum.notifications.models import LEASE, Kind, Notice, Subscription
from forum.notifications.services import notify_of
from forum.questions.models import Question
from tests.factories import NoticeFactory, QuestionFactory, SubscriptionFactory
from tests.notifications.post import make_all_due, told, worker_comes
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The process ends here: nothing after this line runs."""


class KilledBefore(EmailBackend):
    def send_messages(self, messages):
        raise Killed


class KilledAfter(EmailBackend):
    def send_messages(self, messages):
        super().send_messages(messages)
        raise Killed


class Unsubscribing(EmailBackend):
    """The reader ends such mails in the moment in which one is sent."""

    def send_messages(self, messages):
        Subscription.objects.all().delete()
        return super().send_messages(messages)


def killed_at(settings, backend: type) -> None:
    settings.EMAIL_BACKEND = f"tests.notifications.test_at_once.{backend.__name__}"
    with pytest.raises(Killed):
        worker_comes()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def test_of_many_workers_each_notice_is_sent_by_one(mailoutbox):
    notices = NoticeFactory.create_batch(12)

    at_once(*[worker_comes] * 4)

    assert told() == [("answered", "sent")] * 12
    assert sorted(message.to[0] for message in mail.outbox) == sorted(notice.user.email for notice in notices)
    assert set(Notice.objects.values_list("tries", flat=True)) == {1}


def test_the_same_event_told_by_many_at_once_makes_one_notice():
    question = QuestionFactory(email="left@example.net")

    at_once(*[partial(notify_of, question, Kind.TRANSFERRED)] * 4)

    assert told() == [("transferred", "due")]


def test_while_one_worker_is_at_a_notice_no_other_takes_it(monkeypatch):
    NoticeFactory()
    at_the_server, other_is_done = Event(), Event()

    def slowly(_backend, messages):
        at_the_server.set()
        assert other_is_done.wait(30)
        mail.outbox.extend(messages)
        return len(messages)

    def other_worker():
        assert at_the_server.wait(30)
        worker_comes()
        other_is_done.set()

    monkeypatch.setattr(EmailBackend, "send_messages", slowly)

    assert at_once(worker_comes, other_worker) == [None, None]
    assert (len(mail.outbox), told()) == (1, [("answered", "sent")])


def test_no_transaction_is_open_while_the_mail_server_is_spoken_to(monkeypatch):
    NoticeFactory()
    seen = []
    monkeypatch.setattr(EmailBackend, "send_messages", lambda *_: seen.append(connection.in_atomic_block))

    worker_comes()

    assert seen == [False]


@pytest.mark.parametrize(("killed", "mails"), [(KilledBefore, 1), (KilledAfter, 2)])
def test_what_a_worker_was_at_as_it_died_goes_out_after_its_lease(settings, mailoutbox, killed, mails):
    NoticeFactory()
    killed_at(settings, killed)
    left = Notice.objects.get()

    worker_comes()
    before = told()
    make_all_due()
    worker_comes()

    assert (left.state, left.tries, left.sent_at, left.sending_at is None) == ("due", 1, None, False)
    assert timedelta() < left.due_at - timezone.now() <= LEASE
    assert (before, told(), len(mail.outbox)) == ([("answered", "due")], [("answered", "sent")], mails)


def test_a_mail_that_goes_out_twice_can_be_told_by_its_message_id(settings, mailoutbox):
    NoticeFactory()
    killed_at(settings, KilledAfter)
    make_all_due()

    worker_comes()

    first, second = mail.outbox
    assert first.message()["Message-ID"] == second.message()["Message-ID"]
    assert (first.subject, first.body, first.alternatives) == (second.subject, second.body, second.alternatives)


def test_a_notice_that_kills_its_worker_each_time_ends(settings, mailoutbox):
    NoticeFactory()
    for _time in range(4):
        killed_at(settings, KilledBefore)
        make_all_due()

    worker_comes()

    assert (told(), Notice.objects.get().last_error, mail.outbox) == ([("answered", "given_up")], "WorkerDied", [])


def test_a_notice_that_cannot_be_sent_does_not_keep_the_others_waiting(settings, mailoutbox):
    NoticeFactory(question__asker__email="broken address@")
    NoticeFactory()

    worker_comes()

    assert [state for _kind, state in told()][1] == "sent"


def test_who_unsubscribes_while_a_mail_is_sent_keeps_nobody_elses_waiting(settings, mailoutbox):
    follower = SubscriptionFactory()
    NoticeFactory(kind="thread_news", subscription=follower, question=follower.question, user=None)
    NoticeFactory()
    settings.EMAIL_BACKEND = "tests.notifications.test_at_once.Unsubscribing"

    worker_comes()

    assert (told(), len(mail.outbox)) == ([("answered", "sent")], 2)


def test_what_is_deleted_as_it_is_claimed_keeps_nobody_elses_waiting(mailoutbox, monkeypatch):
    gone = NoticeFactory()
    NoticeFactory()

    def claim_as_it_is_deleted(manager):
        claimed = manager.all().claim_next()
        Question.objects.filter(pk=gone.question_id).delete()
        return claimed

    monkeypatch.setattr(type(Notice.objects), "claim_next", claim_as_it_is_deleted)

    worker_comes()

    assert (told(), len(mail.outbox)) == ([("answered", "sent")], 1)
