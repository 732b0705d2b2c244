import logging

from django.core.mail import send_mail
from django.utils.translation import gettext as _

from forum.questions.models import Question

logger = logging.getLogger("consilium")


class MailFailed(Exception):
    """The mail server did not take a mail. What it said is left out: it would name the address."""


def mail_news(question: Question) -> None:
    """Tell the asker by e-mail, where one was left, that there is news: nothing of what it is about; or MailFailed.

    The secret link is not in it: the site does not know it. It stands in the first mail and in the account.
    """
    body = _(
        "There is news about a question you asked.\n\n"
        "Please open your private link (it is in our first e-mail and was shown to you after asking), or sign in and "
        "look under “My questions”."
    )
    _mail(question, _("There is news for you"), body)


def mail_reminder(question: Question) -> None:
    """The same of a doctor's request that has no answer yet."""
    body = _(
        "A doctor cannot answer a question of yours yet: something is missing that only you know.\n\n"
        "Please open your private link (it is in our first e-mail and was shown to you after asking), or sign in and "
        "look under “My questions”."
    )
    _mail(question, _("A doctor is waiting to hear from you"), body)


def _mail(question: Question, subject: str, body: str) -> None:
    to = question.email or (question.asker.email if question.asker and question.asker.is_active else "")
    if not to:
        return
    try:
        send_mail(subject, body, None, [to])
    except OSError as error:
        raise MailFailed(type(error).__name__) from None
    logger.info("News of question %s mailed", question.pk)
