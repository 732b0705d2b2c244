from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from forum.notifications.services import MailFailed, mail_news, mail_reminder
from forum.questions.models import InfoRequest, Question

# How long to wait before each further try of a mail that was not taken.
PAUSES = [timedelta(minutes=5), timedelta(hours=1), timedelta(hours=12)]


@task()
def send_news(question_id: int, tries: int = 0, reminder: bool = False) -> None:
    """Mail the asker of a question that there is news; a mail server that fails is asked again, with growing pauses."""
    question = Question.objects.select_related("asker").filter(pk=question_id).first()
    if question is None:
        return
    try:
        mail_reminder(question) if reminder else mail_news(question)
    except MailFailed:
        if tries == len(PAUSES):
            raise
        later = send_news.using(run_after=timezone.now() + PAUSES[tries])
        again = {"tries": tries + 1} | ({"reminder": True} if reminder else {})
        later.enqueue(question_id, **again)


@task()
def remind_of_request(request_id: int, number: int) -> None:
    """Remind a patient who has not answered a doctor's request, once for each number."""
    request = InfoRequest.objects.filter(pk=request_id).first()
    if request is None:
        return
    with transaction.atomic():
        if request.remind(number):
            send_news.enqueue(request.question_id, reminder=True)
