"""What doctors do with the work of colleagues: a second reply, and a look before publishing."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Doctor
from forum.moderation.models import LookRequest
from forum.notifications.models import Kind
from forum.notifications.services import notify_doctor, notify_of
from forum.questions.models import Question, WrongState
from forum.replies.models import Draft, Edition, Reply
from forum.search.services import index_questions
from forum.search.tasks import renew_similar_around
from forum.specialties.models import Specialty


class RepliedBefore(Exception):
    """The doctor has a reply on this thread, in other words; nothing was changed."""


@transaction.atomic
def add_reply(*, question: Question, doctor: Doctor, text: str, since: Edition | None = None) -> Reply:
    """Publish a further doctor's reply on a public thread, and let the asker know. Sent twice, it is published once.

    One a doctor and thread, which the lock sees to: threads of an archive may have several of one doctor. Raises
    RepliedBefore; WrongState where the thread is not public, or the doctor has no specialty to speak for; DraftConflict
    where other words were saved from another window since; CannotWork.
    """
    doctor.hold_working()
    _lock_published(question)
    own = question.replies.filter(doctor=doctor)
    if same := own.filter(text=text).first():
        return same
    if own.exists():
        raise RepliedBefore
    draft = question.drafts.filter(doctor=doctor).first()
    if draft and since:
        draft.check_edition(since, {"text": text})
    now = timezone.now()
    reply = Reply.objects.create(
        question=question,
        doctor=doctor,
        specialty=_speaks_for(doctor, question),
        text=text,
        replied_on=timezone.localdate(now),
        created_at=now,
    )
    Question.objects.filter(pk=question.pk).update(modified_at=now)
    question.decisions.create(act="second_reply", by=doctor.user, reason=f"reply {reply.pk}")
    question.drafts.filter(doctor=doctor).delete()
    index_questions([question.pk])
    renew_similar_around.enqueue(question.pk)
    notify_of(question, Kind.SECOND_REPLY)
    return reply


@transaction.atomic
def agree_with_reply(*, reply: Reply, doctor: Doctor) -> bool:
    """A colleague's word that it is right; False where it was given before. Raises as `Reply.agree`, CannotWork."""
    doctor.hold_working()
    return reply.agree(by=doctor)


def _lock_published(question: Question) -> None:
    if not Question.objects.select_for_update().get(pk=question.pk).is_published:
        raise WrongState


def _speaks_for(doctor: Doctor, question: Question) -> Specialty:
    """The question's specialty where that is the doctor's, else the first of the doctor's own."""
    if Question.objects.for_doctor(doctor).filter(pk=question.pk).exists():
        return question.specialty
    own = doctor.specialties.order_by("position", "name").first()
    if own is None:
        raise WrongState
    return own


@transaction.atomic
def save_second_draft(*, question: Question, doctor: Doctor, since: Edition | None = None, text: str) -> Draft:
    """Keep what the doctor has typed of a second reply; of the draft of a first reply only those words change.

    WrongState where the thread is not public or the doctor has replied; DraftConflict as for any draft.
    """
    _lock_published(question)
    if question.replies.filter(doctor=doctor).exists():
        raise WrongState
    draft = question.drafts.filter(doctor=doctor).first() or Draft(question=question, doctor=doctor, version=0)
    draft.take({"text": text}, since or Edition(draft.version))
    return draft


@transaction.atomic
def ask_to_look(*, question: Question, doctor: Doctor, colleague: Doctor, note: str) -> LookRequest:
    """Ask a colleague by name to look at a waiting question and the doctor's draft. Asked twice, it is asked once.

    WrongState where the question does not wait.
    """
    if not Question.objects.select_for_update().get(pk=question.pk).is_waiting:
        raise WrongState
    asked = question.look_requests.standing().unanswered().filter(asked_by=doctor, colleague=colleague).first()
    if asked:
        return asked
    request = LookRequest.objects.create(question=question, asked_by=doctor, colleague=colleague, note=note)
    question.decisions.create(act="ask_look", by=doctor.user, reason=colleague.name[:60])
    notify_doctor(colleague, Kind.LOOK, question)
    return request
