"""What threads mean, as vectors: made in the background, kept with the model that made them."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy
from django.db import connection, transaction
from pgvector import HalfVector
from psycopg2.extras import execute_values

from forum.questions.models import Question, State
from forum.search.embedders import Embedder, embedder_for
from forum.search.models import EmbeddingModel
from forum.search.words import as_read, language_group

# Of a thread, no model reads more.
LONGEST = 4000
WRITE = """
INSERT INTO search_embedding (question_id, model_id, vector) VALUES %s
ON CONFLICT (question_id) DO UPDATE SET model_id = EXCLUDED.model_id, vector = EXCLUDED.vector
"""


def current_model(embedder: Embedder) -> EmbeddingModel:
    """The row that stands for this embedder as it is now, made with its index where it is new."""
    known = {"name": embedder.name, "version": embedder.version}
    model = EmbeddingModel.objects.filter(**known).first()
    if model is None:
        with transaction.atomic():
            model, is_new = EmbeddingModel.objects.get_or_create(**known, dimensions=embedder.dimensions)
            if is_new:
                model.make_index()
    return model


# Similar threads and specialties are asked for one after the other, for the same text.
@lru_cache(maxsize=4)
def embed_text(embedder: Embedder, text: str, language: str) -> str:
    """What the text means, as a vector in the database's notation. Raises EmbedderUnavailable."""
    return in_notation(embedder.embed([as_read(text, language)])[0])


def in_notation(vector: numpy.ndarray) -> str:
    return HalfVector(vector).to_text()


def embed_questions(question_ids: Iterable[int]) -> None:
    """Write what these threads mean, as they stand now. Raises EmbedderUnavailable; then nothing is written."""
    by_language: dict[str, list[Question]] = {}
    for question in Question.objects.filter(pk__in=list(question_ids), state=State.PUBLISHED):
        by_language.setdefault(language_group(question.language), []).append(question)
    for language, questions in by_language.items():
        embedder = embedder_for(language)
        if embedder is not None:
            _embed(questions, embedder, current_model(embedder))


def _embed(questions: Sequence[Question], embedder: Embedder, model: EmbeddingModel) -> None:
    vectors = embedder.embed([text_of(question) for question in questions])
    rows = [(question.pk, model.pk, in_notation(vector)) for question, vector in zip(questions, vectors, strict=True)]
    # In order, so that two who write the same threads wait for each other instead of locking each other out.
    with transaction.atomic(), connection.cursor() as cursor:
        execute_values(cursor.cursor, WRITE, sorted(rows), page_size=500)


def text_of(question: Question) -> str:
    """What a thread asks: its titles and the question, nothing twice (a title may be the question's beginning)."""
    titles = dict.fromkeys(title for title in (question.public_title, question.headline) if title not in question.text)
    return as_read("\n".join([*titles, question.text])[:LONGEST], question.language)
