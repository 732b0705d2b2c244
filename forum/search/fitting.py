"""How well a thread fits a topic: what a topic's page is ordered by."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet
from psycopg2.extras import execute_values

from forum.articles.models import Article
from forum.questions.models import Question
from forum.search.models import QuestionTopic
from forum.search.phrases import singular
from forum.search.words import HAN_RUN, LATIN_WORD, character_pairs, one_script

# What it weighs that all words of the name stand there. Together with what the doctors added: 1.
TITLE, HEADLINE, QUESTION = 0.5, 0.2, 0.2
REPLIES, ARTICLE = 0.05, 0.05
REPLIES_THAT_COUNT = 3
SCORED_AT_ONCE = 500
READ_OF_A_QUESTION = 5_000

WRITE_SCORES = """
UPDATE search_questiontopic link SET score = new.score FROM (VALUES %s) AS new(id, score)
WHERE link.id = new.id
"""


def fit(name: str, *, title: str, headline: str, text: str, replies: int, has_article: bool) -> float:
    """How well a thread fits the topic of this name, 0 to 1.

    Most tells where the words of the name stand, the title before the patient's own words; more replies and an article
    put one of two that fit alike first.
    """
    wanted = _words(name)
    places = ((TITLE, title), (HEADLINE, headline), (QUESTION, text[:READ_OF_A_QUESTION]))
    words = sum(weight * len(wanted & _words(place)) / len(wanted) for weight, place in places) if wanted else 0
    return round(words + REPLIES * min(replies / REPLIES_THAT_COUNT, 1) + ARTICLE * has_article, 4)


def _words(text: str) -> set[str]:
    """Words in the singular, and the pairs of Chinese characters in one script."""
    text = one_script(text)
    return {*character_pairs(text), *(singular(word) for word in LATIN_WORD.findall(HAN_RUN.sub(" ", text.lower())))}


def score_threads(question_ids: Iterable[int]) -> None:
    """Tell of these threads how well they fit each of their topics."""
    _score(QuestionTopic.objects.filter(question__in=list(question_ids)))


def score_some() -> int:
    """The same for the next topics of threads of which that is not known; how many those were, 0: none left."""
    next_ids = QuestionTopic.objects.filter(score=None).order_by("pk").values_list("pk", flat=True)[:SCORED_AT_ONCE]
    return _score(QuestionTopic.objects.filter(pk__in=list(next_ids)))


def _score(links: QuerySet) -> int:
    rows = list(links.values_list("pk", "question_id", "topic__name"))
    questions = Question.objects.filter(pk__in={question_id for _, question_id, _ in rows})
    counted = questions.annotate(
        reply_count=Count("replies"), has_article=Exists(Article.objects.filter(question=OuterRef("pk")))
    )
    fields = ("public_title", "headline", "text", "reply_count", "has_article")
    known = {pk: values for pk, *values in counted.values_list("pk", *fields)}
    scores = [(pk, _fit_of(name, *known[question_id])) for pk, question_id, name in rows if question_id in known]
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, WRITE_SCORES, scores, page_size=SCORED_AT_ONCE)
    return len(scores)


def _fit_of(name: str, title: str, headline: str, text: str, replies: int, has_article: bool) -> float:
    return fit(name, title=title, headline=headline, text=text, replies=replies, has_article=has_article)
