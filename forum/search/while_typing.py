"""What a patient is shown while typing a question: threads that may answer it, specialties it may belong to."""

from dataclasses import dataclass

from forum.questions.models import MOST_SEEN, Question
from forum.search.queries import similar_to_text, suggest_specialties
from forum.search.suggesting.suggestion import is_enough
from forum.search.words import clean_query
from forum.specialties.models import Specialty

MOST_READ = 4000


@dataclass(frozen=True)
class Suggestions:
    """`threads` and `specialties` best first, either may be empty; both are where too little was typed."""

    enough_typed: bool
    threads: list[Question]
    specialties: list[Specialty]
    chosen: Specialty | None

    @property
    def seen(self) -> str:
        """The ids of the threads, as the ask form takes them."""
        return ",".join(str(thread.pk) for thread in self.threads)


def suggestions_for(*, headline: str, text: str, specialty: str) -> Suggestions:
    """For what stands in the ask form, whatever that is; `specialty` is the slug chosen there, or nothing."""
    typed = clean_query(f"{headline[:MOST_READ]} {text[:MOST_READ]}", MOST_READ)
    chosen = Specialty.objects.open().filter(slug=clean_query(specialty, 80)).first() if specialty else None
    if not is_enough(typed):
        return Suggestions(False, [], [], chosen)
    threads = list(similar_to_text(typed, limit=MOST_SEEN))
    specialties = [suggestion.specialty for suggestion in suggest_specialties(typed)]
    if chosen in specialties[:1]:
        specialties = []
    return Suggestions(True, threads, specialties, chosen)
