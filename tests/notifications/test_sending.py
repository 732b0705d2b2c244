"""The worker sends each notice once, tries again what the mail server does not take, and gives up in the end."""

import logging
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from forum.notifications.models import PAUSES, Kind, Notice
from forum.notifications.services import notify_of
from forum.notifications.tasks import send_due_if_not_waiting, send_due_notices
from tests.factories import NoticeFactory, QuestionFactory, UserFactory
from tests.notifications.post import AwayMail, BusyMail, RefusingMail, break_mail, make_all_due, told, worker_comes

pytestmark = pytest.mark.django_db

LEFT = "left-for-news@example.net"
ACCOUNT = "account@example.net"


def one() -> Notice:
    return Notice.objects.get()


def seconds_until_due(notice: Notice) -> int:
    return round((notice.due_at - timezone.now()).total_seconds(), -1)


@pytest.mark.parametrize(
    ("email", "account", "to", "state"),
    [
        (LEFT, None, [[LEFT]], ["sent"]),
        ("", {"email": ACCOUNT}, [[ACCOUNT]], ["sent"]),
        (LEFT, {"email": ACCOUNT}, [[LEFT]], ["sent"]),
        ("", {"email": ACCOUNT, "is_active": False}, [], ["in_app"]),
        (LEFT, {"email": ACCOUNT, "is_active": False}, [[LEFT]], ["sent"]),
        ("", None, [], []),
    ],
    ids=["left", "account", "left goes before account", "closed account", "left, closed account", "none"],
)
def test_news_go_to_the_address_that_was_left_else_to_the_account(mailoutbox, email, account, to, state):
    question = QuestionFactory(published=True, email=email, asker=UserFactory(**account) if account else None)
    notify_of(question, Kind.ANSWERED)

    worker_comes()

    assert [mail.to for mail in mailoutbox] == to
    assert [mail.cc + mail.bcc for mail in mailoutbox] == [[] for _mail in to]
    assert told() == [("answered", each) for each in state]


def test_news_wait_for_the_worker_who_is_woken_once_for_all(mailoutbox):
    question = QuestionFactory(email=LEFT)

    notify_of(question, Kind.TRANSFERRED)

    assert mailoutbox == []
    assert [result.task_path for result in DBTaskResult.objects.all()] == [send_due_notices.module_path]


def test_news_are_undone_with_the_change_they_tell_of():
    question = QuestionFactory(email=LEFT)

    with transaction.atomic():
        notify_of(question, Kind.TRANSFERRED)
        transaction.set_rollback(True)

    assert (told(), DBTaskResult.objects.count()) == ([], 0)


def test_the_same_event_is_told_once_and_the_next_one_again(mailoutbox):
    question = QuestionFactory(email=LEFT)
    for event in ("one", "two"):
        question.decisions.create(act="transfer", reason=event)
        for _time in range(2):
            notify_of(question, Kind.TRANSFERRED)

    for _time in range(3):
        worker_comes()

    assert told() == [("transferred", "sent")] * 2
    assert len(mailoutbox) == 2


def test_what_is_not_due_yet_waits(mailoutbox):
    NoticeFactory(due_at=timezone.now() + timedelta(hours=1))

    worker_comes()

    assert (mailoutbox, told()) == ([], [("answered", "due")])


@pytest.mark.parametrize("tries", [0, 1, 2])
def test_a_mail_that_is_not_taken_is_tried_again_after_growing_pauses(settings, tries):
    break_mail(settings, AwayMail)
    NoticeFactory(tries=tries)

    worker_comes()

    notice = one()
    assert (notice.state, notice.tries, notice.last_error) == ("due", tries + 1, "SMTPServerDisconnected")
    assert seconds_until_due(notice) == PAUSES[tries].total_seconds()


