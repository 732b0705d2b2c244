"""Writing threads of an archive to the database, a batch at a time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pghistory
import pgtrigger
from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef
from django.utils import timezone

from forum.archive.models import ImportedLine
from forum.archive.names import Names
from forum.archive.records import Record, ReplyRecord
from forum.articles.models import Article
from forum.questions.models import Decision, Question, State
from forum.replies.models import Reply
from forum.search.models import QuestionTopic
from forum.search.services import index_questions

# Two imports at the same time take turns, batch by batch.
ONE_IMPORT_AT_A_TIME = 0x636F6E73
# They renew the version of a thread somebody may have seen; a thread that is being made has no reader yet.
NOT_FOR_NEW_THREADS = [f"{name}:touch_thread" for name in ("replies.Reply", "articles.Article", "search.QuestionTopic")]
MICROSECOND = timedelta(microseconds=1)
NOT_ANSWERED = "its id is that of a question of this site that is not a published thread"


@dataclass(frozen=True, slots=True)
class Entry:
    """One checked line of a file, with the digest of its bytes and its beginning for the report."""

    file: str
    number: int
    beginning: bytes
    digest: str
    record: Record


@dataclass
class Plan:
    """What an import of some entries would do. `same` counts among the unchanged: another line, the same thread."""

    new: list[Entry] = field(default_factory=list)
    changed: list[tuple[Entry, "Stored"]] = field(default_factory=list)
    unchanged: list[Entry] = field(default_factory=list)
    refused: list[tuple[Entry, str]] = field(default_factory=list)
    same: dict[int, str] = field(default_factory=dict)


@dataclass
class Stored:
    """A thread as it stands in the database."""

    question: Question
    replies: list[Reply]
    article: Article | None
    topics: list[int]
    second_opinions: set[int]  # the ids of the replies that were added here

    def leave_alone_but(self, named: set[int | None]) -> None:
        """A second reply that was written here is none of the archive's, unless that names its doctor too."""
        ours = self.second_opinions
        self.replies = [each for each in self.replies if each.pk not in ours or each.doctor_id in named]


def store(entries: list[Entry], names: Names, *, write: bool) -> Plan:
    """Make new threads, update the changed ones, leave the others alone, all in one transaction and indexed.

    Without `write`, only tell what would be done. A thread that was hidden or merged here, or of which an admin has
    hidden a part, stays as it is.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_IMPORT_AT_A_TIME])
        plan = _sort(entries, names)
        if write:
            _carry_out(plan, names)
    return plan


def _carry_out(plan: Plan, names: Names) -> None:
    names.make_missing([entry.record for entry in [*plan.new, *(entry for entry, _ in plan.changed)]])
    digests = _create(plan.new, names)
    for entry, stored in plan.changed:
        with pghistory.context(act="import"):
            _update(stored, entry.record, names)
        digests[stored.question.pk] = entry.digest
    if digests:
        index_questions(digests)
    _remember_lines(digests | plan.same)


def _sort(entries: list[Entry], names: Names) -> Plan:
    plan = Plan()
    questions = Question.objects.filter(archive_id__in=[entry.record.id for entry in entries])
    questions = questions.annotate(decided=_has_hidden(Reply) | _has_hidden(Article))
    columns = ("archive_id", "pk", "state", "imported_line__digest", "decided")
    known = {row[0]: row[1:] for row in questions.values_list(*columns)}
    doubtful: dict[int, Entry] = {}
    for entry in entries:
        pk, state, digest, decided = known.get(entry.record.id, (None, None, None, False))
        if pk is None:
            plan.new.append(entry)
        elif decided or state in (State.HIDDEN, State.MERGED) or (state == State.PUBLISHED and digest == entry.digest):
            plan.unchanged.append(entry)
        elif state == State.PUBLISHED:
            doubtful[pk] = entry
        else:
            plan.refused.append((entry, NOT_ANSWERED))
    names.learn([entry.record for entry in [*plan.new, *doubtful.values()]])
    for stored in _load(doubtful):
        entry = doubtful[stored.question.pk]
        stored.leave_alone_but({names.doctor(reply.doctor) for reply in entry.record.replies})
        if _is_same(stored, entry.record, names):
            plan.unchanged.append(entry)
            plan.same[stored.question.pk] = entry.digest
        else:
            plan.changed.append((entry, stored))
    return plan


def _has_hidden(part: type[Model]) -> Exists:
    return Exists(part.objects.filter(question=OuterRef("pk"), hidden_at__isnull=False))


def _load(pks: Iterable[int]) -> list[Stored]:
    pks = list(pks)
    if not pks:
        return []
    replies: dict[int, list[Reply]] = defaultdict(list)
    for reply in Reply.objects.filter(question__in=pks).as_written():
        replies[reply.question_id].append(reply)
    topics: dict[int, list[int]] = defaultdict(list)
    for row in QuestionTopic.objects.filter(question__in=pks).order_by("pk"):
        topics[row.question_id].append(row.topic_id)
    articles = {article.question_id: article for article in Article.objects.filter(question__in=pks)}
    second: dict[int, set[int]] = defaultdict(set)
    given = Decision.objects.filter(question__in=pks, act="second_reply")
    for question_id, reply in given.values_list("question_id", "reason"):
        second[question_id].add(int(reply.removeprefix("reply ")))
    questions = Question.objects.filter(pk__in=pks).order_by("pk").select_for_update()
    return [Stored(q, replies[q.pk], articles.get(q.pk), topics[q.pk], second[q.pk]) for q in questions]


def _is_same(stored: Stored, record: Record, names: Names) -> bool:
    article = stored.article and (stored.article.text, stored.article.sources)
    return (
        not _differs(stored.question, question_values(record, names))
        and len(stored.replies) == len(record.replies)
        and not any(
            _differs(reply, reply_values(new, record, names))
            for reply, new in zip(stored.replies, record.replies, strict=True)
        )
        and article == (record.article and (record.article.text, record.article.sources))
        and stored.topics == names.topics(record)
    )


def _differs(row: Model, values: dict[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def _set(row: Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def question_values(record: Record, names: Names) -> dict[str, Any]:
    """What a line says of the question itself."""
    return {
        "specialty_id": names.specialty(record.specialty),
        "language": record.language,
        "public_title": record.title,
        "headline": record.headline,
        "text": record.text,
        "pseudonym": record.pseudonym,
        "age_band": record.age_band,
        "sex": record.sex,
        "asked_on": record.asked_on,
    }


def reply_values(reply: ReplyRecord, record: Record, names: Names) -> dict[str, Any]:
    """What a line says of one reply."""
    return {
        "doctor_id": names.doctor(reply.doctor),
        "specialty_id": names.specialty(reply.specialty or record.specialty),
        "text": reply.text,
        "replied_on": reply.replied_on,
    }


def midnight(day: date) -> datetime:
    """The beginning of a day where the site is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def publication_time(record: Record) -> datetime:
    """The day of the first reply; now, where it has none or one that is yet to come."""
    now, day = timezone.now(), record.replies[0].replied_on
    return min(midnight(day), now) if day else now


