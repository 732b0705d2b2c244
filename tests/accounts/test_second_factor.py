"""The second factor: who needs it, what opens without it, how it is set up, lost and stored."""

import re

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver

from accounts import middleware
from accounts.adapter import SecondFactorAdapter
from accounts.models import User
from accounts.second_factor import needs_second_factor
from tests.factories import PASSWORD, DoctorFactory, UserFactory
from tests.html import parse
from tests.second_factors import SECRET, code_of, recovery_code, signed_in, with_app
from tests.test_permissions import addresses

pytestmark = pytest.mark.django_db

PATHS = [(name, path) for name, path in addresses(get_resolver()) if "(" not in path]
IN_NEED = {
    "admin": lambda: UserFactory(admin=True),
    "limited admin": lambda: UserFactory(is_staff=True),
    "doctor": lambda: DoctorFactory().user,
    "doctor whose licence has expired": lambda: DoctorFactory(expired=True).user,
}
FREE = {
    "patient": lambda: UserFactory(),
    "unverified doctor": lambda: DoctorFactory(unverified=True).user,
}


@pytest.fixture
def production(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def sign_in(client: Client, user: User, next_page: str = ""):
    typed = {"login": user.email, "password": PASSWORD} | ({"next": next_page} if next_page else {})
    return client.post("/accounts/login/", typed)


def set_up_app(client: Client) -> str:
    """Confirm the password, take the key off the page and type the code; the key."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = parse(client.get("/accounts/2fa/totp/activate/"))
    secret = page.one("code", class_="code").text
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    return secret


@pytest.mark.parametrize("person", [*IN_NEED, *FREE])
def test_doctors_and_admins_need_one(person):
    assert needs_second_factor((IN_NEED | FREE)[person]()) is (person in IN_NEED)


@pytest.mark.parametrize("person", IN_NEED)
def test_without_one_nothing_opens_but_what_sets_it_up(production, person):
    user = IN_NEED[person]()

    answers = {
        (name, verb): getattr(signed_in(user, shown=False), verb)(path)
        for name, path in PATHS
        for verb in ("get", "post")
    }

    led = {key for key, answer in answers.items() if answer.get("Location", "").startswith("/accounts/second-factor/?")}
    opened = {name for name, verb in answers.keys() - led}
    assert opened == middleware.TO_SET_ONE_UP - {"account_confirm_email"}  # whose address takes a key


@pytest.mark.parametrize("person", IN_NEED)
def test_a_session_that_has_not_shown_it_signs_in_again(production, person):
    user = with_app(IN_NEED[person]())

    answers = set()
    for _name, path in PATHS:
        client = signed_in(user, shown=False)
        answers.add(client.get(path)["Location"].partition("?")[0])
        assert "_auth_user_id" not in client.session

    assert answers == {"/accounts/login/"}


@pytest.mark.parametrize("person", IN_NEED)
def test_with_one_shown_the_site_opens(production, person):
    client = signed_in(with_app(IN_NEED[person]()))

    assert client.get("/").status_code == 200
    assert client.get("/my/questions/").status_code == 200


def test_one_shown_by_somebody_else_in_the_same_browser_does_not_count(production):
    user, other = with_app(UserFactory(admin=True)), with_app(UserFactory(admin=True))
    client = signed_in(user, shown=False)
    session = client.session
    session["second_factor_shown_by"] = other.pk
    session.save()

    assert client.get("/admin/").url == "/accounts/login/?next=/admin/"


@pytest.mark.parametrize("person", FREE)
def test_others_are_not_asked(production, person):
    assert signed_in(FREE[person](), shown=False).get("/my/questions/").status_code == 200


@pytest.mark.parametrize("person", IN_NEED)
def test_in_development_nobody_is_asked(person):
    assert signed_in(IN_NEED[person](), shown=False).get("/").status_code == 200


def test_a_visitor_gets_pages_that_do_not_differ_by_session(production, client):
    assert "Cookie" not in client.get("/robots.txt").get("Vary", "")


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_leads_to_the_recovery_codes_and_on_to_where_the_doctor_was_going(production, mailoutbox):
    client, user = Client(), DoctorFactory().user
    sign_in(client, user)

    led = client.get("/dashboard/articles/?page=2")
    assert led.url == "/accounts/second-factor/?next=/dashboard/articles/%3Fpage%3D2"
    assert parse(client.get(led.url)).headings()[0] == "h1 Set up a second factor"
    set_up_app(client)

    page = parse(client.get("/accounts/2fa/recovery-codes/"))
    assert len(page.all("code")) == 10
    assert client.get("/accounts/second-factor/").url == "/dashboard/articles/?page=2"
    assert client.get("/dashboard/articles/?page=2").status_code == 200
    assert [mail.subject for mail in mailoutbox] == ["[Consilium] Authenticator App Activated"]


def test_setting_up_never_leads_to_another_site(production):
    client = signed_in(with_app(DoctorFactory().user))

    assert client.get("/accounts/second-factor/?next=https://evil.example/").url == "/accounts/after-sign-in/"


def test_sign_in_takes_the_code_after_the_password(production, client):
    user = with_app(DoctorFactory().user)

    assert sign_in(client, user, "/dashboard/").url == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of()}).url == "/dashboard/"

    assert client.get("/dashboard/").status_code == 200


def test_a_code_works_once(client):
    user = with_app(UserFactory())
    code = code_of()
    sign_in(client, user)
    client.post("/accounts/2fa/authenticate/", {"code": code})

    thief = Client()
    sign_in(thief, user)
    page = parse(thief.post("/accounts/2fa/authenticate/", {"code": code}))

    assert page.one("div", class_="error-summary").texts("li") == ["Code: Incorrect code."]
    assert "_auth_user_id" not in thief.session


def test_a_recovery_code_stands_in_for_a_lost_device_once(production, client):
    user = with_app(DoctorFactory().user)
    code = recovery_code(user)
    sign_in(client, user, "/dashboard/")

    assert client.post("/accounts/2fa/authenticate/", {"code": code}).url == "/dashboard/"
    assert client.get("/dashboard/").status_code == 200

    again = Client()
    sign_in(again, user)
    again.post("/accounts/2fa/authenticate/", {"code": code})
    assert "_auth_user_id" not in again.session


def test_wrong_codes_are_not_tried_without_end(client):
    user = with_app(UserFactory())
    sign_in(client, user)
    for number in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": f"00000{number}"})

    page = parse(client.post("/accounts/2fa/authenticate/", {"code": code_of()}))

    errors = page.one("div", class_="error-summary").texts("li")
    assert errors == ["Code: Too many failed login attempts. Try again later."]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["totp/activate/", "totp/deactivate/", "recovery-codes/generate/", "webauthn/add/"])
def test_managing_factors_asks_for_the_password_again(path):
    user = UserFactory() if path == "totp/activate/" else with_app(UserFactory())

    answer = signed_in(user).get(f"/accounts/2fa/{path}")

    assert answer.url.partition("?")[0] == "/accounts/reauthenticate/"


@pytest.mark.django_db(transaction=True)
def test_taking_the_last_one_away_leads_a_doctor_to_set_up_another(production):
    client = signed_in(with_app(DoctorFactory().user))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert client.get("/dashboard/").url == "/accounts/second-factor/?next=/dashboard/"


def test_stored_secrets_give_nobody_a_code():
    user = with_app(UserFactory())

    stored = {each.type: each.data for each in Authenticator.objects.filter(user=user)}

    assert SECRET not in str(stored)
    assert not re.search(r"\b[0-9a-f]{80}\b", str(stored))
    assert SecondFactorAdapter().decrypt(stored["totp"]["secret"]) == SECRET


def test_secrets_outlive_a_new_secret_key_that_names_the_old_one(settings):
    stored = SecondFactorAdapter().encrypt(SECRET)

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one", [settings.SECRET_KEY]

    assert SecondFactorAdapter().decrypt(stored) == SECRET


def test_secrets_of_a_key_that_is_gone_are_refused(settings):
    stored = SecondFactorAdapter().encrypt(SECRET)

    settings.SECRET_KEY = "a new one"

    with pytest.raises(ValidationError):
        SecondFactorAdapter().decrypt(stored)
    with pytest.raises(InvalidToken):
        SecondFactorAdapter().renew(stored)


def test_renewed_secrets_need_the_old_key_no_more(settings, capsys):
    user, old = with_app(UserFactory()), settings.SECRET_KEY
    code = recovery_code(user)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one", [old]

    call_command("renew_second_factors")

    assert capsys.readouterr().out == "2 secrets renewed.\n"
    settings.SECRET_KEY_FALLBACKS = []
    assert SecondFactorAdapter().decrypt(Authenticator.objects.get(type="totp").data["secret"]) == SECRET
    assert recovery_code(user) == code


def test_renewing_names_those_whose_key_is_lost_and_goes_on(settings, capsys):
    lost = with_app(UserFactory())
    settings.SECRET_KEY = "a new one"
    with_app(UserFactory())

    call_command("renew_second_factors")

    said = capsys.readouterr()
    assert said.out == "2 secrets renewed.\n"
    assert said.err == f"No key in the settings opens those of the accounts [{lost.pk}].\n"


def test_the_page_of_an_app_can_be_used_without_scripts():
    client = signed_in(UserFactory())
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    page = parse(client.get("/accounts/2fa/totp/activate/"))

    assert page.one("img", class_="qr").attrs["src"].startswith("data:image/svg+xml;base64,")
    assert [field.attrs["name"] for field in page.one("main").all("input")] == ["csrfmiddlewaretoken", "code"]


def test_mfa_pages_carry_no_inline_script():
    client = signed_in(with_app(UserFactory()))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    scripts = parse(client.get("/accounts/2fa/webauthn/add/")).all("script")

    assert {script.attrs.get("type", "") for script in scripts if "src" not in script.attrs} == {"application/json"}
