"""The doctor's queue: which questions stand in it, in which order, and how urgent each is."""

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.moderation.models import Claim
from forum.questions.models import InfoRequest, Question, Transfer
from forum.replies.models import Draft
from forum.specialties.models import Specialty

MOST_WORDS = 100  # characters of a search
SOON = 0.75  # of the specialty's target


class Show(TextChoices):
    """What the queue can be narrowed to."""

    URGENT = "urgent", _("Urgent")
    MINE = "mine", _("Held by me")
    FREE = "free", _("Free")
    RETURNED = "returned", _("Returned")
    DRAFT = "draft", _("With my draft")
    ASKED = "asked", _("With the patient")


class Due(TextChoices):
    """How a wait stands to the target of the specialty."""

    ON_TIME = "on-time", _("On time")
    SOON = "soon", _("Due soon")
    OVERDUE = "overdue", _("Overdue")


def due(question: Question) -> Due:
    """Soon from three quarters of the target on, overdue beyond it."""
    part = question.waited.total_seconds() / 3600 / question.specialty.target_hours
    return Due.OVERDUE if part > 1 else Due.SOON if part > SOON else Due.ON_TIME


def queue_of(doctor: Doctor, *, specialty: Specialty | None = None, show: str = "", words: str = "") -> QuerySet:
    """What waits in the doctor's specialties, urgent ones first, then the longest, with claims and marks; two queries.

    Marked `returned`, `returned_to_me`, `transferred` and `drafted`.
    """
    questions = Question.objects.for_doctor(doctor)
    questions = questions.with_patient() if show == Show.ASKED else questions.waiting()
    if specialty:
        questions = questions.filter(Q(specialty=specialty) | Q(specialty__parent=specialty))
    if words := " ".join(words.replace("\0", "").split())[:MOST_WORDS]:
        questions = questions.filter(Q(headline__icontains=words) | Q(text__icontains=words))
    marks = _marks(doctor)
    if wanted := _wanted(doctor, marks).get(show):
        questions = questions.filter(wanted)
    return questions.annotate(**marks).select_related("specialty", "claim__doctor__user", "claim__doctor__licence")


def next_free(doctor: Doctor, *, after: int) -> Question | None:
    """The one behind question `after` that nobody holds; at the end of the queue its first."""
    free = queue_of(doctor, show=Show.FREE).exclude(pk=after)
    return free.after_in_queue(after).first() or free.first()


def _marks(doctor: Doctor) -> dict[str, Exists]:
    here = {"question": OuterRef("pk")}
    answered = InfoRequest.objects.filter(**here, answered_at__isnull=False)
    return {
        "returned": Exists(answered),
        "returned_to_me": Exists(answered.filter(asked_by=doctor)),
        "transferred": Exists(Transfer.objects.filter(**here)),
        "drafted": Exists(Draft.objects.filter(**here, doctor=doctor)),
    }


def _wanted(doctor: Doctor, marks: dict[str, Exists]) -> dict[str, Q | Exists]:
    held = Claim.objects.valid().filter(question=OuterRef("pk"))
    return {
        Show.URGENT: Q(urgent=True),
        Show.MINE: Exists(held.filter(doctor=doctor)),
        Show.FREE: ~Exists(held),
        Show.RETURNED: marks["returned"],
        Show.DRAFT: marks["drafted"],
    }
