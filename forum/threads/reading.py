"""The thread page's data in one statement, and nothing of it where the reader has it already.

The page that most readers land on would take eight queries of the ORM, most of whose time goes into building SQL that
is the same every time. This reads the same rows with one round trip and makes of them the ordinary model objects,
with the fields the page does not show left out (Django loads such a field when it is asked for).
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db import connection, models
from django.db.models.base import ModelState

from accounts.models import Doctor
from forum.articles.models import Article
from forum.questions.models import Question, QuestionImage
from forum.replies.models import Agreement, FollowUp, Reply
from forum.search.models import Topic
from forum.specialties.models import Specialty
from forum.texts.current import keep_current
from forum.threads.prepared import Prepared

MOST_TOPICS = 12
LARGEST_ID = 2**63 - 1


def _fields(model: type[models.Model], names: str) -> tuple[str, ...]:
    """These columns in the order of the model, in which `Model.from_db` wants their values."""
    wanted = set(names.split())
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname in wanted)


SPECIALTY = _fields(Specialty, "id name name_zh_hant slug")
DOCTOR = _fields(Doctor, "id name slug verified_at suspended_at retired_at expired_noted_at")
QUESTION = _fields(
    Question,
    "id state language headline text pseudonym age_band sex asked_on public_title published_at modified_at "
    "merged_into_id specialty_id",
)
CARD = _fields(Question, "id state language headline text public_title version")
REPLY = _fields(Reply, "id text replied_on corrected_at helped_at hidden_at doctor_id specialty_id question_id")
AGREEMENT = _fields(Agreement, "id reply_id doctor_id")
FOLLOW_UP = _fields(FollowUp, "id text asked_on answer answered_at answered_by_id")
ARTICLE = _fields(Article, "id html sources machine_drafted signed_at reviewed_on signed_by_id reviewed_by_id")
BASE = _fields(Question, "id state language headline public_title")
IMAGE = _fields(QuestionImage, "id name width height description question_id")
TOPIC = _fields(Topic, "id name slug specialty_id")

TIMES = dict.fromkeys(("verified_at", "published_at", "modified_at", "answered_at"), datetime.fromisoformat)
TIMES |= dict.fromkeys(("suspended_at", "retired_at", "expired_noted_at"), datetime.fromisoformat)
TIMES |= dict.fromkeys(("corrected_at", "helped_at", "hidden_at", "signed_at"), datetime.fromisoformat)
TIMES |= dict.fromkeys(("asked_on", "replied_on", "reviewed_on"), date.fromisoformat)


@cache
def _times_in(fields: tuple[str, ...]) -> tuple[int, ...]:
    """Which of the fields are times or days."""
    return tuple(place for place, field in enumerate(fields) if field in TIMES)


def _array(alias: str, fields: tuple[str, ...]) -> str:
    return f"json_build_array({', '.join(f'{alias}.{field}' for field in fields)})"


def _doctor(alias: str) -> str:
    return f"CASE WHEN {alias}.id IS NULL THEN NULL ELSE {_array(alias, DOCTOR)} END"


# What the page is made of, as one string: the thread's own version (triggers renew it when the question, an image, a
# reply, an agreement, a follow-up, the article, a topic or the list of similar threads changes), those of the similar
# threads, whose topics it shows too, those of the threads whose articles its own is based on, that of the names of
# specialties, doctors and topics, and that of the site's texts. $1 is the thread, $2 the version that the caller has.
READ = Prepared(
    "read_thread",
    "bigint, text",
    f"""
