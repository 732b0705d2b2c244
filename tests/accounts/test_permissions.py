from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Doctor
from accounts.permissions import can_work_as_doctor, is_admin, why_not_working
from tests.factories import DoctorFactory, UserFactory

pytestmark = pytest.mark.django_db


def licensed_until(days_from_now: int):
    return DoctorFactory(licence__expires_on=timezone.localdate() + timedelta(days_from_now)).user


PEOPLE = {
    "verified, licence valid": lambda: DoctorFactory().user,
    "verified, last day of the licence": lambda: licensed_until(0),
    "verified, licence expired yesterday": lambda: licensed_until(-1),
    "verified, no licence": lambda: DoctorFactory(licence=None).user,
    "unverified": lambda: DoctorFactory(unverified=True).user,
    "unverified, licence expired": lambda: DoctorFactory(unverified=True, expired=True).user,
    "verified, may not sign in": lambda: DoctorFactory(user__is_active=False).user,
    "suspended": lambda: DoctorFactory(suspended=True).user,
    "retired": lambda: DoctorFactory(retired=True).user,
    "retired, licence expired": lambda: DoctorFactory(retired=True, expired=True).user,
    "doctor and admin": lambda: DoctorFactory(user__admin=True).user,
    "unverified doctor and admin": lambda: DoctorFactory(user__admin=True, unverified=True).user,
    "patient": lambda: UserFactory(),
    "admin": lambda: UserFactory(admin=True),
    "admin who may not sign in": lambda: UserFactory(admin=True, is_active=False),
    "visitor": AnonymousUser,
}


@pytest.mark.parametrize("person", PEOPLE)
def test_can_work_as_doctor_only_if_verified_with_a_licence_that_covers_today(person):
    may = {"verified, licence valid", "verified, last day of the licence", "doctor and admin"}

    user = PEOPLE[person]()

    assert can_work_as_doctor(user) is (person in may)
    assert Doctor.objects.working().filter(user=user.pk).exists() is (person in may)


@pytest.mark.parametrize("person", PEOPLE)
def test_is_admin_only_if_staff_who_may_sign_in(person):
    are = {"doctor and admin", "unverified doctor and admin", "admin"}

    assert is_admin(PEOPLE[person]()) is (person in are)


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        ("verified, licence valid", ""),
        ("verified, last day of the licence", ""),
        ("verified, licence expired yesterday", "expired"),
        ("verified, no licence", "no_licence"),
        ("unverified", "unverified"),
        ("suspended", "suspended"),
        ("retired", "retired"),
        ("retired, licence expired", "retired"),
        ("unverified, licence expired", "unverified"),
        ("patient", "not_a_doctor"),
        ("admin", "not_a_doctor"),
    ],
)
def test_why_not_working_names_the_first_thing_in_the_way(person, reason):
    assert why_not_working(PEOPLE[person]()) == reason


@pytest.mark.parametrize(
    ("now", "valid"),
    [
        (datetime(2024, 3, 31, 15, 59, tzinfo=UTC), True),  # 23:59 in Taipei
        (datetime(2024, 3, 31, 16, 0, tzinfo=UTC), False),  # midnight in Taipei
    ],
)
def test_licence_ends_with_its_last_day_where_the_site_is(monkeypatch, now, valid):
    doctor = DoctorFactory(licence__expires_on=date(2024, 3, 31))
    monkeypatch.setattr(timezone, "now", lambda: now)

    assert can_work_as_doctor(doctor.user) is valid
