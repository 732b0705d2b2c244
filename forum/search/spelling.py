"""Typing errors in a reader's query, mended on the words that titles and questions hold."""

import re

from django.db import connection

WORD = re.compile(r'"[^"]*"|-?[A-Za-z]+')
SHORTEST = 4
MOST_MENDED = 5
# Words that no thread holds in any form, with those like them that some do. Stop words are in none either, but are
# words. The index is asked only for a word that was not counted: for a common one it would gather all that hold it.
UNKNOWN = """
WITH unknown AS MATERIALIZED (
    SELECT word FROM unnest(%(words)s) AS word
    WHERE numnode(plainto_tsquery('english', word)) > 0 AND CASE WHEN EXISTS (
        SELECT FROM search_vocabulary AS counted JOIN search_lexeme AS known USING (language)
        WHERE known.lexeme = ANY (tsvector_to_array(to_tsvector('english', word) || to_tsvector('simple', word)))
    ) THEN false ELSE NOT EXISTS (
        SELECT FROM search_indexentry AS entry
        WHERE entry.vector @@ (plainto_tsquery('english', word) || plainto_tsquery('simple', word))
    ) END
    LIMIT %(most)s
)
SELECT unknown.word, alike.word, alike.documents
FROM unknown CROSS JOIN LATERAL (
    SELECT word, documents FROM search_spelling AS known WHERE known.word %% unknown.word
    ORDER BY similarity(known.word, unknown.word) DESC, documents DESC LIMIT 30
) AS alike
"""


def mended(text: str) -> str:
    """The query with each word that no thread holds replaced by the likeliest word that some do.

    What stands in quotes or after a minus is meant as it is; so is a word without a near one.
    """
    plain = [match.group() for match in WORD.finditer(text) if match.group().isalpha()]
    words = list(dict.fromkeys(word.lower() for word in plain if len(word) >= SHORTEST))
    mends = {word: best for word, alike in _unknown(words).items() if (best := _nearest(word, alike))}
    return WORD.sub(lambda match: mends.get(match.group().lower(), match.group()), text) if mends else text


def _unknown(words: list[str]) -> dict[str, list[tuple[str, int]]]:
    """Of each word that no thread holds: the known ones like it, and how many threads hold them."""
    found: dict[str, list[tuple[str, int]]] = {}
    if words:
        with connection.cursor() as cursor:
            cursor.execute(UNKNOWN, {"words": words, "most": MOST_MENDED})
            for word, known, documents in cursor.fetchall():
                found.setdefault(word, []).append((known, documents))
    return found


def _nearest(word: str, alike: list[tuple[str, int]]) -> str | None:
    """The known word of the fewest typing errors, then the commonest; None where that would be more than a guess."""
    errors, _documents, best = min((typing_errors(word, known), -documents, known) for known, documents in alike)
    return best if errors <= (1 if len(word) < 6 else 2) else None


def typing_errors(one: str, other: str) -> int:
    """Letters left out, put in, changed, or swapped with a neighbour (optimal string alignment distance)."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
