"""The roles of the permission table, each with a browser of its own."""

from dataclasses import dataclass

from django.test import Client

from accounts.models import User
from forum.specialties.models import Specialty
from tests.factories import DoctorFactory, SpecialtyFactory, UserFactory

ROLES = (
    "visitor",
    "asker_by_token",
    "asker",
    "other_patient",
    "doctor",
    "other_doctor",
    "unverified_doctor",
    "expired_doctor",
    "admin",
)


@dataclass(frozen=True)
class Cast:
    """Everybody who may come to the site, seen from one question in `specialty` that `asker` has asked."""

    specialty: Specialty
    users: dict[str, User | None]

    def browser(self, role: str, **options) -> Client:
        client = Client(**options)
        if self.users[role] is not None:
            client.force_login(self.users[role])
        return client


def make_cast() -> Cast:
    specialty = SpecialtyFactory(name="Neurology", slug="neurology")
    elsewhere = SpecialtyFactory(name="Dermatology", slug="dermatology")
    return Cast(
        specialty,
        {
            "visitor": None,
            "asker_by_token": None,
            "asker": UserFactory(),
            "other_patient": UserFactory(),
            "doctor": DoctorFactory(specialties=[specialty]).user,
            "other_doctor": DoctorFactory(specialties=[elsewhere]).user,
            "unverified_doctor": DoctorFactory(specialties=[specialty], unverified=True).user,
            "expired_doctor": DoctorFactory(specialties=[specialty], expired=True).user,
            "admin": UserFactory(admin=True),
        },
    )
