"""What changes the index, the stored Similar Q&A and the topics."""

from collections.abc import Iterable

import pghistory
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from psycopg2.extras import execute_values

from accounts.models import User
from forum.questions.models import Question
from forum.replies.models import Reply
from forum.search.fitting import score_threads
from forum.search.models import (
    MOST_TOPICS,
    DefaultTopic,
    Embedding,
    IndexEntry,
    ProposalState,
    QuestionTopic,
    SimilarThread,
    Topic,
    TopicProposal,
)
from forum.search.queries import near_threads, shown_ids
from forum.search.ranking import crowding_of
from forum.search.words import config_for, indexable
from forum.specialties.models import Specialty
from forum.specialties.slugs import unique_slug

WRITE_INDEX = """
INSERT INTO search_indexentry (question_id, vector, similar_at) VALUES %s
ON CONFLICT (question_id) DO UPDATE SET vector = EXCLUDED.vector, similar_at = NULL
"""
VECTOR = (
    "(%s, setweight(to_tsvector(%s::regconfig, %s), 'A') || setweight(to_tsvector(%s::regconfig, %s), 'B')"
    " || setweight(to_tsvector(%s::regconfig, %s), 'C'), NULL)"
)
# PostgreSQL refuses a text vector of more than 1 MB; so much of a text is more than anybody searches for.
MOST_INDEXED = 50_000


def index_questions(question_ids: Iterable[int]) -> None:
    """After these threads came or changed: write their words into the index; the worker finds out what they mean."""
    question_ids = list(question_ids)
    write_entries(question_ids)
    QuestionTopic.objects.filter(question__in=question_ids, score__isnull=False).update(score=None)
    Embedding.objects.filter(question__in=question_ids).delete()


def forget_words(question_ids: Iterable[int]) -> None:
    """After the words of these threads were removed: the index keeps nothing of them either."""
    for model in (IndexEntry, Embedding):
        model.objects.filter(question__in=list(question_ids)).delete()


def write_entries(question_ids: Iterable[int]) -> None:
    """Write the words of these threads into the index, as they stand now."""
    questions = list(Question.objects.filter(pk__in=list(question_ids)))
    replies: dict[int, list[str]] = {}
    shown = Reply.objects.shown().filter(question__in=questions)
    for question_id, text in shown.in_order().values_list("question_id", "text"):
        replies.setdefault(question_id, []).append(text)
    rows = [_index_row(question, replies.get(question.pk, [])) for question in questions]
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, WRITE_INDEX, rows, template=VECTOR, page_size=500)


def _index_row(question: Question, replies: list[str]) -> tuple:
    config = config_for(question.language)
    parts = (
        f"{question.public_title}\n{question.headline}",
        question.text,
        "\n".join(replies),
    )
    row: list = [question.pk]
    for text in parts:
        row += [config, indexable(text[:MOST_INDEXED], question.language)]
    return tuple(row)


@transaction.atomic
def renew_similar(question: Question) -> None:
    """Compute the Similar Q&A of one thread anew and store them."""
    # The question before its entry, as everybody who changes a thread does it; others may go on pointing to it.
    list(Question.objects.select_for_update(no_key=True).filter(pk=question.pk).values("pk"))
    entry = IndexEntry.objects.select_for_update().filter(pk=question.pk).first()
    if entry is None:
        return
    ranked = near_threads(question)
    ids = shown_ids(ranked)
    stored = SimilarThread.objects.filter(question=question)
    if ids != list(stored.order_by("rank").values_list("similar_id", flat=True)):
        stored.delete()
        SimilarThread.objects.bulk_create(
            SimilarThread(question=question, similar_id=similar, rank=rank) for rank, similar in enumerate(ids)
        )
    IndexEntry.objects.filter(pk=question.pk).update(similar_at=timezone.now(), crowding=crowding_of(ranked))


@transaction.atomic
def set_topics(question: Question, names: Iterable[str]) -> None:
    """Give a thread these topics, in this order and no others; new names become topics of its specialty."""
    topics = [topic_named(name, question.specialty) for name in names]
    question.question_topics.all().delete()
    for topic in dict.fromkeys(topics):
        QuestionTopic.objects.create(question=question, topic=topic)
    score_threads([question.pk])


def default_topics(specialty: Specialty) -> list[str]:
    """The names that doctors begin with in this specialty, in the admins' order."""
    return list(DefaultTopic.objects.of(specialty).values_list("topic__name", flat=True))


