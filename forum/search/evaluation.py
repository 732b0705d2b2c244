"""How good Similar Q&A is on judged pairs, measured through the code that serves the page, on a site of its own."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy
from django.db import connection, transaction
from django.utils import timezone

from forum.questions.models import Question, State
from forum.search.asking import asked_by_thread
from forum.search.embedding import embed_questions
from forum.search.queries import near_threads, shown_ids
from forum.search.ranking import Mode, Scope, rank
from forum.search.reindexing import renew
from forum.search.services import write_entries
from forum.search.vocabulary import count_words
from forum.specialties.models import Specialty

APPS = ("specialties", "questions", "replies", "search")
TABLES = """
SELECT tablename FROM pg_tables
WHERE schemaname = current_schema() AND split_part(tablename, '_', 1) = ANY(%s) ORDER BY tablename
"""
# The site's own, each for the vectors of one embedder; here, where ids begin anew, the same id is another embedder.
COPIED_VECTOR_INDEXES = """
SELECT i.relname FROM pg_class AS i JOIN pg_am AS a ON a.oid = i.relam
WHERE i.relnamespace = pg_my_temp_schema() AND a.amname = 'hnsw'
"""
BATCH = 200
DEEPEST = 10
BEST = 5
TITLE_LENGTH = 200


@contextmanager
def empty_site() -> Iterator[None]:
    """A transaction that sees an empty site and is rolled back in the end.

    Temporary tables stand before the real ones, which are neither read nor locked; foreign keys and triggers are not
    copied.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(TABLES, [list(APPS)])
            for (table,) in cursor.fetchall():
                cursor.execute(f"CREATE TEMP TABLE {table} (LIKE {table} INCLUDING ALL) ON COMMIT DROP")
            cursor.execute(COPIED_VECTOR_INDEXES)
            for (index,) in cursor.fetchall():
                cursor.execute(f"DROP INDEX pg_temp.{index}")
        yield
        transaction.set_rollback(True)


def analyze() -> None:
    """Let the database count anew; nobody does it for temporary tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE questions_question, search_indexentry, search_embedding, search_lexeme")


@dataclass(frozen=True)
class Pair:
    """A judged pair; `query` is empty where the candidate only adds to the pool."""

    query: str
    candidate: str
    label: int


@dataclass(frozen=True)
class Quality:
    """Recall and mean reciprocal rank of the right thread among all others; AUC of right pairs against look-alikes."""

    recall_at_1: float
    recall_at_5: float
    mrr_at_10: float
    auc: float | None
    queries: int
    candidates: int
    texts_per_second: float


def measure(pairs: Iterable[Pair], language: str, mode: Mode, *, candidates_only: bool = False) -> Quality:
    """Publish every text of the pairs on an empty site and look for each right pair's candidate by its query.

    Every text but the query itself may be found (with `candidates_only` those that stand as a candidate somewhere); of
    several right ones the best placed counts. Raises EmbedderUnavailable.
    """
    pairs = list(pairs)
    texts = list(dict.fromkeys(text for pair in pairs for text in (pair.query, pair.candidate) if text))
    with empty_site():
        began = time.monotonic()
        questions = _publish(texts, language)
        if mode == Mode.BOTH:
            renew(question.pk for question in questions.values())
        pool = {questions[pair.candidate].pk for pair in pairs} if candidates_only else None
        wanted: dict[str, set[int]] = {}
        for pair in pairs:
            if pair.query and pair.label:
                wanted.setdefault(pair.query, set()).add(questions[pair.candidate].pk)
        places = [_place(questions[query], right, mode, pool) for query, right in wanted.items()]
        seconds = time.monotonic() - began
        auc = _auc(pairs, questions, mode)
    return Quality(
        recall_at_1=_share(place <= 1 for place in places),
        recall_at_5=_share(place <= 5 for place in places),
        mrr_at_10=sum(1 / place for place in places if place <= DEEPEST) / max(len(places), 1),
        auc=auc,
        queries=len(places),
        candidates=len(texts) if pool is None else len(pool),
        texts_per_second=len(texts) / seconds,
    )


def _publish(texts: list[str], language: str) -> dict[str, Question]:
    """The texts as published threads, indexed as the worker does it."""
    specialty = Specialty.objects.create(name="Evaluation", slug="evaluation")
    common = {"specialty": specialty, "language": language, "state": State.PUBLISHED, "published_at": timezone.now()}
    questions = Question.objects.bulk_create(
        Question(text=text, public_title=text[:TITLE_LENGTH], headline=text[:TITLE_LENGTH], **common) for text in texts
    )
    ids = [question.pk for question in questions]
    for start in range(0, len(ids), BATCH):
        write_entries(ids[start : start + BATCH])
        embed_questions(ids[start : start + BATCH])
    count_words()
    analyze()
    return dict(zip(texts, questions, strict=True))


def _place(question: Question, right: set[int], mode: Mode, pool: set[int] | None) -> float:
    """The place, from 1, of the best placed right one among those shown; infinite where none is."""
    scope = Scope() if pool is None else Scope().narrowed("q.id = ANY(%(pool)s)", pool=sorted(pool))
    found = shown_ids(near_threads(question, mode, scope), DEEPEST)
    return next((place for place, pk in enumerate(found, 1) if pk in right), float("inf"))


def _share(hits: Iterable[bool]) -> float:
    hits = list(hits)
    return sum(hits) / len(hits) if hits else 0.0


def _auc(pairs: list[Pair], questions: dict[str, Question], mode: Mode) -> float | None:
    """The chance that a right pair scores above a wrong one, a tie counting half; None without both kinds.

    A score is how far a candidate stands out: by itself, a high one may only say that much is written on the subject.
    """
    scores: dict[int, list[float]] = {0: [], 1: []}
    for pair in pairs:
        if pair.query:
            scores[pair.label].append(_standing_out(questions[pair.query], questions[pair.candidate], mode))
    right, wrong = numpy.array(scores[1]), numpy.sort(scores[0])
    if not len(right) or not len(wrong):
        return None
    below, up_to = (numpy.searchsorted(wrong, right, side) for side in ("left", "right"))
    return float((below + up_to).mean() / 2 / len(wrong))


def _standing_out(query: Question, candidate: Question, mode: Mode) -> float:
    """The candidate's score less half the mean of the query's best five."""
    asked = asked_by_thread(query).counting(mode)
    best = rank(asked, Scope(), BEST)
    alone = rank(asked, Scope(floor=-1).narrowed("q.id = %(only)s", only=candidate.pk), 1)
    return (alone[0].score if alone else 0.0) - sum(one.score for one in best) / BEST / 2
