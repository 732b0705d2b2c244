"""What keeps the index current. Catching up runs at a low priority: a thread just published comes first."""

import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult, TaskResultStatus

from forum.questions.models import Question
from forum.search.embedders import EmbedderUnavailable
from forum.search.embedding import embed_questions
from forum.search.fitting import score_some, score_threads
from forum.search.models import Topic
from forum.search.queries import similar_to
from forum.search.reindexing import (
    EMBEDDED_AT_ONCE,
    RENEWED_AT_ONCE,
    batches,
    embed,
    forget_old_models,
    renew,
    unembedded,
    unfinished,
)
from forum.search.services import renew_similar
from forum.search.suggesting.learning import learn_specialties, needs_learning
from forum.search.vocabulary import count_words, needs_counting

# A task stops after so long and leaves the rest to the next one, so that nothing waits behind it.
SECONDS_A_TASK = 10
LATER = timedelta(minutes=5)


@task()
def renew_similar_around(question_id: int) -> None:
    """After a thread came, changed or went: what it means, its place in its topics, its Similar Q&A and its likes'."""
    question = Question.objects.filter(pk=question_id).first()
    if question is None:
        return
    score_threads([question.pk])
    try:
        embed_questions([question.pk])
    except EmbedderUnavailable:
        catch_up_later()
    renew_similar(question)
    listing = Question.objects.published().filter(similar_threads__similar=question)
    for neighbour in {*similar_to(question), *listing}:
        renew_similar(neighbour)


@task(priority=-10)
def catch_up(after: int = 0) -> None:
    """Do what is not done yet: meanings, what they teach of specialties, word counts, scores in topics, Similar Q&A.

    Imports, a change of the embedder and an outage of its server leave such work behind; each worker looks for some as
    it starts. `after` is how far an earlier task has come with the meanings.
    """
    until = time.monotonic() + SECONDS_A_TASK
    try:
        for ids in batches(unembedded(), EMBEDDED_AT_ONCE, after):
            embed(ids)
            if time.monotonic() > until:
                catch_up.enqueue(after=ids[-1])
                return
        if needs_learning():
            learn_specialties()
    except EmbedderUnavailable:
        catch_up_later()
    if needs_counting():
        count_words()
    while score_some():
        if time.monotonic() > until:
            catch_up.enqueue()
            return
    for ids in batches(unfinished(), RENEWED_AT_ONCE):
        renew(ids)
        if time.monotonic() > until:
            catch_up.enqueue()
            return
    forget_old_models()


@transaction.atomic
def score_again(topic: Topic) -> None:
    """After a topic got another name: the worker tells anew how well its threads fit it."""
    topic.question_topics.update(score=None)
    catch_up.enqueue()


def catch_up_later() -> None:
    """Try again in five minutes, once, however many ask for it."""
    waiting = DBTaskResult.objects.filter(
        task_path=catch_up.module_path, status=TaskResultStatus.READY, run_after__gt=timezone.now()
    )
    if not waiting.exists():
        catch_up.using(run_after=timezone.now() + LATER).enqueue()


def catch_up_if_not_waiting() -> None:
    """For workers, at their start and from time to time."""
    if not DBTaskResult.objects.filter(task_path=catch_up.module_path, status=TaskResultStatus.READY).exists():
        catch_up.enqueue()
