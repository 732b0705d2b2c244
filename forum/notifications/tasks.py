from django_tasks import task

from forum.notifications.services import mail_news
from forum.questions.models import Question


@task()
def send_news(question_id: int) -> None:
    """Mail the asker of a question that there is news."""
    question = Question.objects.select_related("asker").filter(pk=question_id).first()
    if question is not None:
        mail_news(question)
