"""What the site says to a patient who writes: the specialties that the text may belong to, or nothing."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import connection
from pgvector import HalfVector

from forum.questions.language import detect_language
from forum.safety.chinese import HAN
from forum.search.asking import asked_by_text
from forum.search.models import SpecialtyModel
from forum.search.ranking import Asked
from forum.search.suggesting.method import VOTERS, Classifier
from forum.search.suggesting.vectors import from_binary
from forum.search.words import HAN_RUN, LATIN_WORD, language_group
from forum.specialties.models import Specialty

SUGGESTED = 3
# Below this probability of the best one nothing is said: of what is said then, seven in ten are right.
SURE = 0.4
FEWEST_WORDS = 3
CHARACTERS_A_WORD = 2
# The index is searched this deep, so that it finds nearly all of the nearest.
SEARCHED = 2 * VOTERS
# starts_with, because of left(...) = the planner knows nothing: it would expect few threads and sort them all.
NEAREST = """
SET LOCAL hnsw.ef_search = %(searched)s; SET LOCAL hnsw.iterative_scan = relaxed_order;
SELECT q.specialty_id, halfvec_send(m.vector)
FROM search_embedding AS m JOIN questions_question AS q ON q.id = m.question_id
WHERE m.model_id = {model} AND q.state = 'published' AND starts_with(q.language, %(language)s)
ORDER BY m.vector::{type} <=> %(embedding)s::{type}
LIMIT %(voters)s
"""


@dataclass(frozen=True)
class Suggestion:
    """A specialty that a text may belong to. `probability` is between 0 and 1."""

    specialty: Specialty
    probability: float


@dataclass(frozen=True)
class Learned:
    """What was learned of a language, ready for use; the classifier's places are those of `specialties`, ids."""

    learned_at: datetime
    model_id: int
    specialties: list[int]
    classifier: Classifier


# One a language, for as long as nothing new is learned.
_kept: dict[str, Learned | None] = {}


def suggest_specialties(text: str) -> list[Suggestion]:
    """The specialty this text most likely belongs to and the two next best, open ones only; none where unsure.

    Unsure is who knows the likeliest open one by less than SURE, closed ones counted, and of a text of fewer than three
    words or six Chinese characters. Nothing is said either where no meaning can be had or nothing has been learned.
    """
    if not is_enough(text):
        return []
    opened = [suggestion for suggestion in ranked_specialties(text) if suggestion.specialty.is_open][:SUGGESTED]
    return opened if opened and opened[0].probability >= SURE else []


def is_enough(text: str) -> bool:
    """Three words at least, or six Chinese characters, or some of both."""
    words = len(LATIN_WORD.findall(HAN_RUN.sub(" ", text)))
    return words + len(HAN.findall(text)) / CHARACTERS_A_WORD >= FEWEST_WORDS


def ranked_specialties(text: str) -> list[Suggestion]:
    """All specialties, best first, however unsure: together their probabilities are 1; none where nothing is known."""
    language = detect_language(text)
    # First whether there is anything to compare with: to embed a text costs far more.
    return ranked_for(asked_by_text(text, language)) if learned_in(language_group(language)) else []


def ranked_for(asked: Asked) -> list[Suggestion]:
    """The same for a text whose meaning is known."""
    learned = learned_in(asked.language)
    if learned is None or asked.model is None or asked.model.pk != learned.model_id:
        return []
    vector = HalfVector.from_text(asked.embedding).to_numpy().astype(np.float32)
    vectors, ids = _nearest(asked)
    places = {specialty_id: place for place, specialty_id in enumerate(learned.specialties)}
    scores = learned.classifier.scores(vector, vectors, np.array([places.get(pk, -1) for pk in ids], dtype=int))
    found = Specialty.objects.in_bulk(learned.specialties)
    there = [place for pk, place in places.items() if pk in found]
    probabilities = learned.classifier.probabilities(scores[there]) if there else []
    ranked = [
        Suggestion(found[learned.specialties[place]], float(probability))
        for place, probability in zip(there, probabilities, strict=True)
    ]
    return sorted(ranked, key=lambda suggestion: -suggestion.probability)


def _nearest(asked: Asked) -> tuple[np.ndarray, list[int]]:
    """The vectors of the published threads that mean nearly the same, and their specialties."""
    query = NEAREST.format(model=int(asked.model.pk), type=asked.model.type)
    parameters = {
        "language": asked.language,
        "embedding": asked.embedding,
        "voters": VOTERS,
        "searched": SEARCHED,
    }
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows = cursor.fetchall()
    vectors = from_binary([sent for _pk, sent in rows]).reshape(len(rows), asked.model.dimensions)
    return vectors, [pk for pk, _sent in rows]


def learned_in(language: str) -> Learned | None:
    """What was learned of a language last, None if nothing was; read again only when something new was."""
    rows = SpecialtyModel.objects.filter(pk=language)
    learned_at = rows.values_list("learned_at", flat=True).first()
    if learned_at is None:
        return None
    kept = _kept.get(language)
    if kept is None or kept.learned_at != learned_at:
        row = rows.first()
        kept = _kept[language] = _ready(row) if row else None
    return kept


def _ready(row: SpecialtyModel) -> Learned:
    weights = np.frombuffer(row.weights, "<f4").reshape(len(row.specialties), -1)
    classifier = Classifier(np.frombuffer(row.centre, "<f4"), weights, np.array(row.biases), row.temperature)
    return Learned(row.learned_at, row.model_id, row.specialties, classifier)
