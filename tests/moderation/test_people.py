"""Admins find people and act on their accounts: for a reason, on the record, and never on themselves."""

from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.models import AccountDecision, User
from accounts.people import MOST_FOUND, find_people
from forum.moderation.models import Claim
from forum.moderation.people import NotThisAccount, deactivate_account, reactivate_account, remove_factors
from forum.moderation.services import claim_question
from forum.notifications.models import Notice
from tests.factories import PASSWORD, DoctorFactory, QuestionFactory, UserFactory
from tests.html import parse
from tests.races import at_once
from tests.second_factors import with_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return UserFactory(admin=True, email="boss@example.org")


@pytest.fixture
def desk(boss):
    client = Client()
    client.force_login(boss)
    return client


def limited(*permissions: str) -> User:
    """An admin who is no superuser."""
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def names(words: str) -> list[str]:
    return [person.name for person in find_people(words).people]


def act_on(client: Client, user: User, act: str, reason: str = "Asked for by phone."):
    return client.post(f"/admin/people/{user.pk}/", {"act": act, "reason": reason})


@pytest.mark.parametrize(
    "words", ["wu mukhan", "MUKHAN", " khan ", "wu@hospital.example", "HOSPITAL", "lic-47", "LIC-4711"]
)
def test_a_doctor_is_found_by_part_of_name_address_or_licence(words):
    DoctorFactory(name="Wu Mukhan", user__email="wu@hospital.example", licence__number="LIC-4711")
    DoctorFactory(name="Ada Other")

    assert names(words) == ["Wu Mukhan"]


@pytest.mark.parametrize("words", ["%", "__", "a", "  ", "ab%"])
def test_signs_with_a_meaning_in_sql_find_nobody(words):
    UserFactory(email="absolutely@example.org")

    assert names(words) == []


def test_a_second_address_of_an_account_finds_it():
    user = UserFactory(email="main@example.org")
    user.emailaddress_set.create(email="other@example.net", verified=True)

    assert names("Other@example.net") == ["main@example.org"]


def test_the_exact_one_stands_first():
    for number in range(3):
        UserFactory(email=f"a{number}an@example.org")
    UserFactory(email="an@example.org")

    assert names("an@example.org")[0] == "an@example.org"


def test_results_tell_what_somebody_is(boss):
    DoctorFactory(name="Same One", user__email="same1@example.org", user__admin=True)
    DoctorFactory(name="Same Two", archived=True)
    DoctorFactory(name="Same Three", user=None)
    UserFactory(email="same4@example.org")

    assert {person.name: person.kinds for person in find_people("same").people} == {
        "Same One": ["admin", "doctor"],
        "Same Two": ["archive"],
        "Same Three": ["without_account"],
        "same4@example.org": ["patient"],
    }


def test_what_a_patient_asked_under_finds_nobody():
    QuestionFactory(asker=UserFactory(email="quiet@example.org"), pseudonym="Nightingale", email="letter@example.org")

    assert (names("Nightingale"), names("letter@example.org")) == ([], [])


def test_the_list_is_bounded_and_says_so(desk, django_assert_max_num_queries):
    for number in range(MOST_FOUND + 5):
        UserFactory(email=f"many{number}@example.org")

    with django_assert_max_num_queries(12):
        page = parse(desk.post("/admin/people/", {"words": "many"}))

    assert len(page.one("ul", class_="found").all("li")) == MOST_FOUND
    assert "There are more. Please type more of it." in page.texts("p")


