"""What is left to do for the index, and doing it a batch at a time; a batch done twice does no harm."""

from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.models import Q, QuerySet

from forum.questions.models import Question
from forum.search.embedders import embedder_for
from forum.search.embedding import current_model, embed_questions
from forum.search.models import EmbeddingModel, IndexEntry
from forum.search.services import renew_similar, write_entries

WRITTEN_AT_ONCE = 500
EMBEDDED_AT_ONCE = 32
RENEWED_AT_ONCE = 50
LANGUAGES = "SELECT DISTINCT left(language, 2) FROM questions_question WHERE state = 'published'"


def unwritten() -> QuerySet[Question]:
    """Published threads whose words are not in the index."""
    return Question.objects.published().filter(index_entry=None)


def unembedded() -> QuerySet[Question]:
    """Published threads whose meaning the present embedder of their language has not told yet."""
    missing = Q(pk=None)
    for language, model in current_models().items():
        missing |= Q(language__startswith=language) & (Q(embedding=None) | ~Q(embedding__model=model))
    return Question.objects.published().filter(missing)


def unfinished() -> QuerySet[Question]:
    """Published threads whose Similar Q&A are to be computed."""
    return Question.objects.published().filter(index_entry__isnull=False, index_entry__similar_at=None)


def current_models() -> dict[str, EmbeddingModel]:
    """For each language that threads are published in and an embedder is chosen for, what stands for that embedder."""
    with connection.cursor() as cursor:
        cursor.execute(LANGUAGES)
        languages = [row[0] for row in cursor.fetchall()]
    embedders = {language: embedder_for(language) for language in languages}
    return {language: current_model(embedder) for language, embedder in embedders.items() if embedder}


def batches(threads: QuerySet[Question], size: int, after: int = 0) -> Iterator[list[int]]:
    """The ids of these threads behind `after`, in order, so many at a time, looked up as they are asked for."""
    while ids := list(threads.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:size]):
        yield ids
        after = ids[-1]


def embed(ids: list[int]) -> None:
    """Find out what these threads mean, and have their Similar Q&A computed anew. Raises EmbedderUnavailable."""
    embed_questions(ids)
    IndexEntry.objects.filter(pk__in=ids, similar_at__isnull=False).update(similar_at=None)


def renew(ids: Iterable[int]) -> None:
    for question in Question.objects.filter(pk__in=list(ids)):
        renew_similar(question)


def write_and_embed(ids: list[int]) -> None:
    write_entries(ids)
    embed(ids)


def forget_old_models() -> None:
    """Drop the embedders that no thread's meaning is kept of any more, with their indexes."""
    current = [model.pk for model in current_models().values()]
    for model in EmbeddingModel.objects.exclude(pk__in=current).filter(embeddings=None):
        model.drop_index()
        model.delete()
