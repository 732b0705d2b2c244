"""A first Similar Q&A: the rarest words of a thread's title and question, looked up in all threads of its language.

How common a word is comes from PostgreSQL's own statistics of the index (ANALYZE keeps them); a word that is not among
the thousand most common ones counts as rare. Only the few rarest words are looked up, and only so many of the threads
that hold one are ranked, so the cost stays bounded however many threads there are. They rank by the sum over those
words of rarity times `ts_rank`, in which a title counts most, then a question, then a reply.
"""

from django.db import connection

WORDS_LOOKED_UP = 12
MOST_RANKED = 400

SIMILAR = """
WITH common AS MATERIALIZED (
    SELECT word, share
    FROM pg_stats AS s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS e(word, share)
    WHERE s.schemaname = current_schema() AND s.tablename = 'search_indexentry' AND s.attname = 'vector'
      AND word IS NOT NULL
), rarest AS MATERIALIZED (
    SELECT u.lexeme, (quote_literal(u.lexeme))::tsquery AS word, share,
           CASE WHEN 'A' = ANY (u.weights) THEN 2 ELSE 1 END * -ln(COALESCE(share, 0.0005)) AS weight
    FROM search_indexentry AS entry, unnest(entry.vector) AS u
    LEFT JOIN common ON common.word = u.lexeme
    WHERE entry.question_id = %(id)s AND u.weights && '{A,B}'::text[] AND length(u.lexeme) > 1
    ORDER BY weight DESC, u.lexeme
    LIMIT 4 * %(words)s
), own AS MATERIALIZED (
    -- A rare word may be in no other thread at all; looking it up would find nothing.
    SELECT word, weight
    FROM rarest
    WHERE share IS NOT NULL
       OR EXISTS (SELECT FROM search_indexentry AS e WHERE e.vector @@ rarest.word AND e.question_id <> %(id)s)
    ORDER BY weight DESC, lexeme
    LIMIT %(words)s
), query AS MATERIALIZED (
    SELECT string_agg(word::text, ' | ')::tsquery AS q FROM own
), found AS MATERIALIZED (
    SELECT entry.question_id, entry.vector
    FROM query, search_indexentry AS entry JOIN questions_question AS question ON question.id = entry.question_id
    WHERE entry.vector @@ query.q AND question.state = 'published' AND question.id <> %(id)s
      AND left(question.language, 2) = left(%(language)s, 2)
    ORDER BY entry.question_id DESC
    LIMIT %(most)s
)
SELECT question_id
FROM found, own
GROUP BY question_id
ORDER BY sum(own.weight * ts_rank(found.vector, own.word, 1)) DESC, question_id DESC
LIMIT %(shown)s
"""


def compute_similar_ids(question_id: int, language: str, shown: int) -> list[int]:
    """The ids of at most `shown` published threads of the same language, best first, never the thread itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            SIMILAR,
            {
                "id": question_id,
                "language": language,
                "words": WORDS_LOOKED_UP,
                "most": MOST_RANKED,
                "shown": shown,
            },
        )
        return [row[0] for row in cursor.fetchall()]
