"""The thread page's data in one statement.

The page that most readers land on would take six queries of the ORM, most of whose time goes into building SQL that
is the same every time. This reads the same rows with one round trip and makes of them the ordinary model objects,
with the fields the page does not show left out (Django loads such a field when it is asked for).
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, models

from accounts.models import Doctor
from forum.articles.models import Article
from forum.questions.models import Question
from forum.replies.models import FollowUp, Reply
from forum.search.models import Topic
from forum.specialties.models import Specialty

MOST_TOPICS = 12


def _fields(model: type[models.Model], names: str) -> tuple[str, ...]:
    """These columns in the order of the model, in which `Model.from_db` wants their values."""
    wanted = set(names.split())
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname in wanted)


SPECIALTY = _fields(Specialty, "id name name_zh_hant slug")
DOCTOR = _fields(Doctor, "id name slug verified_at")
QUESTION = _fields(
    Question,
    "id state language headline text pseudonym age_band sex asked_on public_title published_at modified_at "
    "merged_into_id specialty_id",
)
REPLY = _fields(Reply, "id text replied_on corrected_at helped_at doctor_id specialty_id question_id")
FOLLOW_UP = _fields(FollowUp, "id text asked_on answer answered_at answered_by_id")
ARTICLE = _fields(Article, "id html sources machine_drafted reviewed_on signed_by_id")
TOPIC = _fields(Topic, "id name slug specialty_id")

TIMES = dict.fromkeys(("verified_at", "published_at", "modified_at", "answered_at"), datetime.fromisoformat)
TIMES |= dict.fromkeys(("corrected_at", "helped_at"), datetime.fromisoformat)
TIMES |= dict.fromkeys(("asked_on", "replied_on", "reviewed_on"), date.fromisoformat)


def _array(alias: str, fields: tuple[str, ...]) -> str:
    return f"json_build_array({', '.join(f'{alias}.{field}' for field in fields)})"


def _doctor(alias: str) -> str:
    return f"CASE WHEN {alias}.id IS NULL THEN NULL ELSE {_array(alias, DOCTOR)} END"


READ = f"""
SELECT {_array("q", QUESTION)}, {_array("s", SPECIALTY)},
  (SELECT json_agg(json_build_array({_array("r", REPLY)}, {_doctor("d")}, {_array("rs", SPECIALTY)})
                   ORDER BY r.created_at, r.id)
   FROM replies_reply r JOIN specialties_specialty rs ON rs.id = r.specialty_id
   LEFT JOIN accounts_doctor d ON d.id = r.doctor_id
   WHERE r.question_id = q.id),
  (SELECT json_agg(json_build_array({_array("f", FOLLOW_UP)}, {_array("d", DOCTOR)}) ORDER BY f.created_at, f.id)
   FROM replies_followup f JOIN accounts_doctor d ON d.id = f.answered_by_id
   WHERE f.question_id = q.id AND f.answered_at IS NOT NULL),
  (SELECT json_build_array({_array("a", ARTICLE)}, {_doctor("d")})
   FROM articles_article a LEFT JOIN accounts_doctor d ON d.id = a.signed_by_id
   WHERE a.question_id = q.id),
  (SELECT json_agg(json_build_array({_array("t", TOPIC)}, {_array("ts", SPECIALTY)}) ORDER BY t.link_id)
   FROM (SELECT topic.*, link.id AS link_id
         FROM search_questiontopic link JOIN search_topic topic ON topic.id = link.topic_id
         WHERE link.question_id = q.id ORDER BY link.id LIMIT {MOST_TOPICS}) t
   JOIN specialties_specialty ts ON ts.id = t.specialty_id)
FROM questions_question q JOIN specialties_specialty s ON s.id = q.specialty_id
WHERE q.id = %s
"""


@dataclass(frozen=True)
class Thread:
    """What stands on a thread page, but for the similar threads."""

    question: Question
    replies: list[Reply]
    follow_ups: list[FollowUp]
    article: Article | None
    topics: list[Topic]


def read_thread(question_id: int) -> Thread | None:
    """The thread with all that belongs to it, whatever its state: who may see it is for the caller to say."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [question_id])
        row = cursor.fetchone()
    if row is None:
        return None
    question_row, specialty_row, replies, follow_ups, article, topics = row
    question = _instance(Question, QUESTION, question_row, specialty=_instance(Specialty, SPECIALTY, specialty_row))
    return Thread(
        question,
        [_reply(question, *reply) for reply in replies or []],
        [_follow_up(question, *follow_up) for follow_up in follow_ups or []],
        _article(question, *article) if article else None,
        [_instance(Topic, TOPIC, own, specialty=_instance(Specialty, SPECIALTY, its)) for own, its in topics or []],
    )


def _reply(question: Question, own: list, doctor: list | None, specialty: list) -> Reply:
    return _instance(
        Reply,
        REPLY,
        own,
        question=question,
        doctor=_instance(Doctor, DOCTOR, doctor),
        specialty=_instance(Specialty, SPECIALTY, specialty),
    )


def _follow_up(question: Question, own: list, doctor: list) -> FollowUp:
    return _instance(FollowUp, FOLLOW_UP, own, question=question, answered_by=_instance(Doctor, DOCTOR, doctor))


def _article(question: Question, own: list, doctor: list | None) -> Article:
    return _instance(Article, ARTICLE, own, question=question, signed_by=_instance(Doctor, DOCTOR, doctor))


def _instance(model: type[models.Model], fields: tuple[str, ...], values: list | None, **related):
    """A model object of JSON values, times and days as Python's; None for None."""
    if values is None:
        return None
    values = [
        TIMES[field](value) if value is not None and field in TIMES else value
        for field, value in zip(fields, values, strict=True)
    ]
    instance = model.from_db(connection.alias, fields, values)
    instance._state.fields_cache.update(related)
    return instance
