"""Admins see the site through other eyes: what those would see, nothing of anybody else's, and nothing changes."""

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import resolve, reverse

from forum.moderation import viewing
from forum.specialties.models import Specialty
from tests.factories import DraftFactory, QuestionFactory, SpecialtyFactory, UserFactory, published_thread
from tests.html import parse
from tests.test_permissions import ROWS, TOKEN, WORDS, arguments, world

pytestmark = pytest.mark.django_db

EYES = {"visitor": "visitor", "patient": "other_patient", "doctor-neurology": "doctor"}
# Whose it is decides there: the doctor who is looked as has written nothing and was asked nothing.
ONES_OWN = {"own", "asked"}
# Everybody who has the link opens them; here nobody does.
BY_LINK = {"status", "edit_question", "status_image", "status_image_small", "confirm_follow", "unsubscribe"}
BY_LINK |= {"account_confirm_email", "account_reset_password_from_key"}


@pytest.fixture
def desk():
    client = Client()
    client.force_login(UserFactory(admin=True, email="boss@example.org"))
    return client


def rows_stored() -> dict[str, list]:
    """Every row of every table, and where the sequences stand; but for the session of the admin."""
    tables = [model for model in apps.get_models() if not model._meta.proxy and model._meta.managed]
    stored = {
        model._meta.db_table: sorted(map(str, model._base_manager.values_list()))
        for model in tables
        if model._meta.db_table != "django_session"
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
        return stored | {"sequences": cursor.fetchall()}


def answer(response, eyes: str) -> str:
    """As in the permission table."""
    if response.status_code != 302:
        return str(response.status_code)
    start = f"/admin/view-as/{eyes}/"
    assert response["Location"].startswith(start)
    path, _query, coming_back = response["Location"].removeprefix(start[:-1]).partition("?next=")
    name = resolve(path.partition("#")[0].partition("?")[0]).view_name
    if coming_back:
        return {"account_login": "signin", "account_reauthenticate": "again"}[name]
    return WORDS[name]


@pytest.mark.parametrize("eyes", EYES)
def test_every_page_is_what_that_role_gets_and_changes_nothing(desk, eyes):
    here = world()
    place = ["visitor", "asker_by_token", "asker", "other_patient", "doctor"].index(EYES[eyes])
    gets = [row for row in ROWS if row[0] == "GET" and row[2] not in ONES_OWN]
    before = rows_stored()

    got, expected = {}, {}
    for _get, name, which, *columns in gets:
        if name != "ask_similar":  # it counts how often it is asked; where nothing is counted it does not answer
            url = reverse(name, kwargs=arguments(here, name, which))
            expected[name, which] = "404" if name in BY_LINK else columns[place if columns[2:] else 1]
            got[name, which] = answer(desk.get(f"/admin/view-as/{eyes}{url}"), eyes)

    assert got == expected
    assert rows_stored() == before


@pytest.mark.parametrize("eyes", EYES)
def test_pages_show_nothing_that_is_private_to_others(desk, eyes):
    here = SpecialtyFactory(name="Neurology", slug="neurology")
    secret = {"text": "SECRET words", "headline": "SECRET headline", "email": "secret@example.org"}
    elsewhere = QuestionFactory(**secret, asker=UserFactory(email="secret2@example.org"))
    waiting = QuestionFactory(**secret, specialty=here, token=TOKEN)
    DraftFactory(question=waiting, text="SECRET draft")
    paths = ["/", "/my/questions/", "/dashboard/", "/accounts/news/", "/accounts/email/", "/accounts/data/"]
    paths += [f"/dashboard/questions/{elsewhere.pk}/", f"/status/{TOKEN}/", f"/my/questions/{waiting.pk}/"]

    pages = [desk.get(f"/admin/view-as/{eyes}{path}", follow=True).content.decode() for path in paths]
    work = desk.get(f"/admin/view-as/{eyes}/dashboard/questions/{waiting.pk}/", follow=True).content.decode()

    assert ["secret" in page.lower() for page in pages] == [False] * len(pages) or eyes == "doctor-neurology"
    assert all("secret words" not in page.lower() for page in pages)
    assert ("SECRET words" in work) is (eyes == "doctor-neurology")
    never = ("SECRET draft", "secret@", "boss@")
    assert [word for page in [*pages, work] for word in never if word in page] == []


def test_a_page_that_would_write_is_refused_and_writes_nothing(desk, monkeypatch):
    monkeypatch.setattr(viewing, "_view", lambda request: lambda request: Specialty.objects.create(name="x", slug="x"))

    page = desk.get("/admin/view-as/visitor/")

    assert page.status_code == 409
    assert parse(page).texts("h1") == ["This page cannot be looked at"]
    assert not Specialty.objects.exists()


def test_links_forms_and_images_lead_on_through_the_same_eyes(desk):
    thread = published_thread(public_title="Twitching eyelids")

    page = parse(desk.get(f"/admin/view-as/patient{thread.get_absolute_url()}"))

    inside = page.one("main")
    led = [address for _text, address in inside.links() if address.startswith("/")]
    assert led
    assert {address.startswith("/admin/view-as/patient/") for address in led} == {True}
    actions = [form.attrs["action"] for form in page.all("form") if "action" in form.attrs]
    assert {action.startswith("/admin/view-as/patient/") for action in actions} == {True}
    styles = [link.attrs["href"] for link in page.all("link", rel="stylesheet")]
    assert {style.startswith("/static/") for style in styles} == {True}


def test_nothing_can_be_sent_and_no_script_runs(desk):
    thread = published_thread()

    page = desk.get(f"/admin/view-as/doctor-{thread.specialty.slug}/dashboard/")

    assert parse(page).all("script") == []
    assert "script-src 'none'" in page["Content-Security-Policy"]
    sent = desk.post(f"/admin/view-as/patient/questions/{thread.pk}/report/", {"reason": "danger"})
    assert (sent.status_code, parse(sent).texts("h1")) == (403, ["Nothing can be sent from here"])


def test_it_is_kept_by_nobody_and_sets_no_cookie(desk, client):
    thread = published_thread()

    page = desk.get(f"/admin/view-as/visitor{thread.get_absolute_url()}")

    assert ("no-store" in page["Cache-Control"], dict(page.cookies), "ETag" in page) == (True, {}, False)
    assert caches["pages"].get(f"thread:{thread.pk}:en:http:testserver") is None
    assert "view-as" not in client.get(thread.get_absolute_url()).content.decode()


def test_a_kept_page_is_not_given(desk, client):
    thread = published_thread()
    client.get(thread.get_absolute_url())

    assert "view-as" in desk.get(f"/admin/view-as/visitor{thread.get_absolute_url()}").content.decode()


def test_the_bar_says_whose_eyes_these_are_and_leads_back(desk):
    SpecialtyFactory(name="Neurology", slug="neurology")

    page = parse(desk.get("/admin/view-as/doctor-neurology/dashboard/?a=b"))

    bar = page.one("div", class_="view-as")
    assert bar.one("strong").text == "You see this as a doctor of Neurology sees it."
    assert bar.links() == [
        ("Other eyes", "/admin/view-as/"),
        ("This page as you", "/dashboard/"),
        ("Back to your work", "/admin/"),
    ]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("/dashboard/", "/admin/view-as/visitor/dashboard/"),
        ("http://testserver/search/?q=eye", "/admin/view-as/visitor/search/?q=eye"),
        ("https://evil.example//evil.example/", "/admin/view-as/visitor/evil.example/"),
        ("ask/", "/admin/view-as/visitor/ask/"),
    ],
)
def test_the_address_is_taken_as_it_stands_in_the_address_bar(desk, typed, place):
    assert desk.get("/admin/view-as/", {"role": "visitor", "path": typed}).url == place


