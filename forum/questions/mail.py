import logging

from django.core.mail import send_mail
from django.utils.translation import gettext as _

from forum.questions.models import Question

logger = logging.getLogger("consilium")


def send_status_link(question: Question, link: str) -> None:
    """Send the asker the secret link, at once: only its hash is stored, so nobody can send it later.

    A mail server that fails costs the asker the mail, not the question.
    """
    body = _(
        "We have received your question. A doctor will read it.\n\n"
        "Your private page, where you see what becomes of it:\n%(link)s\n\n"
        "Whoever has this link can open the page, so please keep it to yourself."
    ) % {"link": link}
    try:
        send_mail(_("Your private link"), body, None, [question.email])
    except OSError:
        logger.warning("The status link of question %s could not be mailed", question.pk)