def test_the_same_mail_goes_out_when_the_mail_server_is_back(settings, mailoutbox):
    backend = settings.EMAIL_BACKEND
    break_mail(settings, AwayMail)
    NoticeFactory()
    worker_comes()
    settings.EMAIL_BACKEND = backend
    make_all_due()

    worker_comes()

    assert (len(mailoutbox), told()) == (1, [("answered", "sent")])


@pytest.fixture
def log(caplog):
    logging.getLogger("consilium").addHandler(caplog.handler)
    yield caplog
    logging.getLogger("consilium").removeHandler(caplog.handler)


def test_a_mail_that_can_never_be_sent_is_given_up_and_the_operator_told_without_the_address(settings, log):
    break_mail(settings, AwayMail)
    notice = NoticeFactory(tries=3)

    worker_comes()
    make_all_due()
    worker_comes()

    assert told() == [("answered", "given_up")]
    assert log.messages == [f"Notice {notice.pk} (answered) is given up: SMTPServerDisconnected"]
    assert one().last_error == "SMTPServerDisconnected"


def test_an_address_that_is_refused_for_good_is_not_tried_again(settings):
    break_mail(settings, RefusingMail)
    NoticeFactory()

    worker_comes()

    assert (told(), one().last_error) == ([("answered", "given_up")], "SMTPRecipientsRefused")


@pytest.mark.parametrize(("backend", "tried"), [(AwayMail, 1), (BusyMail, 3), (RefusingMail, 3)])
def test_a_server_that_is_away_is_left_alone_and_one_that_refuses_is_asked_for_the_others(settings, backend, tried):
    break_mail(settings, backend)
    NoticeFactory.create_batch(3)

    worker_comes()

    assert Notice.objects.filter(tries=1).count() == tried


def test_what_an_admin_tries_again_is_sent(mailoutbox, client):
    notice = NoticeFactory(given_up=True)
    client.force_login(UserFactory(admin=True))

    data = {"action": "try_again", "_selected_action": [notice.pk]}
    client.post("/admin/notifications/notice/", data)
    worker_comes()

    assert (len(mailoutbox), told()) == (1, [("answered", "sent")])


def test_trying_again_what_was_sent_sends_nothing(mailoutbox):
    NoticeFactory(sent=True).try_again()

    worker_comes()

    assert (mailoutbox, told()) == ([], [("answered", "sent")])


def test_the_admin_site_shows_what_could_not_be_sent_and_nobodys_address(client):
    notice = NoticeFactory(given_up=True, question__email=LEFT, question__asker__email=ACCOUNT)
    client.force_login(UserFactory(admin=True))

    page = client.get("/admin/notifications/notice/?state__exact=given_up").content.decode()

    assert [word in page for word in (f"#{notice.pk}", "SMTPServerDisconnected", LEFT, ACCOUNT)] == [
        True,
        True,
        False,
        False,
    ]


def test_workers_look_once_a_minute_for_what_is_due():
    NoticeFactory(due_at=timezone.now() + timedelta(hours=1))
    send_due_if_not_waiting()
    before = DBTaskResult.objects.count()
    make_all_due()

    for _time in range(2):
        send_due_if_not_waiting()

    assert (before, DBTaskResult.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    ("kind", "state", "expected"),
    [
        ("answered", "published", "sent"),
        ("answered", "hidden", "sent"),
        ("answered", "withdrawn", "moot"),
        ("declined", "declined", "sent"),
        ("hidden", "hidden", "sent"),
        ("hidden", "published", "moot"),
        ("restored", "published", "sent"),
        ("restored", "hidden", "moot"),
        ("asked_for_more", "needs_info", "moot"),  # it was asked after the notice was made
        ("asked_for_more", "waiting", "moot"),
    ],
)
def test_what_events_have_overtaken_is_not_sent(kind, state, expected):
    notice = NoticeFactory(kind=kind)
    notice.question = QuestionFactory(asker=notice.user, **({} if state == "waiting" else {state: True}))
    notice.save()

    worker_comes()

    assert told() == [(kind, expected)]
