"""How common words are: counted over the index from time to time, since a count that is a little old does no harm."""

from django.db import connection, transaction
from django.utils import timezone

from forum.questions.models import Question
from forum.search.models import Lexeme, Spelling, Vocabulary

# Counted anew when so much of a language's threads is new.
MOST_UNCOUNTED = 0.1
LANGUAGES = """
SELECT left(q.language, 2), count(*)
FROM search_indexentry AS e JOIN questions_question AS q ON q.id = e.question_id
WHERE q.state = 'published'
GROUP BY 1
"""
LEXEMES = """
INSERT INTO search_lexeme (language, lexeme, documents)
SELECT %(language)s, word, ndoc
FROM ts_stat($$
    SELECT e.vector FROM search_indexentry AS e JOIN questions_question AS q ON q.id = e.question_id
    WHERE q.state = 'published' AND left(q.language, 2) = '{language}'
$$)
"""
# A word that one patient wrote once may be a typing error itself.
SPELLINGS = """
INSERT INTO search_spelling (word, documents)
SELECT word, ndoc
FROM ts_stat($$
    SELECT to_tsvector('simple', concat_ws(' ', public_title, headline, left(text, 500)))
    FROM questions_question WHERE state = 'published'
$$)
WHERE ndoc > 1 AND length(word) BETWEEN 4 AND 40 AND word ~ '^[[:alpha:]]+$'
"""


def needs_counting() -> bool:
    """Whether so many threads came or went since the last count that it misleads."""
    counted = sum(Vocabulary.objects.values_list("documents", flat=True))
    published = Question.objects.published().filter(index_entry__isnull=False).count()
    return abs(published - counted) > MOST_UNCOUNTED * counted


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
            cursor.execute(LEXEMES.replace("{language}", language), {"language": language})
            Vocabulary.objects.create(language=language, documents=documents, counted_at=timezone.now())
        cursor.execute(SPELLINGS)
