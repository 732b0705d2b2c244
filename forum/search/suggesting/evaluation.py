"""How often the specialty suggestion is right, measured through the code that serves the ask form, on an empty site."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.utils import timezone

from forum.questions.models import Question, State
from forum.search.asking import LONGEST, LONGEST_CHINESE, asked_by_text, asked_by_thread
from forum.search.embedding import embed_questions, text_of
from forum.search.evaluation import TITLE_LENGTH, analyze, empty_site
from forum.search.ranking import Asked
from forum.search.services import write_entries
from forum.search.suggesting.learning import learn_specialties
from forum.search.suggesting.method import FOLDS, folds_of
from forum.search.suggesting.suggestion import SUGGESTED, ranked_for
from forum.search.words import is_chinese
from forum.specialties.models import Specialty
from forum.specialties.slugs import unique_slug

BATCH = 100


@dataclass(frozen=True)
class Labelled:
    text: str
    specialty: str


@dataclass(frozen=True)
class Quality:
    """The share of `n` texts whose specialty is the one ranked first, or among the first three."""

    accuracy: float
    top_3: float
    n: int


def measure(learned: Iterable[Labelled], asked: Iterable[Labelled] | None, language: str) -> Quality:
    """Publish the one on an empty site, learn, and ask for the other's specialties, however unsure the site is.

    Without others, it is asked about its own in five folds, each while it knows only the other four. Raises
    EmbedderUnavailable.
    """
    learned, asked = list(learned), None if asked is None else list(asked)
    with empty_site():
        specialties = _specialties([*learned, *(asked or [])])
        threads = _publish(learned, specialties, language)
        if asked is None:
            places = _places_across(threads, language)
        else:
            learn_specialties()
            places = [_place(asked_by_text(one.text, language), specialties[one.specialty.casefold()]) for one in asked]
    n = len(places)
    return Quality(
        accuracy=sum(place == 1 for place in places) / max(n, 1),
        top_3=sum(place <= SUGGESTED for place in places) / max(n, 1),
        n=n,
    )


def _specialties(labelled: Iterable[Labelled]) -> dict[str, Specialty]:
    """One a label, whether or not there is a thread of it: a site has those as well."""
    made: dict[str, Specialty] = {}
    for name in sorted({one.specialty for one in labelled}):
        if name.casefold() not in made:
            made[name.casefold()] = Specialty.objects.create(name=name, slug=unique_slug(Specialty, name))
    return made


def _publish(labelled: Iterable[Labelled], specialties: dict[str, Specialty], language: str) -> list[Question]:
    """Threads, indexed as the worker does it. A text that occurs again counts once: it would be found by itself.

    They come in the order of their texts' SHA-1, so that the folds follow from the texts and from nothing else.
    """
    once = {one.text: one for one in labelled}
    order = sorted(once, key=lambda text: hashlib.sha1(text.encode()).hexdigest())
    common = {"language": language, "state": State.PUBLISHED, "published_at": timezone.now()}
    threads = []
    for text in order:
        title, rest = _title_and_rest(text)
        specialty = specialties[once[text].specialty.casefold()]
        threads.append(Question(public_title=title, headline=title, text=rest, specialty=specialty, **common))
    Question.objects.bulk_create(threads)
    for start in range(0, len(threads), BATCH):
        ids = [thread.pk for thread in threads[start : start + BATCH]]
        write_entries(ids)
        embed_questions(ids)
    analyze()
    return threads


def _title_and_rest(text: str) -> tuple[str, str]:
    """The first line if it is one of several, else as many of the first words as a title holds."""
    title, _, rest = text.partition("\n")
    if len(title) > TITLE_LENGTH:
        title = text[:TITLE_LENGTH].rsplit(" ", 1)[0]
        rest = text[len(title) :]
    return title, rest.strip()


def _places_across(threads: list[Question], language: str) -> list[float]:
    """The places of the right specialties, each asked for while the threads of its fold are not to be seen."""
    asked = [_asked_again(thread) for thread in threads]
    folds = folds_of(np.array([thread.specialty_id for thread in threads], dtype=int))
    places: list[float] = []
    for fold in range(FOLDS):
        own = np.flatnonzero(folds == fold)
        hidden = Question.objects.filter(pk__in=[threads[place].pk for place in own])
        hidden.update(state=State.HIDDEN)
        learn_specialties()
        places += [_place(asked[place], threads[place].specialty) for place in own]
        hidden.update(state=State.PUBLISHED)
    return places


def _asked_again(thread: Question) -> Asked:
    """What this thread's text asks as a patient's. Where both are read in full, that is the vector it has already."""
    text, longest = text_of(thread), LONGEST_CHINESE if is_chinese(thread.language) else LONGEST
    return asked_by_thread(thread) if len(text) <= longest else asked_by_text(text, thread.language)


def _place(asked: Asked, right: Specialty) -> float:
    """From 1, among all specialties; infinite where nothing was learned."""
    ranked = [suggestion.specialty for suggestion in ranked_for(asked)]
    return ranked.index(right) + 1 if ranked else float("inf")
