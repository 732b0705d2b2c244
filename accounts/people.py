"""Finding people for admins: by e-mail, licence number or name. What patients asked under a pseudonym is not looked at.

Lists are bounded, and what may be large is read by a trigram index, which wants three letters.
"""

from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor, User

SHORTEST, SHORTEST_EMAIL = 2, 3
MOST_FOUND = 20
KINDS = {
    "admin": _("Admin"),
    "doctor": _("Doctor"),
    "patient": _("Patient"),
    "archive": _("Archive profile"),
    "without_account": _("Doctor whose account is gone"),
}


@dataclass(frozen=True)
class Person:
    """An account, a doctor's profile, or both of one person."""

    user: User | None
    doctor: Doctor | None

    @property
    def name(self) -> str:
        return self.doctor.name if self.doctor else self.user.email

    @property
    def kinds(self) -> list[str]:
        """What this person is to the site, by the names of KINDS."""
        if self.user is None:
            return ["archive" if self.doctor.is_from_archive else "without_account"]
        return ["admin"] * self.user.is_staff + ["doctor" if self.doctor else "patient"]

    @property
    def kind_names(self) -> list[str]:
        return [KINDS[kind] for kind in self.kinds]


@dataclass(frozen=True)
class Findings:
    people: list[Person] = field(default_factory=list)
    more: bool = False  # there are others, who were not read


def find_people(words: str) -> Findings:
    """Those whose e-mail, name or licence number has these words in it, in whichever letters; exact ones first."""
    words = words.strip()
    if len(words) < SHORTEST:
        return Findings()
    doctors = _some(Doctor.objects.filter(name__icontains=words)) if "@" not in words else []
    doctors += _some(Doctor.objects.filter(licence__number__icontains=words)) if "@" not in words else []
    users = [] if len(words) < SHORTEST_EMAIL else _some(User.objects.filter(email__icontains=words))
    other = EmailAddress.objects.filter(email=words.lower()).values("user")  # an address beside the main one
    users += _some(User.objects.filter(pk__in=other))
    of_users = Doctor.objects.filter(user__in=users).select_related("user", "licence")
    people = {doctor.pk: Person(doctor.user, doctor) for doctor in [*doctors, *of_users]}
    known = {person.user.pk for person in people.values() if person.user}
    alone = {user.pk: Person(user, None) for user in users if user.pk not in known}
    found = sorted(
        [*people.values(), *alone.values()], key=lambda each: (not _is_exact(each, words), each.name.lower())
    )
    return Findings(found[:MOST_FOUND], more=len(found) > MOST_FOUND)


def doctors_to_merge_into(words: str) -> list[Doctor]:
    """Verified doctors with a sign-in who may be meant, by name, e-mail or licence number."""
    found = [person.doctor for person in find_people(words).people if person.user and person.doctor]
    return [doctor for doctor in found if doctor.is_verified]


def _some(rows: QuerySet) -> list:
    """One more than is shown, in no order: sorting would read all there are."""
    if rows.model is Doctor:
        rows = rows.select_related("user", "licence")
    return list(rows.order_by()[: MOST_FOUND + 1])


def _is_exact(person: Person, words: str) -> bool:
    own = {person.name, person.user.email if person.user else ""}
    if person.doctor and hasattr(person.doctor, "licence"):
        own.add(person.doctor.licence.number)
    return words.lower() in {each.lower() for each in own}