def _create(entries: list[Entry], names: Names) -> dict[int, str]:
    """Make threads; the digest of its line for each new question's id."""
    questions, replies, articles, topics = [], [], [], []
    for entry in entries:
        record = entry.record
        published = publication_time(record)
        question = Question(
            **question_values(record, names),
            archive_id=record.id,
            state=State.PUBLISHED,
            created_at=min(midnight(record.asked_on), published) if record.asked_on else published,
            published_at=published,
            modified_at=published if record.replies[0].replied_on else None,
        )
        questions.append(question)
        replies += [
            Reply(question=question, created_at=published + place * MICROSECOND, **reply_values(reply, record, names))
            for place, reply in enumerate(record.replies)
        ]
        if record.article:
            articles.append(_article(question, record))
        topics += [QuestionTopic(question=question, topic_id=topic) for topic in names.topics(record)]
    with pgtrigger.ignore(*NOT_FOR_NEW_THREADS), transaction.atomic():
        for model, rows in ((Question, questions), (Reply, replies), (Article, articles), (QuestionTopic, topics)):
            model.objects.bulk_create(rows)
    return {question.pk: entry.digest for question, entry in zip(questions, entries, strict=True)}


def _article(question: Question, record: Record) -> Article:
    return Article.written(question=question, text=record.article.text, sources=record.article.sources)


def _update(stored: Stored, record: Record, names: Names) -> None:
    """Bring a thread to what its line says, keeping the rows (and addresses) of its replies, place by place."""
    question = stored.question
    _set(question, question_values(record, names))
    day = record.replies[0].replied_on
    if day and timezone.localdate(question.published_at) != day:
        question.published_at = publication_time(record)
    question.modified_at = timezone.now()
    question.save()
    _update_replies(stored, record, names)
    _update_article(stored, record)
    topics = names.topics(record)
    if topics != stored.topics:
        QuestionTopic.objects.filter(question=question).delete()
        QuestionTopic.objects.bulk_create(QuestionTopic(question=question, topic_id=topic) for topic in topics)


def _update_replies(stored: Stored, record: Record, names: Names) -> None:
    last = stored.replies[-1].created_at if stored.replies else stored.question.published_at
    for place, new in enumerate(record.replies):
        values = reply_values(new, record, names)
        if place >= len(stored.replies):
            last += MICROSECOND
            Reply.objects.create(question=stored.question, created_at=last, **values)
        elif _differs(stored.replies[place], values):
            if _differs(stored.replies[place], {name: values[name] for name in ("doctor_id", "text")}):
                stored.replies[place].agreements.all().delete()  # whoever agreed did so with other words
            _set(stored.replies[place], values)
            stored.replies[place].save(update_fields=values)
    for surplus in stored.replies[len(record.replies) :]:
        surplus.delete()


def _update_article(stored: Stored, record: Record) -> None:
    """A changed article is a new one: a signature covers only the text that was signed."""
    old, new = stored.article, record.article
    if (old and (old.text, old.sources)) == (new and (new.text, new.sources)):
        return
    if old:
        old.delete()
    if new:
        _article(stored.question, record).save()


def _remember_lines(digests: dict[int, str]) -> None:
    ImportedLine.objects.bulk_create(
        [ImportedLine(question_id=pk, digest=digest) for pk, digest in digests.items()],
        update_conflicts=True,
        unique_fields=["question"],
        update_fields=["digest"],
    )
