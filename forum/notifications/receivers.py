"""What lower apps announce, in the transaction of the change: imports run downhill, so they cannot call up here."""

from forum.notifications.models import Kind
from forum.notifications.services import notify_doctor, notify_doctors_of_follow_up, notify_doctors_of_new
from forum.questions.announcements import info_answered, question_alarms, question_asked
from forum.replies.announcements import follow_up_asked, reply_unclear


def connect() -> None:
    question_asked.connect(_tell_of_question)
    question_alarms.connect(_tell_of_question)
    info_answered.connect(_tell_of_answer)
    follow_up_asked.connect(_tell_of_follow_up)
    reply_unclear.connect(_tell_of_unclear)


def _tell_of_question(*, question, **_signal) -> None:
    notify_doctors_of_new(question, urgent=question.urgent)


def _tell_of_answer(*, request, **_signal) -> None:
    question = request.question
    notify_doctor(request.asked_by, Kind.INFO_ANSWERED, question)
    if question.transfers.filter(made_at__gt=request.asked_at).exists():
        notify_doctors_of_new(question, urgent=question.urgent)  # who waited with the patient for another specialty


def _tell_of_follow_up(*, question, **_signal) -> None:
    notify_doctors_of_follow_up(question)


def _tell_of_unclear(*, reply, **_signal) -> None:
    if reply.doctor:
        notify_doctor(reply.doctor, Kind.UNCLEAR, reply.question)
