"""Doctors' applications: what an admin decides, and what comes of it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Application, ApplicationState, Doctor, Licence, LooseProof, User
from forum.notifications.models import Kind
from forum.notifications.services import notify_account
from forum.specialties.slugs import unique_slug

# How long after the decision the file of a proof is kept, for whoever contests it.
KEEP_PROOF = timedelta(days=90)


class LicenceTaken(Exception):
    """Another doctor has a licence of this number from the same body; nothing was changed."""


class LicenceEnded(Exception):
    """The licence that was sent in does not cover today; nothing was changed."""


class OwnApplication(Exception):
    """Nobody decides on an application of their own; nothing was changed."""


@transaction.atomic
def verify_application(*, application: Application, by: User, version: int) -> Doctor:
    """Make of it a doctor who may work, or renew the licence of one; the applicant is told. All of it or nothing.

    Whoever had retired works again; whoever is suspended stays so. Raises ApplicationClosed, ApplicationChanged,
    LicenceTaken, LicenceEnded, OwnApplication, HeldByAnotherAdmin.
    """
    current = _lock(application, by, version)
    if current.expires_on < timezone.localdate():
        raise LicenceEnded
    doctor = _profile(current)
    if Licence.objects.filter(issuing_body=current.issuing_body, number=current.number).exclude(doctor=doctor).exists():
        raise LicenceTaken
    licence = {"number": current.number, "issuing_body": current.issuing_body, "expires_on": current.expires_on}
    Licence.objects.update_or_create(doctor=doctor, defaults=licence)
    doctor.specialties.set(current.specialties.all())
    doctor.take_up_work(by=by)
    current.decide(ApplicationState.VERIFIED, by=by)
    _tell(current, Kind.APPLICATION_VERIFIED)
    return doctor


@transaction.atomic
def refuse_application(*, application: Application, by: User, version: int, note: str) -> None:
    """For the reason in `note`, which the applicant reads. Raises as `verify_application`."""
    current = _lock(application, by, version)
    current.decide(ApplicationState.REFUSED, by=by, note=note)
    _tell(current, Kind.APPLICATION_REFUSED)


@transaction.atomic
def ask_applicant(*, application: Application, by: User, version: int, note: str) -> None:
    """Ask for what is missing; it waits for the applicant from now on. Raises as `verify_application`."""
    current = _lock(application, by, version)
    current.ask(by=by, note=note)
    _tell(current, Kind.APPLICATION_ASKED)


def delete_old_proofs() -> None:
    """Forget the proofs of what was decided 90 days ago, and delete the files that nothing needs."""
    old = Application.objects.exclude(proof="").filter(decided_at__lt=timezone.now() - KEEP_PROOF)
    old.update(proof="")
    LooseProof.objects.delete_files()


def _lock(application: Application, by: User, version: int) -> Application:
    current = application.lock(version=version)
    if current.user_id == by.pk:
        raise OwnApplication
    current.refuse_if_held_from(by)
    return current


def _profile(application: Application) -> Doctor:
    """The applicant's, locked; a new one where there is none."""
    known = {"name": application.name, "hospital": application.hospital}
    doctor = Doctor.objects.select_for_update(no_key=True).filter(user=application.user).first()
    if doctor is None:
        return Doctor.objects.create(user=application.user, slug=unique_slug(Doctor, application.name), **known)
    doctor.rename(**known)
    return doctor


def _tell(application: Application, kind: Kind) -> None:
    notify_account(application.user, kind, once=f"application:{application.pk}:{application.version}")
