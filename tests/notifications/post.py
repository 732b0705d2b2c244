"""The worker's round, and mail servers that do not work."""

import smtplib

from django.core.mail.backends.base import BaseEmailBackend

from forum.notifications.models import Notice
from forum.notifications.tasks import send_due_notices
from forum.questions.models import Question


class AwayMail(BaseEmailBackend):
    """Cannot be reached."""

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected(messages[0].to[0])


class RefusingMail(BaseEmailBackend):
    """Takes nothing for this address, for good."""

    code = 550

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({to: (self.code, b"no " + to.encode()) for to in messages[0].to})


class BusyMail(RefusingMail):
    """Takes nothing for this address at the moment."""

    code = 450


def break_mail(settings, backend: type[BaseEmailBackend]) -> None:
    settings.EMAIL_BACKEND = f"tests.notifications.post.{backend.__name__}"


def worker_comes() -> None:
    send_due_notices.call()


def make_all_due() -> None:
    """Time passes until each is due."""
    Notice.objects.update(due_at="2020-01-01T00:00:00Z")


def told(**of) -> list[tuple[str, str]]:
    """(kind, state) of the notices there are, in the order in which they were made."""
    return list(Notice.objects.filter(**of).order_by("pk").values_list("kind", "state"))


def kinds_of(question: Question) -> list[str]:
    return [kind for kind, _state in told(question=question)]


def links_in(mail) -> list[str]:
    """The addresses in the text of a mail; the last one ends such mails."""
    return [word for word in mail.body.split() if word.startswith("http")]
