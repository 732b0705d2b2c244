from urllib.parse import quote

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import Doctor, User
from tests.factories import PASSWORD, DoctorFactory, SpecialtyFactory, UserFactory
from tests.html import parse

pytestmark = pytest.mark.django_db

LISTS = [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry]
NOT_ADMINS = {
    "patient": lambda: UserFactory(),
    "doctor": lambda: DoctorFactory().user,
    "unverified doctor": lambda: DoctorFactory(unverified=True).user,
    "superuser who is no admin": lambda: UserFactory(is_superuser=True),
}


@pytest.fixture
def admin_user(client):
    user = UserFactory(admin=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("path", ["/admin/", *LISTS])
def test_admin_site_asks_a_visitor_to_sign_in_as_everybody_else(client, path):
    assert client.get(path, follow=True).redirect_chain == [
        (f"/admin/login/?next={path}", 302),
        (f"/accounts/login/?next={quote(path, safe='')}", 302),
    ]


@pytest.mark.parametrize("person", NOT_ADMINS)
@pytest.mark.parametrize("path", ["/admin/", *LISTS])
def test_admin_site_is_closed_to_others(client, person, path):
    client.force_login(NOT_ADMINS[person]())

    page = client.get(path, follow=True)

    assert page.status_code == 403
    assert parse(page).headings() == ["h1 You cannot open this page"]


@pytest.mark.parametrize("path", ["/admin/", *LISTS])
def test_admin_site_is_open_to_admins(client, admin_user, path):
    page = parse(client.get(path))

    assert page.one("div", id="user-tools").one("strong").text == admin_user.email
    assert page.one("div", id="content").texts("h1") != ["You cannot open this page"]


def test_verification_cannot_be_typed_into_the_form_of_a_doctor(client, admin_user):
    specialty = SpecialtyFactory()
    doctor = DoctorFactory(unverified=True, specialties=[specialty])
    url = reverse("admin:accounts_doctor_change", args=[doctor.pk])
    form = parse(client.get(url)).one("form", id="doctor_form")
    typed = {field.attrs["name"]: field.attrs.get("value", "") for field in form.all("input") if "name" in field.attrs}
    typed |= {"verified_at_0": "2024-01-01", "verified_at_1": "10:00", "verified_by": admin_user.pk}
    typed |= {"user": doctor.user_id, "hospital": "New hospital", "doctorspecialty_set-0-specialty": specialty.pk}

    client.post(url, typed)

    saved = Doctor.objects.get(pk=doctor.pk)
    assert (saved.hospital, saved.verified_at, saved.verified_by) == ("New hospital", None, None)


def test_password_of_a_user_is_shown_to_and_set_by_no_admin(client, admin_user):
    user = UserFactory()
    url = reverse("admin:accounts_user_change", args=[user.pk])

    page = client.get(url)
    client.post(url, {"email": "new@example.org", "is_active": "on", "password": "chosen by an admin"})

    saved = User.objects.get(pk=user.pk)
    assert user.password.split("$")[-1] not in page.content.decode()
    assert (saved.email, saved.password) == ("new@example.org", user.password)


def test_form_of_a_user_offers_no_way_to_reset_the_password(client, admin_user):
    page = parse(client.get(reverse("admin:accounts_user_change", args=[admin_user.pk])))

    assert [link for link in page.one("form", id="user_form").links() if "password" in link[1]] == []


def test_user_added_by_an_admin_has_no_password_until_its_owner_sets_one(client, admin_user):
    client.post("/admin/accounts/user/add/", {"email": "New@example.org", "is_active": "on", "password": PASSWORD})

    assert User.objects.get(email__iexact="new@example.org").has_usable_password() is False
