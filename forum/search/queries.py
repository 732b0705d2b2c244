"""The questions search answers with. Other apps ask only these functions; how they rank is known here alone."""

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, QuerySet, Value

from forum.questions.language import detect_language
from forum.questions.models import Question
from forum.replies.cards import for_cards
from forum.search.asking import asked_by_text, asked_by_thread
from forum.search.finding import Filters, found_ids
from forum.search.ranking import LOOKED_THROUGH, Mode, Ranked, Scope, rank, without_near_identical
from forum.search.suggesting import Suggestion, suggest_specialties
from forum.search.words import clean_query

__all__ = [
    "Suggestion",
    "in_order",
    "search_questions",
    "similar_to",
    "similar_to_text",
    "suggest_specialties",
]

SIMILAR_SHOWN = 4
SUGGESTED = 3


def search_questions(text: str, *, specialty=None, age_band: str = "", sex: str = "") -> QuerySet[Question]:
    """Published threads that hold the words or mean the same, best first; those in the query's language before others.

    Without words, all that the filters let through, newest first.
    """
    filters = Filters(specialty, age_band, sex)
    text = clean_query(text)
    if not text:
        return Question.objects.published().filter(**filters.lookups()).newest_first()
    return in_order(Question.objects.published(), found_ids(text, filters))


def similar_to(question: Question) -> QuerySet[Question]:
    """Up to four other published threads of the same language that are most like this one, best first, for cards.

    They are read from the stored ones. A thread that the worker has not come to yet has them computed here.
    """
    published = for_cards(Question.objects.published())
    stored = published.filter(similar_to__question=question).order_by("similar_to__rank")[:SIMILAR_SHOWN]
    return stored or in_order(published, shown_ids(near_threads(question)))


def similar_to_text(text: str, *, limit: int = SUGGESTED) -> QuerySet[Question]:
    """Up to `limit` published threads in the text's language that are most like what it asks, best first, for cards."""
    asked = asked_by_text(text, detect_language(text))
    ids = shown_ids(rank(asked, Scope(), LOOKED_THROUGH), limit)
    return in_order(for_cards(Question.objects.published()), ids)


def near_threads(question: Question, mode: Mode = Mode.BOTH, scope: Scope | None = None) -> list[Ranked]:
    """What `similar_to` chooses from, best first; near-identical ones among them."""
    asked = asked_by_thread(question)
    return rank(asked.counting(mode), scope or Scope(), LOOKED_THROUGH) if asked else []


def shown_ids(ranked: list[Ranked], limit: int = SIMILAR_SHOWN) -> list[int]:
    return [one.question_id for one in without_near_identical(ranked, limit)]


def in_order(questions: QuerySet[Question], ids: list[int]) -> QuerySet[Question]:
    """Of these questions those of the ids, in the order of the ids."""
    place = Func(Value(ids, ArrayField(BigIntegerField())), F("pk"), function="array_position")
    return questions.filter(pk__in=ids).order_by(place)
