"""What is learned of the specialties, in the background: from published threads and the names of the specialties."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from django.db import connection
from django.db.models import BinaryField, F, Func, IntegerField
from django.db.models.functions import Left
from django.utils import timezone

from forum.questions.models import State
from forum.search.embedders import Embedder, embedder_for
from forum.search.embedding import current_model
from forum.search.models import Embedding, EmbeddingModel, SpecialtyModel
from forum.search.suggesting.method import Threads, temperature_of, train
from forum.search.suggesting.vectors import from_binary
from forum.search.words import is_chinese, one_script
from forum.specialties.models import Specialty

# Of fewer threads there is nothing to learn.
FEWEST = 10
# Learned from so many at most, spread over all; the temperature from so many of these.
MOST = 20_000
MOST_FOR_TEMPERATURE = 2_000
# Learned anew when so much of a language's threads came or went.
MOST_CHANGED = 0.1
# A name alone is hardly a text; said so, it lies nearer to what patients write.
SENTENCE = "Patient question about {}"
COUNTS = """
SELECT left(q.language, 2), m.model_id, count(*)
FROM search_embedding AS m JOIN questions_question AS q ON q.id = m.question_id
WHERE q.state = 'published'
GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Lesson:
    """A language that can be learned: its threads with a vector of the present embedder, and the specialties."""

    language: str
    embedder: Embedder
    model: EmbeddingModel
    documents: int
    specialties: list[int]
    names: list[str]

    def is_learned(self, known: SpecialtyModel) -> bool:
        """Whether what is known still tells nearly what would be learned now."""
        same = (known.model_id, known.specialties, known.names) == (self.model.pk, self.specialties, self.names)
        return same and abs(self.documents - known.documents) <= MOST_CHANGED * known.documents


def needs_learning() -> bool:
    """Whether a language is to be learned, anew because its threads, embedder or specialties changed, or forgotten.

    Raises EmbedderUnavailable.
    """
    lessons = {lesson.language: lesson for lesson in _lessons()}
    known = SpecialtyModel.objects.defer("centre", "weights", "biases").in_bulk()
    return lessons.keys() != known.keys() or not all(lessons[key].is_learned(row) for key, row in known.items())


def learn_specialties() -> None:
    """Learn all languages anew, and forget those that cannot be learned any more. Raises EmbedderUnavailable.

    Patients are answered by what was learned before until it is done.
    """
    lessons = list(_lessons())
    for lesson in lessons:
        _learn(lesson)
    SpecialtyModel.objects.exclude(pk__in=[lesson.language for lesson in lessons]).delete()


def _lessons() -> Iterator[Lesson]:
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        counts = {(language, model_id): documents for language, model_id, documents in cursor.fetchall()}
    specialties = list(Specialty.objects.order_by("pk"))
    for language in sorted({language for language, _model_id in counts}):
        embedder = embedder_for(language)
        if embedder is None:
            continue
        model = current_model(embedder)
        documents = counts.get((language, model.pk), 0)
        if documents >= FEWEST:
            names = [name_in(language, specialty) for specialty in specialties]
            yield Lesson(language, embedder, model, documents, [specialty.pk for specialty in specialties], names)


def name_in(language: str, specialty: Specialty) -> str:
    """The name whose meaning counts for the threads of a language: for Chinese ones the Chinese name, in one script."""
    return one_script(specialty.name_zh_hant or specialty.name) if is_chinese(language) else specialty.name


def _learn(lesson: Lesson) -> None:
    threads = _threads(lesson)
    if not len(threads.vectors):
        return
    spread = slice(None, None, -(-len(threads.vectors) // MOST_FOR_TEMPERATURE))
    classifier = replace(train(threads), temperature=temperature_of(threads.only(spread)))
    SpecialtyModel.objects.update_or_create(
        language=lesson.language,
        defaults={
            "model": lesson.model,
            "specialties": lesson.specialties,
            "names": lesson.names,
            "centre": classifier.centre.astype("<f4").tobytes(),
            "weights": classifier.weights.astype("<f4").tobytes(),
            "biases": classifier.biases.tolist(),
            "temperature": classifier.temperature,
            "documents": lesson.documents,
            "learned_at": timezone.now(),
        },
    )


def _threads(lesson: Lesson) -> Threads:
    """At most about MOST of the published threads, chosen by a hash of their ids: these may follow a pattern."""
    embeddings = Embedding.objects.alias(language=Left("question__language", 2)).filter(
        model=lesson.model, question__state=State.PUBLISHED, language=lesson.language
    )
    if lesson.documents > MOST:
        spread = Func(F("question_id"), function="hashint8", output_field=IntegerField()) % -(-lesson.documents // MOST)
        embeddings = embeddings.alias(spread=spread).filter(spread=0)
    binary = Func(F("vector"), function="halfvec_send", output_field=BinaryField())
    rows = embeddings.order_by("pk").values_list("question__specialty_id", binary).iterator()
    places = {specialty_id: place for place, specialty_id in enumerate(lesson.specialties)}
    # A specialty that was made this moment has to wait for the next time.
    known = [(places[specialty_id], sent) for specialty_id, sent in rows if specialty_id in places]
    names = lesson.embedder.embed([SENTENCE.format(name) for name in lesson.names])
    return Threads(from_binary([sent for _, sent in known]), np.array([place for place, _ in known], dtype=int), names)
