import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Doctor
from accounts.permissions import can_work_as_doctor
from tests.factories import DoctorFactory, LicenceFactory, SpecialtyFactory, UserFactory

pytestmark = pytest.mark.django_db


def fresh(doctor: Doctor) -> Doctor:
    return Doctor.objects.get(pk=doctor.pk)


def test_verify_lets_the_doctor_work_and_records_who_did_it():
    doctor, admin = DoctorFactory(unverified=True), UserFactory(admin=True)

    doctor.verify(by=admin)

    assert can_work_as_doctor(fresh(doctor).user) is True
    assert fresh(doctor).verified_by == admin


def test_verify_repeated_keeps_the_first_admin_and_time():
    doctor, first = DoctorFactory(unverified=True), UserFactory(admin=True)
    doctor.verify(by=first)
    verified_at = fresh(doctor).verified_at

    doctor.verify(by=UserFactory(admin=True))

    assert (fresh(doctor).verified_by, fresh(doctor).verified_at) == (first, verified_at)


def test_verify_of_a_doctor_with_an_expired_licence_does_not_let_them_work():
    doctor = DoctorFactory(unverified=True, expired=True)

    doctor.verify(by=UserFactory(admin=True))

    assert can_work_as_doctor(fresh(doctor).user) is False


def test_verify_saves_nothing_else():
    doctor = DoctorFactory(unverified=True, hospital="Old Hospital")
    Doctor.objects.filter(pk=doctor.pk).update(hospital="New Hospital")

    doctor.verify(by=UserFactory(admin=True))

    assert fresh(doctor).hospital == "New Hospital"


def test_withdraw_verification_takes_the_work_away_and_may_be_repeated():
    doctor = DoctorFactory()

    doctor.withdraw_verification(by=UserFactory(admin=True))
    doctor.withdraw_verification(by=UserFactory(admin=True))

    assert can_work_as_doctor(fresh(doctor).user) is False
    assert (fresh(doctor).verified_at, fresh(doctor).verified_by) == (None, None)
    assert list(Doctor.objects.verified()) == []


@pytest.mark.parametrize("missing", ["verified_at", "verified_by"])
def test_doctor_verified_by_nobody_or_at_no_time_is_refused_by_the_database(missing):
    with pytest.raises(IntegrityError, match="doctor_verified_at_with_by"):
        DoctorFactory(**{missing: None})


def test_doctor_of_an_archive_is_there_once_a_name():
    DoctorFactory(archived=True, name="Wu Mukhan")

    with pytest.raises(IntegrityError, match="doctor_archive_name_unique"):
        DoctorFactory(archived=True, name="Wu Mukhan")


def test_doctors_who_sign_in_may_share_a_name_with_each_other_and_with_one_of_an_archive():
    for traits in ({}, {}, {"archived": True}):
        DoctorFactory(name="Wu Mukhan", **traits)

    assert Doctor.objects.filter(name="Wu Mukhan").count() == 3


def test_doctors_of_one_name_may_both_lose_their_sign_in():
    doctors = [DoctorFactory(name="Wu Mukhan") for _number in range(2)]

    for doctor in doctors:
        doctor.user.delete()

    assert Doctor.objects.filter(name="Wu Mukhan", user=None).count() == 2


def test_doctor_has_a_specialty_once():
    neurology = SpecialtyFactory()
    doctor = DoctorFactory(specialties=[neurology])

    with pytest.raises(IntegrityError, match="doctor_specialty_once"):
        doctor.doctorspecialty_set.create(specialty=neurology)


def test_licence_number_of_one_body_belongs_to_one_doctor():
    LicenceFactory(number="7", issuing_body="Council")
    LicenceFactory(number="7", issuing_body="Another council")

    with pytest.raises(IntegrityError, match="licence_number_unique"):
        LicenceFactory(number="7", issuing_body="Council")


def test_admin_who_verified_a_doctor_cannot_be_deleted():
    doctor = DoctorFactory()

    with pytest.raises(IntegrityError):
        doctor.verified_by.delete()


def test_doctor_keeps_the_profile_when_the_sign_in_is_deleted():
    doctor = DoctorFactory(verified_at=timezone.now())

    doctor.user.delete()

    assert (fresh(doctor).user, fresh(doctor).name) == (None, doctor.name)
