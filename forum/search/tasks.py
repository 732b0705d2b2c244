from django_tasks import task

from forum.questions.models import Question
from forum.search.queries import similar_to
from forum.search.services import renew_similar


@task()
def renew_similar_around(question_id: int) -> None:
    """After a thread came or changed: its Similar Q&A, and those of the threads it is like."""
    question = Question.objects.filter(pk=question_id).first()
    if question is None:
        return
    renew_similar(question)
    listing = Question.objects.published().filter(similar_threads__similar=question)
    for neighbour in {*similar_to(question), *listing}:
        renew_similar(neighbour)


@task()
def renew_similar_missing(after_id: int = 0, batch: int = 500) -> None:
    """Compute the Similar Q&A of all threads that have none yet, a batch a task."""
    missing = list(
        Question.objects.published()
        .filter(index_entry__similar_at=None, index_entry__isnull=False, pk__gt=after_id)
        .order_by("pk")[:batch]
    )
    for question in missing:
        renew_similar(question)
    if len(missing) == batch:
        renew_similar_missing.enqueue(after_id=missing[-1].pk, batch=batch)
