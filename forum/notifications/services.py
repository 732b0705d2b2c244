"""What people are told, made in the transaction of the change itself: the doors for all other code.

Each notice is made once: `once` names the event and the person, and the database takes no second one.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Doctor, User
from forum.notifications.models import (
    ACCOUNT_KINDS,
    ASKER_KINDS,
    DOCTOR_KINDS,
    LETTER_KINDS,
    PUBLIC_KINDS,
    TO_DUPLICATES,
    DoctorPreferences,
    Kind,
    MutedQuestion,
    NewQuestions,
    Notice,
    NoticeState,
    Subscription,
    each_once,
)
from forum.notifications.tasks import send_due_notices
from forum.questions.models import REMINDERS, InfoRequest, Question

# When, in the site's time zone, those are mailed who are told of something once a day.
DAILY_AT = time(7)


@transaction.atomic
def notify_of(question: Question, kind: Kind) -> None:
    """Tell the asker what has happened to the question, and the thread's followers where readers see it too.

    The askers of its duplicates hear of it as far as it is their answer.

    The question's last decision is the event: told again of the same one, it makes nothing.
    """
    assert kind in ASKER_KINDS
    event = _event(question)
    notices = _for_asker(question, kind, f"{event}:{kind}")
    if kind in PUBLIC_KINDS:
        notices += _for_followers(question, event)
    if kind in TO_DUPLICATES:
        notices += _for_askers_of_duplicates(question, TO_DUPLICATES[kind], event)
    make_notices(notices)


@transaction.atomic
def notify_removed(question: Question, *, address: str, asked_for: bool) -> None:
    """Tell the asker that the thread was removed for good, whether they `asked_for` it or not.

    Called after it was, when the question knows the `address` that was left with it no more: a letter goes there, and
    whoever asked in an account sees it on the News page, with a mail where no address was left.
    """
    kind = Kind.REMOVED if asked_for else Kind.TAKEN_OFF
    notices = _for_asker(question, kind, f"{_event(question)}:{kind}") if question.asker_id else []
    if address:
        for notice in notices:
            notice.state = NoticeState.IN_APP
        if not MutedQuestion.objects.filter(question=question).exists():
            send_letter(address, Kind.THREAD_REMOVED, language=question.language)
    make_notices(notices)


@transaction.atomic
def notify_asked_for_more(request: InfoRequest) -> None:
    """Tell the asker that a doctor waits for them, and remind them while there is no answer."""
    question, once = request.question, f"request:{request.pk}"
    notices = _for_asker(question, Kind.ASKED_FOR_MORE, once)
    for number, pause in enumerate(REMINDERS, 1):
        notices += _for_asker(question, Kind.REMINDER, f"{once}:reminder:{number}", at=request.asked_at + pause)
    make_notices(notices)


@transaction.atomic
def notify_doctor(doctor: Doctor, kind: Kind, question: Question) -> None:
    """Tell one doctor of something about a question; nothing where the doctor has no sign-in.

    The question's last decision is the event, as in `notify_of`.
    """
    assert kind in DOCTOR_KINDS
    if doctor.user_id:
        once = f"{_event(question)}:{kind}:{doctor.user_id}"
        make_notices([Notice(kind=kind, user_id=doctor.user_id, question=question, once=once)])


@transaction.atomic
def notify_account(user: User, kind: Kind, *, once: str) -> None:
    """Tell somebody of what concerns the own account; `once` names the event."""
    assert kind in ACCOUNT_KINDS
    make_notices([Notice(kind=kind, user=user, once=f"account:{user.pk}:{once}:{kind}")])


@transaction.atomic
def send_letter(email: str, kind: Kind, *, language: str = "") -> None:
    """One mail to an address that nothing else will know from now on; forgotten as soon as the mail is sent.

    Nothing in it tells what it is about. Who calls sees to it that it is called once.
    """
    assert kind in LETTER_KINDS
    once = f"letter:{secrets.token_hex(16)}"
    make_notices([Notice(kind=kind, email=email, language=language, once=once)])


@transaction.atomic
def put_letter_in_news(user: User, kind: Kind) -> None:
    """The same for an account that left no address: it stands under News, and no mail goes out."""
    assert kind in LETTER_KINDS
    make_notices([Notice(kind=kind, user=user, once=f"letter:{secrets.token_hex(16)}")])


@transaction.atomic
def notify_doctors_of_new(question: Question, *, urgent: bool = False, by: User | None = None) -> None:
    """Tell doctors that a question waits in their specialty: those who want a mail for each, or for urgent ones.

    The asker and whoever passed it on (`by`) are not told. The others find it in their daily count.
    """
    at_once = Q(notice_preferences__new_questions=NewQuestions.AT_ONCE)
    if urgent:
        at_once |= Q(notice_preferences=None) | Q(notice_preferences__urgent=True)
    not_told = [user.pk for user in (question.asker, by) if user]
    doctors = doctors_of(question).filter(at_once).exclude(user__in=not_told).select_related("notice_preferences")
    event = _event(question)
    notices = []
    for doctor in doctors.distinct():
        preferences = getattr(doctor, "notice_preferences", None) or DoctorPreferences(doctor=doctor)
        kind = Kind.URGENT if urgent and preferences.urgent else Kind.NEW_QUESTION
        once = f"{event}:new:{doctor.user_id}"
        notices.append(Notice(kind=kind, user_id=doctor.user_id, question=question, once=once))
    make_notices(notices)


@transaction.atomic
def notify_doctors_of_follow_up(question: Question) -> None:
    """Tell the doctors who have replied on a thread that its asker has a further question."""
    event = _event(question)
    users = User.objects.filter(doctor__replies__question=question).exclude(pk=question.asker_id).distinct()
    once = f"{event}:{Kind.FOLLOW_UP_ASKED}"
    make_notices(
        [Notice(kind=Kind.FOLLOW_UP_ASKED, user=user, question=question, once=f"{once}:{user.pk}") for user in users]
    )


@transaction.atomic
def notify_topic_followers(question: Question) -> None:
    """Tell those who follow a topic of a thread that was just published; once a day, however many come."""
    at = next_daily(question.published_at)
    followers = Subscription.objects.confirmed().filter(topic__in=question.question_topics.values("topic"))
    make_notices(
        [
            Notice(
                kind=Kind.TOPIC_NEWS,
                user_id=follower.user_id,
                subscription=follower,
                once=f"follow:{follower.pk}:{timezone.localdate(at)}",
                at=at,
                due_at=at,
            )
            for follower in followers.but_not(question.asker_id).held()
        ]
    )


def doctors_of(question: Question):
    """Working doctors whose specialty, or the one above it, is the question's."""
    theirs = Q(specialties=question.specialty_id) | Q(specialties__children=question.specialty_id)
    return Doctor.objects.working().filter(theirs)