WITH current AS MATERIALIZED (
  SELECT question.id,
         concat_ws('|', question.version, (SELECT number FROM specialties_directoryversion),
                   COALESCE((SELECT number FROM texts_textversion), 0),
                   string_agg(other.id || ':' || other.version, ',' ORDER BY other.id),
                   (SELECT string_agg(base.id || ':' || base.version, ',' ORDER BY base.id)
                    FROM articles_article article, unnest(article.based_on) AS used (id)
                    JOIN questions_question base ON base.id = used.id
                    WHERE article.question_id = question.id)) AS version
  FROM questions_question question
  LEFT JOIN search_similarthread link ON link.question_id = question.id
  LEFT JOIN questions_question other ON other.id = link.similar_id
  WHERE question.id = $1
  GROUP BY question.id
)
SELECT current.version, CASE WHEN current.version <> $2 THEN (
  SELECT json_build_array({_array("q", QUESTION)}, {_array("s", SPECIALTY)},
    (SELECT json_agg(json_build_array({_array("r", REPLY)}, {_doctor("d")}, {_array("rs", SPECIALTY)},
      (SELECT json_agg(json_build_array({_array("agreed", AGREEMENT)}, {_array("ad", DOCTOR)})
                       ORDER BY agreed.agreed_at, agreed.id)
       FROM replies_agreement agreed JOIN accounts_doctor ad ON ad.id = agreed.doctor_id
       WHERE agreed.reply_id = r.id AND (r.corrected_at IS NULL OR agreed.agreed_at > r.corrected_at)))
                     ORDER BY r.replied_on, r.created_at, r.id)
     FROM replies_reply r JOIN specialties_specialty rs ON rs.id = r.specialty_id
     LEFT JOIN accounts_doctor d ON d.id = r.doctor_id
     WHERE r.question_id = q.id AND r.hidden_at IS NULL),
    (SELECT json_agg(json_build_array({_array("f", FOLLOW_UP)}, {_array("d", DOCTOR)}, f.number) ORDER BY f.number)
     FROM (SELECT *, row_number() OVER (ORDER BY created_at, id) AS number FROM replies_followup
           WHERE question_id = q.id) f
     JOIN accounts_doctor d ON d.id = f.answered_by_id
     WHERE f.answered_at IS NOT NULL AND f.hidden_at IS NULL),
    (SELECT json_build_array({_array("a", ARTICLE)}, {_doctor("d")}, {_doctor("rd")},
       (SELECT json_agg({_array("base", BASE)} ORDER BY used.place)
        FROM unnest(a.based_on) WITH ORDINALITY AS used (id, place)
        JOIN questions_question base ON base.id = used.id AND base.state = 'published'))
     FROM articles_article a LEFT JOIN accounts_doctor d ON d.id = a.signed_by_id
     LEFT JOIN accounts_doctor rd ON rd.id = a.reviewed_by_id
     WHERE a.question_id = q.id AND a.hidden_at IS NULL),
    (SELECT json_agg(json_build_array({_array("t", TOPIC)}, {_array("ts", SPECIALTY)}) ORDER BY near.rank, near.link_id)
     FROM (SELECT * FROM (
             SELECT DISTINCT ON (link.topic_id) link.topic_id, link.id AS link_id, thread.rank
             FROM (SELECT q.id, -1 AS rank UNION ALL
                   SELECT o.id, near.rank FROM search_similarthread near
                   JOIN questions_question o ON o.id = near.similar_id AND o.state = 'published'
                   WHERE near.question_id = q.id AND left(lower(o.language), 2) = left(lower(q.language), 2)) thread
             JOIN search_questiontopic link ON link.question_id = thread.id
             ORDER BY link.topic_id, thread.rank, link.id) each_once
           ORDER BY rank, link_id LIMIT {MOST_TOPICS}) near
     JOIN search_topic t ON t.id = near.topic_id
     JOIN specialties_specialty ts ON ts.id = t.specialty_id),
    (SELECT json_agg(json_build_array({_array("o", CARD)}, {_array("r", REPLY)}, {_doctor("d")},
                                      {_array("rs", SPECIALTY)}) ORDER BY link.rank)
     FROM search_similarthread link
     JOIN questions_question o ON o.id = link.similar_id AND o.state = 'published'
     LEFT JOIN LATERAL (SELECT * FROM replies_reply reply
                        WHERE reply.question_id = o.id AND reply.hidden_at IS NULL
                        ORDER BY reply.replied_on, reply.created_at, reply.id LIMIT 1) r ON true
     LEFT JOIN accounts_doctor d ON d.id = r.doctor_id
     LEFT JOIN specialties_specialty rs ON rs.id = r.specialty_id
     WHERE link.question_id = q.id),
    (SELECT json_agg({_array("i", IMAGE)} ORDER BY i.place)
     FROM questions_questionimage i WHERE i.question_id = q.id AND i.public_at IS NOT NULL),
    COALESCE((SELECT number FROM texts_textversion), 0))
  FROM questions_question q JOIN specialties_specialty s ON s.id = q.specialty_id
  WHERE q.id = current.id
) END
FROM current
""",
)


@dataclass(frozen=True)
class Thread:
    """What stands on a thread page. `similar` are the stored Similar Q&A, as cards; empty where none are stored.

    `topics` are its own in the doctor's order, then those of `similar`, each once; `images` are the public ones.
    """

    question: Question
    replies: list[Reply]
    follow_ups: list[FollowUp]
    article: Article | None
    topics: list[Topic]
    similar: list[Question]
    images: list[QuestionImage]


def read_thread(question_id: int, known_version: str = "") -> tuple[str | None, Thread | None]:
    """The thread's version and, where that is not the one known, the thread, whatever its state.

    Who may see it is for the caller to say. The version is None where there is no such thread. With the thread, the
    texts of the site are brought up to its version.
    """
    row = READ.first_row(question_id, known_version) if question_id <= LARGEST_ID else None
    if row is None:
        return None, None
    version, data = row
    if not data:
        return version, None
    *thread, texts = data
    keep_current(texts)
    return version, _thread(*thread)


def _thread(own: list, specialty: list, replies, follow_ups, article, topics, similar, images) -> Thread:
    make = _Maker()
    question = make(Question, QUESTION, own, specialty=make.specialty(specialty))
    return Thread(
        question,
        [make.reply(question, *reply) for reply in replies or []],
        [make.follow_up(question, *follow_up) for follow_up in follow_ups or []],
        make.article(question, *article) if article else None,
        [make(Topic, TOPIC, own, specialty=make.specialty(its)) for own, its in topics or []],
        [make.card(*card) for card in similar or []],
        [make(QuestionImage, IMAGE, own, question=question) for own in images or []],
    )


class _Maker:
    """Makes model objects of JSON values; a doctor or a specialty that stands on the page twice is made once."""

    def __init__(self) -> None:
        self._known: dict[tuple[type[models.Model], int], models.Model] = {}

    def __call__(self, model: type[models.Model], fields: tuple[str, ...], values: list, **related) -> models.Model:
        """A model object with these related objects, times and days as Python's.

        It is what `Model.from_db` makes: fields that are left out are in neither, and Django loads them when asked. The
        constructor, which goes through all fields and signals, would take a tenth of the page's time.
        """
        for place in _times_in(fields):
            if values[place] is not None:
                values[place] = TIMES[fields[place]](values[place])
        instance = model.__new__(model)
        instance._state = state = ModelState()
        state.adding, state.db, state.fields_cache = False, connection.alias, related
        instance.__dict__.update(zip(fields, values, strict=True))
        return instance

    def _once(self, model: type[models.Model], fields: tuple[str, ...], values: list | None) -> models.Model | None:
        if values is None:
            return None
        key = (model, values[0])
        if key not in self._known:
            self._known[key] = self(model, fields, values)
        return self._known[key]

    def doctor(self, values: list | None) -> Doctor | None:
        return self._once(Doctor, DOCTOR, values)

    def specialty(self, values: list) -> Specialty:
        return self._once(Specialty, SPECIALTY, values)

    def card(self, own: list, reply: list, doctor: list | None, specialty: list) -> Question:
        question = self(Question, CARD, own)
        has_reply = reply[REPLY.index("id")] is not None
        question.first_replies = [self.reply(question, reply, doctor, specialty)] if has_reply else []
        return question

    def reply(self, question: Question, own: list, doctor: list | None, specialty: list, agreed=()) -> Reply:
        related = {"doctor": self.doctor(doctor), "specialty": self.specialty(specialty)}
        reply = self(Reply, REPLY, own, question=question, **related)
        reply.agreed = [self(Agreement, AGREEMENT, its, doctor=self.doctor(who)) for its, who in agreed or []]
        return reply

    def follow_up(self, question: Question, own: list, doctor: list, number: int) -> FollowUp:
        follow_up = self(FollowUp, FOLLOW_UP, own, question=question, answered_by=self.doctor(doctor))
        # Its place among those of the thread, for its anchor: an id would tell in which order patients ask.
        follow_up.number = number
        return follow_up

    def article(self, question: Question, own: list, signed_by, reviewed_by, bases: list | None) -> Article:
        doctors = {"signed_by": self.doctor(signed_by), "reviewed_by": self.doctor(reviewed_by)}
        article = self(Article, ARTICLE, own, question=question, **doctors)
        article.bases = [self(Question, BASE, base) for base in bases or []]
        return article
