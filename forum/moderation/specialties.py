"""What admins do with specialties where questions and topics are concerned; forum/specialties keeps the tree."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import Doctor, User
from forum.moderation.models import Claim, LookRequest
from forum.notifications.models import Kind, Subscription
from forum.notifications.services import notify_doctors_of_new, notify_of
from forum.questions.models import OPEN_STATES, Question, State, Transfer
from forum.replies.models import Reply
from forum.search.models import DefaultTopic, Topic, TopicProposal
from forum.search.services import default_topics, set_default_topics
from forum.specialties.models import Specialty, SpecialtyRedirect
from forum.specialties.ordering import ChangedMeanwhile, lock_tree
from forum.specialties.services import add_specialty, edit_specialty

# What the page of a specialty edits, beside its default topics.
EDITED = (
    *("name", "name_zh_hant", "slug", "description", "description_zh_hant", "icon"),
    *("target_hours", "review_months"),
)


@dataclass(frozen=True)
class Closed:
    """How many waiting questions went to another specialty; and how many doctors are at work on, which stayed."""

    moved: int = 0
    held: int = 0


def values_of(specialty: Specialty) -> dict:
    """All that its page edits, as it stands."""
    topics = default_topics(specialty) if specialty.pk else []
    return {name: getattr(specialty, name) for name in EDITED} | {"topics": topics}


def edition_of(values: dict) -> str:
    """A short name for these values: another one whenever one of them differs."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


@transaction.atomic
def create_specialty(*, by: User, topics: Iterable[str], **fields) -> Specialty:
    """Make one, closed for asking, with its default topics."""
    specialty = add_specialty(by=by, **fields)
    set_default_topics(specialty=specialty, names=topics, by=by)
    return specialty


@transaction.atomic
def change_specialty(*, specialty: Specialty, by: User, edition: str, topics: Iterable[str], **fields) -> None:
    """Give it these values; ChangedMeanwhile where it was no longer of the `edition` that the admin has seen."""
    lock_tree()
    current = Specialty.objects.filter(pk=specialty.pk).first()
    if current is None or edition_of(values_of(current)) != edition:
        raise ChangedMeanwhile
    edit_specialty(specialty=current, by=by, **fields)
    set_default_topics(specialty=current, names=topics, by=by)


@transaction.atomic
def close_specialty(*, specialty: Specialty, by: User, to: Specialty | None = None) -> Closed:
    """Take no more questions in it; those that wait go to `to`, or stay where they are until they are answered.

    They go as in a transfer by a doctor: they keep their age, drafts are kept, askers are told. What a doctor is at
    work on stays with the doctor. Raises ChangedMeanwhile where `to` is not open for asking.
    """
    lock_tree()
    if to and (to.pk == specialty.pk or not Specialty.objects.open().filter(pk=to.pk).exists()):
        raise ChangedMeanwhile
    specialty.close(by=by)
    if to is None:
        return Closed()
    waiting = Question.objects.filter(specialty=specialty, state__in=OPEN_STATES).order_by("pk")
    questions = list(waiting.select_for_update(of=["self"]))
    held = set(Claim.objects.valid().filter(question__in=questions).values_list("question_id", flat=True))
    for question in questions:
        if question.pk not in held:
            _give(question, to, by)
    return Closed(len(questions) - len(held), len(held))


def _give(question: Question, to: Specialty, by: User) -> None:
    Claim.objects.filter(question=question).delete()  # an expired one
    question.give_to(to, by=by)
    notify_of(question, Kind.TRANSFERRED)
    if question.is_waiting:
        notify_doctors_of_new(question, urgent=question.urgent, by=by)
    LookRequest.objects.end_all(question=question)


def waiting_in(specialty: Specialty) -> tuple[int, int]:
    """How many questions of it wait for a doctor, and how many for their patient."""
    own = Question.objects.filter(specialty=specialty)
    return own.filter(state=State.WAITING).count(), own.filter(state=State.NEEDS_INFO).count()


def waiting_by_specialty() -> dict[int, int]:
    """How many questions wait for a doctor, by the key of their specialty; read from the index of the waiting ones."""
    rows = Question.objects.filter(state=State.WAITING).order_by().values_list("specialty_id")
    return dict(rows.annotate(number=Count("pk")))


def what_moves(source: Specialty, target: Specialty) -> list[tuple[str, int]]:
    """What a merge moves, and what it makes one: kind and number, without those of which there are none."""
    doctors = Doctor.objects.filter(specialties=source)
    topics = Topic.objects.filter(specialty=source)
    names = {name.lower() for name in target.topics.values_list("name", flat=True)}
    joined = sum(name.lower() in names for name in topics.values_list("name", flat=True))
    questions = Question.objects.filter(specialty=source).order_by().values_list("state")
    by_state = dict(questions.annotate(number=Count("pk")))
    kinds = [(_("Questions: %(state)s") % {"state": state.label}, by_state.get(state, 0)) for state in State]
    kinds += [
        (_("Replies given in it"), Reply.objects.filter(specialty=source).count()),
        (_("Doctors"), doctors.count()),
        (_("of these in both, listed once"), doctors.filter(pk__in=target.doctors.values("pk")).count()),
        (_("Sub-specialties"), source.children.count()),
        (_("Topics"), topics.count()),
        (_("of these made one with a topic of the same name"), joined),
        (_("Followers of its topics"), Subscription.objects.filter(topic__in=topics).count()),
        (_("Proposed topics"), TopicProposal.objects.filter(specialty=source).count()),
        (_("Default topics given up; those of the other specialty stay"), DefaultTopic.objects.of(source).count()),
        (_("Notes of questions passed on"), _transfers(source).count()),
        (_("Older addresses that lead to it"), SpecialtyRedirect.objects.filter(specialty=source).count()),
    ]
    return [(kind, number) for kind, number in kinds if number]


def _transfers(specialty: Specialty):
    return Transfer.objects.filter(Q(from_specialty=specialty) | Q(to_specialty=specialty))