def test_a_large_table_of_accounts_is_searched_by_its_index():
    User.objects.bulk_create(User(email=f"{number:06}@example.org") for number in range(5000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_user")
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "user_email_trigrams" in User.objects.filter(email__icontains="004711").explain()


def test_an_address_that_is_looked_for_stands_in_no_url(desk):
    UserFactory(email="wanted@example.org")

    page = parse(desk.post("/admin/people/", {"words": "wanted@example.org"}))

    form = page.one("div", class_="people").one("form")
    assert form.attrs["method"] == "post"
    assert [address for _text, address in page.links() if "wanted" in address] == []
    assert parse(desk.get("/admin/people/?words=wanted@example.org")).all("ul", class_="found") == []


def test_switching_off_signs_the_owner_out_everywhere_for_good(desk, boss):
    user = UserFactory()
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(user)

    act_on(desk, user, "deactivate", "Spam.")

    assert [browser.get("/my/questions/").status_code for browser in browsers] == [302, 302]
    assert Client().post("/accounts/login/", {"login": user.email, "password": PASSWORD}).url == "/accounts/inactive/"
    act_on(desk, user, "reactivate", "It was not spam.")
    assert [browser.get("/my/questions/").status_code for browser in browsers] == [302, 302]
    assert Client().post("/accounts/login/", {"login": user.email, "password": PASSWORD}).url == (
        "/accounts/after-sign-in/"
    )
    assert list(AccountDecision.objects.values_list("user", "act", "by", "reason")) == [
        (user.pk, "deactivate", boss.pk, "Spam."),
        (user.pk, "reactivate", boss.pk, "It was not spam."),
    ]


def test_switching_off_a_doctor_lets_go_of_the_questions(boss):
    doctor, colleague = DoctorFactory(), DoctorFactory()
    held, of_colleague = QuestionFactory(), QuestionFactory()
    claim_question(question=held, doctor=doctor)
    claim_question(question=of_colleague, doctor=colleague)

    deactivate_account(user=doctor.user, by=boss, reason="Left the hospital.")

    assert list(Claim.objects.values_list("question", "doctor")) == [(of_colleague.pk, colleague.pk)]
    assert list(held.decisions.values_list("act", "by")) == [("claim", doctor.user_id), ("release", doctor.user_id)]


@pytest.mark.parametrize("act", [deactivate_account, reactivate_account, remove_factors])
def test_an_act_repeated_changes_and_records_nothing(boss, act):
    user = with_app(UserFactory(is_active=act is not reactivate_account))

    outcomes = [act(user=user, by=boss, reason="Asked for.") for _time in range(2)]

    assert outcomes == [True, False]
    assert AccountDecision.objects.count() == 1


@pytest.mark.parametrize("act", ["deactivate", "reactivate", "remove_factors", "nonsense"])
def test_an_act_wants_a_reason(desk, act):
    user = with_app(UserFactory())

    answer = act_on(desk, user, act, "  ")

    assert answer.status_code == 422
    assert parse(answer).one("ul", class_="errorlist").text == "This field is required."
    user.refresh_from_db()
    assert user.is_active
    assert not AccountDecision.objects.exists()


@pytest.mark.parametrize("act", [deactivate_account, reactivate_account, remove_factors])
def test_nobody_acts_on_their_own_account(boss, act):
    with pytest.raises(NotThisAccount):
        act(user=boss, by=boss, reason="Tired.")


@pytest.mark.parametrize("act", [deactivate_account, reactivate_account, remove_factors])
def test_nobody_acts_on_one_with_more_rights(boss, act):
    with pytest.raises(NotThisAccount):
        act(user=boss, by=limited("change_user"), reason="A coup.")


def test_an_own_account_offers_no_act(desk, boss):
    page = parse(desk.get(f"/admin/people/{boss.pk}/"))

    assert page.one("div", class_="people").all("button") == []
    act_on(desk, boss, "deactivate")
    boss.refresh_from_db()
    assert boss.is_active


@pytest.mark.django_db(transaction=True)
def test_of_two_admins_who_switch_each_other_off_one_stays():
    one, other = UserFactory(admin=True), UserFactory(admin=True)

    acts = [partial(deactivate_account, user=a, by=b, reason="Me first.") for a, b in ((one, other), (other, one))]
    outcomes = at_once(*acts)

    assert sorted(str(type(outcome).__name__) for outcome in outcomes) == ["NotThisAccount", "bool"]
    assert User.objects.filter(is_active=True, is_superuser=True).count() == 1


@pytest.mark.parametrize(
    ("permissions", "opens", "acts"),
    [((), 403, 403), (("view_user",), 200, 403), (("view_user", "change_user"), 200, 302)],
)
def test_staff_may_what_their_permissions_say(permissions, opens, acts):
    client = Client()
    client.force_login(limited(*permissions))
    user = UserFactory()

    assert client.get("/admin/people/").status_code == opens
    assert client.get(f"/admin/people/{user.pk}/").status_code == opens
    assert act_on(client, user, "deactivate").status_code == acts


def test_taking_factors_away_signs_out_tells_the_owner_and_lets_a_new_one_be_set_up(desk, settings):
    user = with_app(DoctorFactory().user)
    thief = Client()
    thief.force_login(user)

    act_on(desk, user, "remove_factors", "Called from the ward; known in person.")

    assert not Authenticator.objects.exists()
    assert thief.get("/my/questions/").status_code == 302
    assert list(Notice.objects.values_list("kind", "email")) == [("factors_removed", user.email)]
    assert AccountDecision.objects.get().act == "remove_factors"
    settings.SECOND_FACTOR_REQUIRED = True
    doctor = Client()
    doctor.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert doctor.get("/dashboard/").url == "/accounts/second-factor/?next=/dashboard/"


def test_a_decision_is_never_changed(boss):
    deactivate_account(user=UserFactory(), by=boss, reason="Spam.")

    with pytest.raises(DatabaseError), transaction.atomic():
        AccountDecision.objects.update(reason="No reason.")
    assert AccountDecision.objects.get().reason == "Spam."


def test_the_stock_page_of_an_account_does_not_switch_it_off(desk):
    user = UserFactory()

    desk.post(f"/admin/accounts/user/{user.pk}/change/", {"email": user.email})

    user.refresh_from_db()
    assert user.is_active


def test_nobody_gives_rights_to_themselves_or_takes_their_own_away(desk, boss):
    staff = limited("change_user", "view_user")
    own = Client()
    own.force_login(staff)

    own.post(f"/admin/accounts/user/{staff.pk}/change/", {"email": staff.email, "is_staff": "on", "is_superuser": "on"})
    desk.post(f"/admin/accounts/user/{boss.pk}/change/", {"email": boss.email})
    taken_over = own.post(f"/admin/accounts/user/{boss.pk}/change/", {"email": "thief@example.org"})

    rights = User.objects.filter(is_staff=True).order_by("is_superuser").values_list("email", "is_superuser")
    assert list(rights) == [(staff.email, False), (boss.email, True)]
    assert taken_over.status_code == 403


def test_nobody_deletes_the_account_of_somebody_else(desk):
    user = UserFactory()

    assert desk.post(f"/admin/accounts/user/{user.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=user.pk).exists()


def test_the_stock_pages_of_second_factors_are_gone(desk):
    assert desk.get("/admin/mfa/authenticator/").status_code == 404
