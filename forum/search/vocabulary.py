"""How common words are: counted over the index from time to time, since a count that is a little old does no harm."""

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from forum.questions.models import Question
from forum.search.models import Lexeme, Spelling, Vocabulary

# Counted anew when so much of a language's threads is new.
MOST_UNCOUNTED = 0.1
# Of more threads, about so many stand for all, chosen by a hash of their ids: these may follow a pattern.
MOST_COUNTED = 100_000
LANGUAGES = """
SELECT left(q.language, 2), count(*)
FROM search_indexentry AS e JOIN questions_question AS q ON q.id = e.question_id
WHERE q.state = 'published'
GROUP BY 1
"""
LEXEMES = """
INSERT INTO search_lexeme (language, lexeme, documents)
SELECT %(language)s, word, ndoc * %(stands_for)s
FROM ts_stat($$
    SELECT e.vector FROM search_indexentry AS e JOIN questions_question AS q ON q.id = e.question_id
    WHERE q.state = 'published' AND left(q.language, 2) = '{language}'
        AND hashint8(q.id) %% {stands_for} = 0
$$)
"""
# A word that one patient wrote once may be a typing error itself.
SPELLINGS = """
INSERT INTO search_spelling (word, documents)
SELECT word, ndoc * %(stands_for)s
FROM ts_stat($$
    SELECT to_tsvector('simple', concat_ws(' ', public_title, headline, left(text, 500)))
    FROM questions_question WHERE state = 'published' AND hashint8(id) %% {stands_for} = 0
$$)
WHERE ndoc > 1 AND length(word) BETWEEN 4 AND 40 AND word ~ '^[[:alpha:]]+$'
"""


ESTIMATE = "SELECT reltuples::bigint FROM pg_class WHERE oid = 'search_indexentry'::regclass"


def needs_counting() -> bool:
    """Whether so many threads came or went since the last count that it misleads."""
    counted = sum(Vocabulary.objects.values_list("documents", flat=True))
    return abs(_indexed() - counted) > MOST_UNCOUNTED * counted


def _indexed() -> int:
    """How many published threads are in the index. Of more than MOST_COUNTED, PostgreSQL's estimate will do."""
    with connection.cursor() as cursor:
        cursor.execute(ESTIMATE)
        estimate = cursor.fetchone()[0]
    if estimate > MOST_COUNTED:
        return estimate
    return Question.objects.published().filter(index_entry__isnull=False).count()


@transaction.atomic
def count_words() -> None:
    """Count anew the words of all published threads. Readers see the old counts until it is done."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE search_vocabulary IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(LANGUAGES)
        languages = cursor.fetchall()
        for model in (Lexeme, Spelling, Vocabulary):
            model.objects.all().delete()
        for language, documents in languages:
            _count(cursor, LEXEMES.replace("{language}", language), documents, language=language)
            Vocabulary.objects.create(language=language, documents=documents, counted_at=timezone.now())
        _count(cursor, SPELLINGS, sum(documents for _language, documents in languages))


def _count(cursor: CursorWrapper, statement: str, documents: int, **parameters: str) -> None:
    """Over all of so many threads, or over each so-manieth that then counts for as many."""
    stands_for = -(-documents // MOST_COUNTED) or 1
    cursor.execute(statement.replace("{stands_for}", str(stands_for)), {"stands_for": stands_for, **parameters})
