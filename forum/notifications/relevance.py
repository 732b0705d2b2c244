"""Whether a notice still says anything by the time it is sent."""

from datetime import timedelta

from accounts.models import Standing
from accounts.permissions import can_work_as_doctor
from forum.notifications.models import Kind, Notice
from forum.questions.models import Question, State
from forum.questions.permissions import can_work_on_question

MOST_LISTED = 5
A_DAY = timedelta(days=1)


def is_moot(notice: Notice) -> bool:
    """Overtaken by events: nobody should be told any more."""
    if notice.is_for_doctor:
        return not (can_work_as_doctor(notice.user) and _concerns_doctor(notice))
    if notice.is_for_account:
        return not _concerns_account(notice)
    if notice.is_letter:
        return not (notice.email or notice.user_id)
    if notice.is_for_follower:
        return not _concerns_follower(notice)
    return not _concerns_asker(notice)


def _concerns_asker(notice: Notice) -> bool:
    state = notice.question.state
    if notice.kind in (Kind.ASKED_FOR_MORE, Kind.REMINDER):
        # Not a later request either: that one has reminders of its own.
        asked = notice.question.info_requests.filter(answered_at=None, asked_at__lte=notice.made_at)
        return state == State.NEEDS_INFO and asked.exists()
    if notice.kind in (Kind.MERGED, Kind.JOINED, Kind.REDIRECTED, Kind.MERGED_NEWS):
        return state == State.MERGED
    if notice.kind == Kind.PARTED:
        return state not in (State.MERGED, State.WITHDRAWN)
    if notice.kind in (Kind.HIDDEN, Kind.RESTORED):
        return state == (State.HIDDEN if notice.kind == Kind.HIDDEN else State.PUBLISHED)
    return state != State.WITHDRAWN


def _concerns_doctor(notice: Notice) -> bool:
    question = notice.question
    if notice.kind == Kind.DIGEST:
        return notice.number > 0
    if notice.kind == Kind.LOOK:
        return question.state != State.WITHDRAWN
    if notice.kind == Kind.UNCLEAR:
        return question.is_published and can_work_on_question(notice.user, question)
    if notice.kind == Kind.FOLLOW_UP_ASKED:
        open_one = question.is_published and question.follow_ups.filter(answered_at=None).exists()
        return open_one and can_work_on_question(notice.user, question)
    return question.is_waiting and can_work_on_question(notice.user, question)


def _concerns_account(notice: Notice) -> bool:
    doctor = notice.user.doctor_profile
    if notice.kind == Kind.LICENCE_ENDED:
        return doctor is not None and doctor.standing == Standing.EXPIRED
    if notice.kind != Kind.LICENCE_ENDS:
        return True
    # Renewed meanwhile, or ended: of that there is a notice of its own.
    return can_work_as_doctor(notice.user) and doctor.licence.days_left <= notice.number


def _concerns_follower(notice: Notice) -> bool:
    if notice.kind == Kind.CONFIRM:
        return notice.subscription.confirmed_at is None
    if notice.kind == Kind.TOPIC_NEWS:
        return bool(new_threads(notice))
    return notice.question.is_published


def new_threads(notice: Notice) -> list[Question]:
    """Of a topic that is followed: the public threads that came in the day before the notice, newest first, a few."""
    threads = Question.objects.published().filter(
        question_topics__topic=notice.subscription.topic_id, published_at__gte=notice.at - A_DAY
    )
    return list(threads.newest_first()[:MOST_LISTED])
