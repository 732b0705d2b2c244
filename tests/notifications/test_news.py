import smtplib

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from forum.notifications.services import MailFailed, mail_news
from forum.notifications.tasks import send_news
from tests.factories import DoctorFactory, QuestionFactory, ReplyFactory, UserFactory

pytestmark = pytest.mark.django_db

LEFT = "left-for-news@example.net"
ACCOUNT = "account@example.net"


class BrokenMail(BaseEmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected(messages[0].to[0])


@pytest.mark.parametrize(
    ("email", "account", "to"),
    [
        (LEFT, None, [[LEFT]]),
        ("", {"email": ACCOUNT}, [[ACCOUNT]]),
        (LEFT, {"email": ACCOUNT}, [[LEFT]]),
        ("", {"email": ACCOUNT, "is_active": False}, []),
        (LEFT, {"email": ACCOUNT, "is_active": False}, [[LEFT]]),
        ("", None, []),
    ],
    ids=["left", "account", "left goes before account", "closed account", "left, closed account", "none"],
)
def test_news_go_to_the_address_that_was_left_else_to_the_account(mailoutbox, email, account, to):
    question = QuestionFactory(email=email, asker=UserFactory(**account) if account else None)

    send_news.call(question.pk)

    assert [mail.to for mail in mailoutbox] == to
    assert [mail.cc + mail.bcc for mail in mailoutbox] == [[] for _mail in to]


@pytest.mark.parametrize("state", ["published", "declined", "merged", "hidden"])
def test_news_say_nothing_of_what_they_are_about(mailoutbox, state):
    doctor = DoctorFactory(name="Wu Mukhan")
    question = QuestionFactory(
        **{state: True},
        email=LEFT,
        headline="Twitching eyelid",
        public_title="Myokymia: causes",
        text="Blepharospasm since March",
        pseudonym="Kkkk",
        specialty__name="Neurology",
        token="abcdefghijklmnopqrstuv",
    )
    ReplyFactory(question=question, doctor=doctor, text="Magnesium may help")

    mail_news(question)

    (mail,) = mailoutbox
    assert mail.subject == "There is news for you"
    assert mail.body == (
        "There is news about a question you asked.\n\n"
        "Please open your private link (it is in our first e-mail and was shown to you after asking), or sign in and "
        "look under “My questions”."
    )
    assert (mail.attachments, getattr(mail, "alternatives", [])) == ([], [])


def test_news_of_a_question_that_is_gone_are_nothing(mailoutbox):
    send_news.call(4711)

    assert mailoutbox == []


def test_news_wait_for_the_worker(mailoutbox):
    question = QuestionFactory(email=LEFT)

    result = send_news.enqueue(question.pk)

    assert mailoutbox == []
    assert (result.task.func, result.args) == (send_news.func, [question.pk])


def waiting_tasks() -> list[tuple]:
    """(arguments, seconds from now) of the mails that are to be tried again."""
    rows = DBTaskResult.objects.filter(task_path=send_news.module_path).values_list("args_kwargs", "run_after")
    return [(row, round((run_after - timezone.now()).total_seconds(), -1)) for row, run_after in rows]


@pytest.mark.parametrize(("tries", "seconds"), [(0, 300), (1, 3600), (2, 43_200)])
def test_news_that_cannot_be_sent_are_tried_again_later(settings, tries, seconds):
    settings.EMAIL_BACKEND = "tests.notifications.test_news.BrokenMail"
    question = QuestionFactory(email=LEFT)

    send_news.call(question.pk, tries=tries)

    assert waiting_tasks() == [({"args": [question.pk], "kwargs": {"tries": tries + 1}}, seconds)]


def test_news_that_can_never_be_sent_fail_in_the_end_without_naming_the_address(settings):
    settings.EMAIL_BACKEND = "tests.notifications.test_news.BrokenMail"
    question = QuestionFactory(email=LEFT)

    with pytest.raises(MailFailed) as failed:
        send_news.call(question.pk, tries=3)

    assert str(failed.value) == "SMTPServerDisconnected"
    assert (failed.value.__cause__, failed.value.__suppress_context__) == (None, True)
    assert waiting_tasks() == []
