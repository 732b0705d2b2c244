"""How much of what is published search knows, estimated from a sample where there is much."""

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from forum.search.embedders import EmbedderUnavailable, embedder_for
from forum.search.models import EmbeddingModel

# So many questions are looked at; fewer are all looked at.
SAMPLE = 10_000
ENOUGH = 0.98
# Rows a page when they were last counted, by the pages there are now: true soon after an import, too.
ESTIMATE = """
SELECT pg_relation_size(oid) / current_setting('block_size')::int
    * CASE WHEN relpages > 0 THEN reltuples / relpages ELSE 10 END
FROM pg_class WHERE oid = 'questions_question'::regclass
"""
# Blocks of the table chosen by chance. {share} is in percent.
COUNTS = """
SELECT left(q.language, 2), m.model_id, count(*), count(e.question_id)
FROM questions_question AS q TABLESAMPLE SYSTEM ({share})
LEFT JOIN search_indexentry AS e ON e.question_id = q.id
LEFT JOIN search_embedding AS m ON m.question_id = q.id
WHERE q.state = 'published'
GROUP BY 1, 2
"""


@dataclass(frozen=True)
class ModelCoverage:
    """Which share of a language's threads has a vector of its present embedder; None where that does not answer."""

    language: str
    model: str
    share: float | None


@dataclass(frozen=True)
class Coverage:
    """`threads` is how many were looked at, `words` the share of them whose words are in the index."""

    threads: int
    is_estimate: bool
    words: float
    models: list[ModelCoverage]

    @property
    def is_complete(self) -> bool:
        """But for the few that a worker has not come to yet."""
        return all(share is not None and share >= ENOUGH for share in (self.words, *(m.share for m in self.models)))


def index_coverage() -> Coverage:
    """In a tenth of a second, however many threads there are."""
    with connection.cursor() as cursor:
        cursor.execute(ESTIMATE)
        estimate = cursor.fetchone()[0]
        share = min(100.0, 100 * SAMPLE / max(estimate, 1))
        cursor.execute(COUNTS.format(share=round(share, 6)))
        rows = cursor.fetchall()
    threads = sum(number for _language, _model, number, _indexed in rows)
    indexed = sum(number for _language, _model, _number, number in rows)
    models = [part for language in sorted({row[0] for row in rows}) for part in _of_language(language, rows)]
    return Coverage(threads, share < 100, indexed / threads if threads else 1.0, models)


def _of_language(language: str, rows: list[tuple]) -> list[ModelCoverage]:
    """Nothing where the language has no embedder."""
    try:
        embedder = embedder_for(language)
        if embedder is None:
            return []
        name, version = embedder.name, embedder.version
    except (EmbedderUnavailable, ImproperlyConfigured):
        return [ModelCoverage(language, "", None)]
    model = EmbeddingModel.objects.filter(name=name, version=version).values_list("pk", flat=True).first()
    ours = [row for row in rows if row[0] == language]
    done = sum(number for _language, model_id, number, _indexed in ours if model is not None and model_id == model)
    return [ModelCoverage(language, name, done / sum(row[2] for row in ours))]
