import logging

from django.core.mail import EmailMultiAlternatives

from forum.questions.models import Question
from forum.texts.mails import write_mail

logger = logging.getLogger("consilium")


def send_status_link(question: Question, link: str) -> None:
    """Send the asker the secret link, at once: only its hash is stored, so nobody can send it later.

    A mail server that fails costs the asker the mail, not the question.
    """
    words = write_mail("mail.private_link", addresses=(link,))
    mail = EmailMultiAlternatives(words.subject, words.text, None, [question.email])
    mail.attach_alternative(words.html, "text/html")
    try:
        mail.send()
    except OSError:
        logger.warning("The status link of question %s could not be mailed", question.pk)