def test_a_search_and_an_address_in_chinese_work(desk):
    specialty = SpecialtyFactory(name="Neurology", name_zh_hant="神經科", slug="神經科")

    page = parse(desk.get(f"/admin/view-as/visitor{specialty.get_absolute_url()}"))
    found = parse(desk.get("/admin/view-as/visitor/search/?q=眼皮"))

    assert page.texts("h1") == ["Neurology"]
    assert found.one("main").one("input", name="q").attrs["value"] == "眼皮"


@pytest.mark.parametrize("path", ["nobody/", "doctor-nothing/", "patient//evil.example/"])
def test_other_eyes_are_not_there(desk, path):
    page = desk.get(f"/admin/view-as/{path}")

    assert page.status_code == 404
    assert 'href="//evil' not in page.content.decode()


def test_nobody_looks_through_eyes_at_the_admins_pages(desk):
    pages = [desk.get(f"/admin/view-as/{eyes}/admin/", follow=True) for eyes in ("visitor", "patient")]

    assert [parse(page).texts("h1") for page in pages] == [["Sign In"], ["You cannot open this page"]]


def test_staff_who_may_not_read_questions_may_not_look():
    client = Client()
    client.force_login(UserFactory(is_staff=True))

    assert [client.get(path).status_code for path in ("/admin/view-as/", "/admin/view-as/visitor/")] == [403, 403]
