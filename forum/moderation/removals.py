"""Askers' requests to have a public thread removed or made anonymous: what admins decide, and what comes of it."""

from collections.abc import Iterator

import pghistory
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext

from accounts.models import User
from forum.history.models import Rule
from forum.moderation.models import Correction
from forum.moderation.services import remove_thread
from forum.moderation.things import thing_named
from forum.notifications.keeping import part_from_asker
from forum.notifications.models import Kind
from forum.notifications.services import notify_of
from forum.questions.models import ASKED_FOR, Question, RemovalKind, RemovalRequest, State
from forum.questions.personal import Findings, look_through, settle_personal_data
from forum.questions.services import purge_history_of
from forum.replies.models import Unclear
from forum.safety.personal import masked, occurrences
from forum.search.services import index_questions
from forum.search.tasks import renew_similar_around

# What may tell of the patient in a question: its own words, and the title that a doctor made of them.
PATIENTS_WORDS = ("public_title", "headline", "text", "duration", "medication", "conditions", "different_because")


@transaction.atomic
def decide_removal(*, removal: RemovalRequest, by: User, outcome: str, note: str = "") -> bool:
    """Do what its asker asks for, or refuse it for the reason in `note`; False where it was decided or taken back.

    `outcome` is a RemovalOutcome. The asker hears of it. Raises HeldByAnotherAdmin.
    """
    question = Question.objects.select_for_update(of=["self"]).select_related("asker").get(pk=removal.question_id)
    current = RemovalRequest.objects.open().select_for_update(of=["self"]).filter(pk=removal.pk).first()
    if current is None:
        return False
    current.refuse_if_held_from(by)
    removal.decide(outcome, by=by, note=note)
    if removal.is_refused:
        question.decisions.create(act="refuse_removal", by=by, reason=removal.kind)
        notify_of(question, Kind.REQUEST_REFUSED)
    elif removal.kind == RemovalKind.REMOVE:
        remove_thread(question=question, by=by, reason=ASKED_FOR)
    else:
        anonymise_thread(question=question, by=by)
    return True


@transaction.atomic
def anonymise_thread(*, question: Question, by: User) -> None:
    """Take out of a thread what tells who its asker is, and cut all that leads to them. Cannot be undone.

    What doctors wrote stands: where it seems to name the patient, they are asked to correct it.
    """
    pseudonym = question.pseudonym
    part_from_asker(question)
    question.anonymise(by=by)
    for row, names in _patients_rows(question):
        settle_personal_data(question=question, row=row, names=names, by=by, keep=False, ages=True)
        _take_name_out(row, names, pseudonym, by)
    question.removal_requests.all().forget_words()
    purge_history_of(question, rule=Rule.ANONYMISING)
    _ask_doctors(question, pseudonym, by)
    if not question.removed:
        index_questions([question.pk])
        renew_similar_around.enqueue(question.pk)


def told_of_asker(question: Question) -> Findings:
    """What would be replaced in a question's own words if it were made anonymous."""
    words = {name: getattr(question, name) for name in PATIENTS_WORDS}
    return look_through(words, labels={name: question._meta.get_field(name).verbose_name for name in words})


def _patients_rows(question: Question) -> Iterator[tuple[Model, list[str]]]:
    yield question, list(PATIENTS_WORDS)
    for follow_up in question.follow_ups.select_for_update():
        yield follow_up, ["text"]
    for request in question.info_requests.select_for_update():
        yield request, ["answer"]
    for unclear in Unclear.objects.select_for_update(of=["self"]).filter(reply__question=question):
        yield unclear, ["text"]


def _take_name_out(row: Model, names: list[str], pseudonym: str, by: User) -> None:
    """The name that was shown, wherever the patient used it as well."""
    before = {name: getattr(row, name) for name in names}
    after = {name: masked(text, occurrences(text, pseudonym)) for name, text in before.items()}
    if after != before:
        for name, text in after.items():
            setattr(row, name, text[: row._meta.get_field(name).max_length])
        with pghistory.context(act="personal_data_removed", by=by.pk):
            row.save(update_fields=names)


def _ask_doctors(question: Question, pseudonym: str, by: User) -> None:
    """Nobody changes a doctor's words but the doctor."""
    if question.state not in (State.PUBLISHED, State.HIDDEN) or question.removed:
        return
    replies = question.replies.shown().in_order()
    words = {f"reply-{reply.pk}": reply.text for reply in replies}
    for number, follow_up in enumerate(question.follow_ups.order_by("created_at", "id"), 1):
        words[f"follow-up-{number}"] = follow_up.answer
    for what, text in words.items():
        doctor = thing_named(question, what).doctor
        if doctor and _names_somebody(text, pseudonym, doctor.name):
            note = gettext("The patient wants to be anonymous. Please take out what tells who it is, such as a name.")
            Correction.objects.create(question=question, what=what, doctor=doctor, note=note, asked_by=by)
            question.decisions.create(act="ask_correction", by=by, reason=ASKED_FOR)


def _names_somebody(text: str, pseudonym: str, doctor: str) -> bool:
    return bool(occurrences(text, pseudonym) or look_through({"text": text}, labels={}, allowed=[doctor]).alarms)
