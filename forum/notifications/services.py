import logging

from django.core.mail import send_mail
from django.utils.translation import gettext as _

from forum.questions.models import Question

logger = logging.getLogger("consilium")


def mail_news(question: Question) -> None:
    """Tell the asker by e-mail, where one was left, that there is news: nothing of what it is about.

    The secret link is not in it: the site does not know it. It stands in the first mail and in the account.
    """
    to = question.email or (question.asker.email if question.asker and question.asker.is_active else "")
    if not to:
        return
    body = _(
        "There is news about a question you asked.\n\n"
        "Please open your private link (it is in our first e-mail and was shown to you after asking), or sign in and "
        "look under “My questions”."
    )
    send_mail(_("There is news for you"), body, None, [to])
    logger.info("News of question %s mailed", question.pk)
