"""Whether a doctor may work here: what changes it, and what comes of that. Published replies stay, whatever it is.

Each locks the doctor before any question, as a doctor does who publishes (Doctor.hold_working): either the reply is out
before the doctor is suspended, or it is refused.
"""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor, Licence, User
from forum.moderation.models import Claim
from forum.notifications.keeping import remind_of_licences
from forum.notifications.models import Kind
from forum.notifications.services import notify_account
from forum.questions.models import Question


class StandingAct(models.TextChoices):
    """What an admin can do about a doctor."""

    SUSPEND = "suspend", _("Suspend: the dashboard is closed at once, until you take it back")
    REINSTATE = "reinstate", _("Let the doctor work again")
    RETIRE = "retire", _("Note that the doctor no longer works here")
    VERIFY = "verify", _("Verify: identity and licence are checked")
    UNVERIFY = "unverify", _("Take the verification back: it was a mistake")


class OwnStanding(Exception):
    """Nobody decides on their own right to work here; nothing was changed."""


@transaction.atomic
def change_standing(*, doctor: Doctor, act: str, by: User, reason: str) -> bool:
    """Do one of StandingAct for this reason, and tell the doctor. False where it was so before. Raises OwnStanding."""
    doctor = _lock(doctor)
    if doctor.user_id == by.pk:
        raise OwnStanding
    if act not in possible_acts(doctor):
        return False
    if act == StandingAct.SUSPEND:
        doctor.suspend(by=by, reason=reason)
    elif act == StandingAct.REINSTATE:
        doctor.reinstate(by=by, reason=reason)
    elif act == StandingAct.RETIRE:
        doctor.retire(by=by, reason=reason)
    elif act == StandingAct.VERIFY:
        doctor.verify(by=by, reason=reason)
    else:
        doctor.withdraw_verification(by=by, reason=reason)
    free_claims(doctor)
    if doctor.user:
        notify_account(doctor.user, TOLD[act], once=timezone.now().isoformat())
    return True


TOLD = {
    StandingAct.SUSPEND: Kind.SUSPENDED,
    StandingAct.REINSTATE: Kind.REINSTATED,
    StandingAct.RETIRE: Kind.RETIRED,
    StandingAct.VERIFY: Kind.APPLICATION_VERIFIED,
    StandingAct.UNVERIFY: Kind.UNVERIFIED,
}


def possible_acts(doctor: Doctor) -> list[StandingAct]:
    """What changes something as the doctor stands now."""
    if not doctor.is_verified:
        return [StandingAct.VERIFY]
    can_be = {
        StandingAct.SUSPEND: not doctor.suspended_at,
        StandingAct.REINSTATE: doctor.suspended_at or doctor.retired_at,
        StandingAct.RETIRE: not doctor.retired_at,
        StandingAct.UNVERIFY: True,
    }
    return [act for act, possible in can_be.items() if possible]


@transaction.atomic
def retire(*, doctor: Doctor) -> bool:
    """On the doctor's own wish; false where that was done before."""
    doctor = _lock(doctor)
    if not doctor.retire(by=doctor.user):
        return False
    free_claims(doctor)
    return True


def free_claims(doctor: Doctor) -> None:
    """What a doctor holds who may not work goes back to the queue. The caller holds the doctor."""
    if doctor.can_work:
        return
    held = Claim.objects.filter(doctor=doctor).order_by("question").values_list("question", flat=True)
    for question in Question.objects.select_for_update().filter(pk__in=list(held)).order_by("pk"):
        if Claim.objects.filter(question=question, doctor=doctor).delete()[0]:
            question.decisions.create(act="release", by=doctor.user)


def free_all(doctor: Doctor) -> None:
    """The same, for whoever has taken the right to work away otherwise, in the caller's transaction."""
    free_claims(_lock(doctor))


@transaction.atomic
def note_expired_licences() -> None:
    """Once for each: readers learn of it, the doctor is told, what they hold goes back to the queue."""
    for doctor in Doctor.objects.note_expiry():
        free_claims(doctor)
        licence = Licence.objects.filter(doctor=doctor).first()
        if doctor.user and licence and not (doctor.suspended_at or doctor.retired_at):
            notify_account(doctor.user, Kind.LICENCE_ENDED, once=f"{licence.expires_on}")


def look_after_licences() -> None:
    """For workers, at their start and once an hour; harmless when repeated, and after any pause."""
    note_expired_licences()
    remind_of_licences()


def _lock(doctor: Doctor) -> Doctor:
    locked = Doctor.objects.select_for_update(no_key=True, of=["self"]).select_related("user", "licence")
    return locked.get(pk=doctor.pk)
