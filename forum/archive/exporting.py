"""The published threads as lines of an archive, always the same bytes for the same threads."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Collate

from forum.questions.models import Question
from forum.replies.models import Reply
from forum.search.models import QuestionTopic

BATCH = 500


def exportable() -> QuerySet[Question]:
    """Published threads that have a reply: a line without one could not be read again."""
    return Question.objects.published().filter(Exists(Reply.objects.shown().filter(question=OuterRef("pk"))))


def export_lines() -> Iterator[bytes]:
    """One line a thread, by archive id (compared byte by byte), as the threads stood when the export began."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        ids = exportable().order_by(Collate("archive_id", "C")).values_list("pk", flat=True).iterator(chunk_size=BATCH)
        while batch := list(islice(ids, BATCH)):
            threads = _load(batch)
            yield from (to_line(threads[pk]) for pk in batch)


def to_line(question: Question) -> bytes:
    """The archive line of a thread, its line end included."""
    line = json.dumps(thread_as_json(question), ensure_ascii=False, separators=(",", ":"))
    return line.encode() + b"\n"


def thread_as_json(question: Question) -> dict[str, Any]:
    """A thread in the archive format; every key is there, null where there is no value."""
    return {
        "id": question.archive_id,
        "lang": question.language,
        "specialty": question.specialty.name,
        "title": question.public_title,
        "question": {
            "title": question.headline,
            "text": question.text,
            "date": question.asked_on and question.asked_on.isoformat(),
            "asker": _asker(question),
        },
        "replies": [_reply(reply) for reply in question.replies.all()],
        "more_info": _article(question),
        "topics": _topics(question),
    }


def _load(pks: list[int]) -> dict[int, Question]:
    replies = Reply.objects.shown().as_written().select_related("doctor", "specialty")
    topics = QuestionTopic.objects.order_by("pk").select_related("topic")
    questions = Question.objects.select_related("specialty", "article").prefetch_related(
        Prefetch("replies", replies), Prefetch("question_topics", topics)
    )
    return questions.in_bulk(pks)


def _asker(question: Question) -> dict[str, Any] | None:
    low, _, high = question.age_band.removesuffix("+").partition("-")
    if not (question.pseudonym or low or question.sex):
        return None
    return {
        "name": question.pseudonym or None,
        "age_from": int(low) if low else None,
        "age_to": int(high) if high else None,
        "sex": question.sex or None,
    }


def _reply(reply: Reply) -> dict[str, Any]:
    return {
        "doctor": reply.doctor and reply.doctor.name,
        "specialty": reply.specialty.name,
        "text": reply.text,
        "date": reply.replied_on and reply.replied_on.isoformat(),
    }


def _article(question: Question) -> dict[str, Any] | None:
    article = getattr(question, "article", None)
    if article is None or not article.is_shown:
        return None
    sources = [{"title": source.get("title") or source["url"], "url": source["url"]} for source in article.sources]
    return {"text": article.text, "sources": sources}


def _topics(question: Question) -> list[str]:
    """In the doctor's order; two topics of the same name (of merged specialties) are one."""
    topics: dict[str, str] = {}
    for row in question.question_topics.all():
        topics.setdefault(row.topic.name.lower(), row.topic.name)
    return list(topics.values())
