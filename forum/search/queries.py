"""The questions search answers with. Other apps ask only these functions; how they rank is known here alone."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import BigIntegerField, F, Func, Value

from forum.questions.models import Question
from forum.replies.cards import for_cards
from forum.search.models import IndexEntry
from forum.search.similarity import compute_similar_ids
from forum.search.words import character_pairs, clean_query

# Only so many matches, the newest, are ranked: a word that half of all threads hold costs no more than a rare one.
MOST_RANKED = 800
SIMILAR_SHOWN = 4


def text_query(text: str) -> SearchQuery:
    """A reader's words as a query: quoted phrases, "or" and "-" are honoured; Chinese must match by pairs."""
    text = clean_query(text)
    query = SearchQuery(text, config="english", search_type="websearch") | SearchQuery(
        text, config="simple", search_type="websearch"
    )
    pairs = character_pairs(text)
    if pairs:
        query = SearchQuery(" & ".join(f"'{pair}'" for pair in pairs), config="simple", search_type="raw")
    return query


def search_questions(text: str, *, specialty=None, age_band: str = "", sex: str = ""):
    """Published threads that hold the words, best first; title counts most, then the question, then the reply.

    Without words, all that the filters let through, newest first.
    """
    filters = {}
    if specialty is not None:
        filters["specialty__in"] = specialty.with_children()
    if age_band:
        filters["age_band"] = age_band
    if sex:
        filters["sex"] = sex
    if not clean_query(text):
        return Question.objects.published().filter(**filters).newest_first()
    query = text_query(text)
    matches = IndexEntry.objects.filter(vector=query, **{f"question__{name}": value for name, value in filters.items()})
    # Sorted by an expression: by the bare key the planner would walk all entries backwards and test each one's vector.
    newest = matches.order_by((F("pk") + 0).desc()).values("pk")[:MOST_RANKED]
    return (
        Question.objects.published()
        .filter(pk__in=newest)
        .annotate(rank=SearchRank(F("index_entry__vector"), query))
        .order_by("-rank", "-pk")
    )


def similar_to(question: Question):
    """Up to four other published threads of the same language that are most like this one, best first, for cards.

    They are read from the stored ones. A thread that the worker has not come to yet has them computed here.
    """
    published = for_cards(Question.objects.published())
    stored = published.filter(similar_to__question=question).order_by("similar_to__rank")[:SIMILAR_SHOWN]
    if stored:
        return stored
    ids = compute_similar_ids(question.pk, question.language, SIMILAR_SHOWN)
    best_first = Func(Value(ids, ArrayField(BigIntegerField())), F("pk"), function="array_position")
    return published.filter(pk__in=ids).order_by(best_first)
