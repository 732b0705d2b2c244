import pytest
from django.db import IntegrityError

from accounts.models import User
from tests.factories import DoctorFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_user_with_the_email_of_another_in_other_letters_is_refused_by_the_database():
    UserFactory(email="person@example.org")

    with pytest.raises(IntegrityError, match="user_email_unique"):
        UserFactory(email="Person@Example.org")


def test_create_user_keeps_the_email_in_lower_case_and_only_a_hash_of_the_password():
    user = User.objects.create_user(" Person@Example.ORG ", "the password")

    assert user.email == "person@example.org"
    assert "the password" not in user.password
    assert user.check_password("the password")
    assert (user.is_staff, user.is_superuser) == (False, False)


def test_create_superuser_makes_an_admin():
    user = User.objects.create_superuser("admin@example.org", "the password")

    assert (user.is_staff, user.is_superuser) == (True, True)


def test_user_is_found_by_the_email_in_any_letters():
    user = UserFactory(email="person@example.org")

    assert User.objects.get_by_natural_key("PERSON@example.org") == user


def test_user_with_a_doctor_profile_is_a_doctor():
    doctor = DoctorFactory()

    assert (doctor.user.is_doctor, doctor.user.doctor_profile) == (True, doctor)


def test_user_without_a_doctor_profile_is_none():
    user = UserFactory()

    assert (user.is_doctor, user.doctor_profile) == (False, None)