def next_daily(moment: datetime) -> datetime:
    """The first time after `moment` at which daily mails are sent."""
    local = timezone.localtime(moment)
    today = timezone.make_aware(datetime.combine(local.date(), DAILY_AT))
    return today if today > moment else timezone.make_aware(datetime.combine(local.date() + timedelta(1), DAILY_AT))


def _event(question: Question) -> str:
    newest = question.decisions.order_by("-id").values_list("pk", flat=True).first()
    return f"question:{question.pk}:{newest or 0}"


def _for_asker(question: Question, kind: Kind, once: str, at: datetime | None = None) -> list[Notice]:
    """Their notice; none where nobody could be told. Whoever asked in an account sees it there, too."""
    if not (question.asker_id or question.email):
        return []
    at = at or timezone.now()
    return [Notice(kind=kind, user_id=question.asker_id, question=question, once=once, at=at, due_at=at)]


def _for_askers_of_duplicates(question: Question, kind: Kind, event: str) -> list[Notice]:
    """Each about the own question; nothing to whoever asked both, and hears of it already."""
    notices = []
    for duplicate in question.merged.select_related("asker").order_by("pk"):
        same_account = duplicate.asker_id is not None and duplicate.asker_id == question.asker_id
        same_address = duplicate.email != "" and duplicate.email.lower() == question.email.lower()
        if not (same_account or same_address):
            notices += _for_asker(duplicate, kind, f"{event}:{kind}:{duplicate.pk}")
    return notices


def _for_followers(question: Question, event: str) -> list[Notice]:
    followers = Subscription.objects.to_thread(question).but_not(question.asker_id).held()
    return [
        Notice(
            kind=Kind.THREAD_NEWS,
            user_id=follower.user_id,
            question=question,
            subscription=follower,
            once=f"{event}:follow:{follower.pk}",
        )
        for follower in each_once(followers.select_related("user", "question"))
    ]


def make_notices(notices: Iterable[Notice]) -> None:
    """Make those that were not made before, and wake the worker."""
    notices = list(notices)
    if notices:
        Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=500)
        send_due_notices.enqueue()
