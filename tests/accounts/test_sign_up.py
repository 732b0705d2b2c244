import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD, UserFactory
from tests.html import parse

pytestmark = pytest.mark.django_db

WRONG = "The email address and/or password you specified are not correct."


def sign_up(client: Client, email: str, password: str = PASSWORD):
    typed = {"email": email, "password1": password, "password2": password}
    return client.post("/accounts/signup/", typed)


def sign_in(client: Client, email: str, password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def link_in(mail) -> str:
    return re.search(r"http://testserver(/accounts/confirm-email/\S+)", mail.body)[1]


def test_sign_up_leads_to_my_questions_once_the_mailed_link_is_confirmed(client, mailoutbox):
    answer = sign_up(client, "new@example.org")
    assert answer.url == "/accounts/confirm-email/"
    assert [mail.to for mail in mailoutbox] == [["new@example.org"]]

    link = link_in(mailoutbox[0])
    client.get(link)
    assert EmailAddress.objects.get(email="new@example.org").verified is False  # opening a link changes nothing
    client.post(link)
    assert EmailAddress.objects.get(email="new@example.org").verified is True

    visitor = Client()
    assert sign_in(visitor, "new@example.org").url == "/accounts/after-sign-in/"
    page = visitor.get("/accounts/after-sign-in/", follow=True)
    assert parse(page).headings()[0] == "h1 My questions"


def test_sign_up_keeps_the_email_in_lower_case(client):
    sign_up(client, "New.Person@Example.ORG")

    assert list(User.objects.values_list("email", flat=True)) == ["new.person@example.org"]


def test_sign_up_makes_a_patient_and_nothing_more(client):
    answers = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", {**answers, "is_staff": "on", "is_superuser": "on"})

    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.is_doctor) == (False, False, False)


def test_sign_up_with_a_known_email_in_other_letters_tells_only_its_owner(client, mailoutbox):
    UserFactory(email="known@example.org")

    answer = sign_up(client, "Known@Example.org")

    assert answer.url == "/accounts/confirm-email/"  # just as for an unknown one
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["known@example.org"], "[Consilium] You have an account already")
    ]
    assert User.objects.count() == 1
    assert not is_signed_in(client)


def test_sign_up_with_an_email_longer_than_the_database_takes_is_refused(client):
    email = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 10}.example.org"

    page = parse(sign_up(client, email))

    assert page.one("div", class_="error-summary").texts("li") == [
        f"Email: Ensure this value has at most 254 characters (it has {len(email)})."
    ]
    assert not User.objects.exists()


def test_sign_in_before_the_email_is_verified_is_refused(client, mailoutbox):
    sign_up(client, "new@example.org")
    visitor = Client()

    answer = sign_in(visitor, "new@example.org")

    assert answer.url == "/accounts/confirm-email/"
    assert not is_signed_in(visitor)


@pytest.mark.parametrize("typed", ["person@example.org", "Person@Example.ORG", " person@example.org "])
def test_sign_in_takes_the_email_in_any_letters(client, typed):
    UserFactory(email="person@example.org")

    assert sign_in(client, typed).url == "/accounts/after-sign-in/"
    assert is_signed_in(client)


def test_sign_in_with_a_wrong_password_says_so_and_keeps_the_email(client):
    UserFactory(email="person@example.org")

    page = parse(sign_in(client, "person@example.org", "not-the-password"))

    assert page.one("div", class_="error-summary").texts("li") == [WRONG]
    assert page.one("input", name="login").attrs["value"] == "person@example.org"
    assert not is_signed_in(client)


def test_sign_in_says_the_same_of_an_unknown_email(client):
    page = parse(sign_in(client, "nobody@example.org"))

    assert page.one("div", class_="error-summary").texts("li") == [WRONG]


def test_sign_in_of_somebody_who_may_not_any_more_is_refused(client):
    UserFactory(email="person@example.org", is_active=False)

    sign_in(client, "person@example.org")

    assert not is_signed_in(client)


def test_sign_in_after_five_failures_waits_even_with_the_right_password(client):
    UserFactory(email="person@example.org")
    for _attempt in range(5):
        sign_in(client, "person@example.org", "not-the-password")

    page = parse(sign_in(client, "Person@example.org"))

    errors = page.one("div", class_="error-summary").texts("li")
    assert errors == ["Too many failed login attempts. Try again later."]
    assert not is_signed_in(client)


def test_sign_out_needs_a_post(client):
    client.force_login(UserFactory())

    client.get("/accounts/logout/")
    assert is_signed_in(client)

    client.post("/accounts/logout/")
    assert not is_signed_in(client)


def test_sign_in_never_leads_to_another_site(client):
    UserFactory(email="person@example.org")

    answer = client.post(
        "/accounts/login/?next=https://evil.example/", {"login": "person@example.org", "password": PASSWORD}
    )

    assert answer.url == "/accounts/after-sign-in/"


def test_too_many_sign_ups_from_one_address_get_a_page_of_the_site(client):
    for number in range(20):
        sign_up(client, f"person{number}@example.org")

    answer = sign_up(client, "one-more@example.org")

    page = parse(answer)
    assert answer.status_code == 429
    assert page.texts("h1") == ["Too many requests"]
    assert page.texts("title") == ["Too many requests - Consilium"]
    assert not User.objects.filter(email="one-more@example.org").exists()
