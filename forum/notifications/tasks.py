from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from forum.notifications.services import MailFailed, mail_news
from forum.questions.models import Question

# How long to wait before each further try of a mail that was not taken.
PAUSES = [timedelta(minutes=5), timedelta(hours=1), timedelta(hours=12)]


@task()
def send_news(question_id: int, tries: int = 0) -> None:
    """Mail the asker of a question that there is news; a mail server that fails is asked again, with growing pauses."""
    question = Question.objects.select_related("asker").filter(pk=question_id).first()
    if question is None:
        return
    try:
        mail_news(question)
    except MailFailed:
        if tries == len(PAUSES):
            raise
        later = send_news.using(run_after=timezone.now() + PAUSES[tries])
        later.enqueue(question_id, tries=tries + 1)
