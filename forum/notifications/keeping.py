"""What is done from time to time, whoever does it and however often: daily counts, and what is kept no longer."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import Doctor, User
from forum.notifications.models import (
    ASKER_KINDS,
    DoctorPreferences,
    Kind,
    MutedQuestion,
    NewQuestions,
    Notice,
    NoticeState,
    Subscription,
)
from forum.notifications.services import DAILY_AT, make_notices, send_letter
from forum.questions.models import Question

# How many days before its licence ends a doctor is reminded.
REMINDED_AT = (60, 30, 7)
KEEP_UNCONFIRMED = timedelta(days=7)
# What stands on nobody's News page; and what does.
KEEP_MAILED = timedelta(days=30)
KEEP_NEWS = timedelta(days=180)
A_DAY = timedelta(days=1)


def make_digests() -> None:
    """From seven in the morning on: tell each doctor who wants it, once today, how many questions came since last time.

    Where none came, the day is noted all the same, and nobody is told.
    """
    now = timezone.localtime()
    if now.time() < DAILY_AT:
        return
    daily = Q(notice_preferences=None) | Q(notice_preferences__new_questions=NewQuestions.DAILY)
    told = Notice.objects.filter(once__endswith=f":{now.date()}", kind=Kind.DIGEST)
    doctors = list(Doctor.objects.working().filter(daily).exclude(user__in=told.values("user")))
    make_notices([_digest(doctor, now) for doctor in doctors])


def _digest(doctor: Doctor, now: datetime) -> Notice:
    last = Notice.objects.filter(user=doctor.user_id, kind=Kind.DIGEST).order_by("-made_at").first()
    since = last.made_at if last else now - A_DAY
    came = Q(created_at__gt=since) | Q(transfers__made_at__gt=since)
    new = Question.objects.for_doctor(doctor).waiting().filter(came).exclude(asker=doctor.user_id)
    number = new.order_by().distinct().count()
    once = f"digest:{doctor.user_id}:{now.date()}"
    state = NoticeState.DUE if number else NoticeState.MOOT
    at = {"at": now, "due_at": now, "made_at": now}
    return Notice(kind=Kind.DIGEST, user_id=doctor.user_id, once=once, number=number, state=state, **at)


def remind_of_licences() -> None:
    """Tell each working doctor once at 60, at 30 and at 7 days that the licence ends.

    After a pause of the worker only what is nearest is told: who has six days left hears of those alone.
    """
    today = timezone.localdate()
    soon = Doctor.objects.working().filter(licence__expires_on__lte=today + timedelta(REMINDED_AT[0]))
    due = {}
    for user_id, last_day in soon.values_list("user_id", "licence__expires_on"):
        stage = min(days for days in REMINDED_AT if (last_day - today).days <= days)
        due[f"licence:{user_id}:{last_day}:{stage}"] = (user_id, stage)
    told = Notice.objects.filter(once__in=due).values_list("once", flat=True)
    new = [(once, *due[once]) for once in due.keys() - set(told)]
    make_notices([Notice(kind=Kind.LICENCE_ENDS, user_id=pk, number=stage, once=once) for once, pk, stage in new])


def delete_old_notices() -> None:
    """Delete addresses that nobody has confirmed within a week, and notices that nobody needs any more."""
    now = timezone.now()
    Subscription.objects.filter(confirmed_at=None, created_at__lt=now - KEEP_UNCONFIRMED).delete()
    done = Notice.objects.exclude(state=NoticeState.DUE)
    done.filter(Q(user=None) | Q(state=NoticeState.MOOT), at__lt=now - KEEP_MAILED).delete()
    done.filter(at__lt=now - KEEP_NEWS).delete()


def forget_person(*, user: User | None = None, addresses: Iterable[str] = ()) -> None:
    """Nothing here holds this account or these addresses any more: what they follow, were told, and have chosen.

    The address left with a question is the question's own, which takes it away itself.
    """
    if user:
        Subscription.objects.filter(user=user).end()
        Notice.objects.filter(user=user).delete()
        DoctorPreferences.objects.filter(doctor__user=user).delete()
    known = [*addresses, user.email if user else ""]
    for address in filter(None, known):
        Notice.objects.filter(email__iexact=address).delete()
    Subscription.objects.filter(user=None, email__in=[address.lower() for address in known]).end()


def part_from_asker(question: Question) -> None:
    """Tell the asker, for the last time, that the thread leads to them no more; from then on nothing here does.

    Called while the question still knows who it is. Whoever wanted no more mails about it gets none.
    """
    account = question.asker.email if question.asker and question.asker.is_active else ""
    address = question.email or account
    if address and not MutedQuestion.objects.filter(question=question).exists():
        send_letter(address, Kind.ANONYMISED, language=question.language)
    Notice.objects.filter(question=question, kind__in=ASKER_KINDS).delete()
    if question.asker_id:
        Subscription.objects.filter(question=question, user=question.asker_id).end()