@transaction.atomic
def set_default_topics(*, specialty: Specialty, names: Iterable[str], by: User) -> None:
    """Have doctors begin with these topics, in this order and no others; new names become topics of the specialty."""
    topics = list(dict.fromkeys(topic_named(name, specialty) for name in names))
    known = dict(DefaultTopic.objects.of(specialty).values_list("topic_id", "position"))
    with pghistory.context(act="default_topics", by=by.pk):
        DefaultTopic.objects.filter(pk__in=known.keys() - {topic.pk for topic in topics}).delete()
        for position, topic in enumerate(topics):
            if topic.pk not in known:
                pghistory.create_event(DefaultTopic.objects.create(topic=topic, position=position), label="add")
            elif known[topic.pk] != position:
                DefaultTopic.objects.filter(pk=topic.pk).update(position=position)


@transaction.atomic
def topic_named(name: str, specialty: Specialty) -> Topic:
    """The topic of this name in this specialty, made if it is new. New ones are made one at a time."""
    known = Topic.objects.named(name).filter(specialty=specialty)
    topic = known.first()
    if topic is None:
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE search_topic IN SHARE ROW EXCLUSIVE MODE")
        topic = known.first() or Topic.objects.create(name=name, specialty=specialty, slug=unique_slug(Topic, name))
    return topic


@transaction.atomic
def accept_proposal(*, proposal: TopicProposal, by: User, name: str = "", reason: str = "") -> Topic | None:
    """Make it a topic, under another name if one is given, and give that to its threads; the topic.

    The name of a topic that the specialty has already, small or capital letters, merges into that one. Only the first
    decision counts: where there is one, nothing changes and the answer is None. Raises HeldByAnotherAdmin.
    """
    locked = _open_proposal(proposal, by)
    if locked is None:
        return None
    topic = topic_named(name or locked.name, locked.specialty)
    give_topic(topic, locked.questions.filter(specialty=locked.specialty).values_list("pk", flat=True))
    locked.decide(ProposalState.ACCEPTED, by=by, topic=topic, reason=reason)
    return topic


@transaction.atomic
def reject_proposal(*, proposal: TopicProposal, by: User, reason: str = "") -> bool:
    """Decide that it becomes no topic; it is not proposed again. False where it was decided before.

    Raises HeldByAnotherAdmin.
    """
    locked = _open_proposal(proposal, by)
    if locked is None:
        return False
    locked.decide(ProposalState.REJECTED, by=by, reason=reason)
    return True


def _open_proposal(proposal: TopicProposal, by: User) -> TopicProposal | None:
    """The row, locked; None where it is decided, or no longer proposed. Raises HeldByAnotherAdmin."""
    rows = TopicProposal.objects.open().select_related("specialty").select_for_update(of=["self"])
    found = rows.filter(pk=proposal.pk).first()
    if found:
        found.refuse_if_held_from(by)
    return found


@transaction.atomic
def give_topic(topic: Topic, question_ids: Iterable[int]) -> None:
    """Add a topic to those of these threads that are published and have room for one more, behind their others."""
    threads = Question.objects.select_for_update(of=["self"]).published().filter(pk__in=list(question_ids))
    ids = list(threads.order_by("pk").values_list("pk", flat=True))
    counted = Question.objects.filter(pk__in=ids).annotate(number=Count("question_topics"))
    room = set(counted.filter(number__lt=MOST_TOPICS).values_list("pk", flat=True))
    room -= set(QuestionTopic.objects.filter(topic=topic).values_list("question_id", flat=True))
    QuestionTopic.objects.bulk_create(QuestionTopic(question_id=pk, topic=topic) for pk in sorted(room))
    score_threads(room)


def topics_to_lend(source: Question, target: Question) -> list[Topic]:
    """The topics of a duplicate that a public target lacks and that fit it, as far as there is room.

    Such fit as are of its specialty or one above or below, between threads of one language.
    """
    if not target.is_published or source.language[:2] != target.language[:2]:
        return []
    family = {target.specialty.parent_id, *(each.pk for each in target.specialty.with_children())}
    own = target.question_topics.values("topic")
    fitting = Topic.objects.filter(question_topics__question=source, specialty__in=family).exclude(pk__in=own)
    return list(fitting.order_by("question_topics")[: max(MOST_TOPICS - len(own), 0)])


@transaction.atomic
def lend_topics(source: Question, target: Question) -> list[int]:
    """Part of a merge of threads: give `target` what fits of `source`, behind its own; the ids of the rows."""
    topics = topics_to_lend(source, target)
    added = [QuestionTopic.objects.create(question=target, topic=topic).pk for topic in topics]
    score_threads([target.pk])
    return added
