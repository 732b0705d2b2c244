"""When something is wrong the reader still stands on this site and is told what to do."""

import pytest
from django.http import Http404
from django.test import Client

from forum.threads.views import pages
from tests.factories import UserFactory, published_thread
from tests.html import parse
from tests.threads.test_content_security import POLICY, forbidden, policy

pytestmark = pytest.mark.django_db
NAVIGATION = [("Specialties", "/specialties/"), ("Doctors", "/doctors/")]


def looks_like_the_site(response) -> bool:
    page = parse(response)
    styles = [link.attrs["href"] for link in page.all("link", rel="stylesheet")]
    return page.one("header", class_="site-header").links()[0] == ("Consilium", "/") and styles == [
        "/static/css/site.css"
    ]


def test_an_address_of_nothing_offers_search_and_specialties():
    response = Client().get("/nothing/")

    page = parse(response)
    assert (response.status_code, looks_like_the_site(response)) == (404, True)
    assert page.one("header").one("nav").links()[:2] == NAVIGATION
    assert page.one("main").texts("h1") == ["There is no page here"]
    assert page.one("main").links() == [("Search the answers", "/search/"), ("See all specialties", "/specialties/")]
    assert page.one("meta", name="robots").attrs["content"] == "noindex"
    assert policy(response) == POLICY


def test_a_page_of_nothing_does_not_repeat_the_address():
    response = Client().get("/nothing/<script>alert(1)</script>/secret-word/")

    assert b"secret-word" not in response.content


def test_a_form_without_its_token_is_refused_with_advice():
    response = Client(enforce_csrf_checks=True).post("/ask/", {"text": "Lost?"})

    page = parse(response)
    assert (response.status_code, looks_like_the_site(response)) == (403, True)
    assert page.texts("h1") == ["The form had expired"]
    assert "Copy what you have written first, so that nothing is lost." in page.text
    assert (policy(response), forbidden(page)) == (POLICY, [])


def test_a_page_that_one_may_not_open_says_so():
    client = Client()
    client.force_login(UserFactory())

    response = client.get("/admin/login/")

    page = parse(response)
    assert (response.status_code, looks_like_the_site(response)) == (403, True)
    assert page.one("main").texts("h1") == ["You cannot open this page"]
    assert page.one("main").links() == [("Go to the home page", "/"), ("Sign in", "/accounts/login/")]
    assert (policy(response), forbidden(page)) == (POLICY, [])


def test_a_bug_shows_a_page_that_asks_nothing_of_the_database(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(pages, "render", lambda *arguments, **names: 1 / 0)
    client = Client(raise_request_exception=False)

    with django_assert_num_queries(0):
        response = client.get("/")

    page = parse(response)
    assert (response.status_code, looks_like_the_site(response)) == (500, True)
    assert page.texts("h1") == ["Something went wrong on our side"]
    assert page.one("main").links() == [("Go to the home page", "/")]
    assert (policy(response), forbidden(page)) == (POLICY, [])
    assert b"ZeroDivisionError" not in response.content


def test_a_wrong_host_shows_a_page_of_the_site(settings):
    settings.ALLOWED_HOSTS = ["consilium.example"]

    response = Client().get("/", headers={"host": "evil.example"})

    assert (response.status_code, looks_like_the_site(response)) == (400, True)
    assert parse(response).texts("h1") == ["We could not read that request"]
    assert b"evil.example" not in response.content


def test_a_request_for_the_head_alone_has_no_body():
    question = published_thread()

    responses = [Client().head(path) for path in ("/", question.get_absolute_url(), "/search/?q=x", "/robots.txt")]

    assert [(response.status_code, response.content) for response in responses] == [(200, b"")] * 4


@pytest.mark.parametrize("path", ["/specialties/%00/", "/topics/%00/", "/doctors/a%00b/", "/specialties/%00/feed.atom"])
def test_an_address_with_a_nul_is_an_address_of_nothing(path):
    response = Client().get(path)

    assert (response.status_code, parse(response).one("main").texts("h1")) == (404, ["There is no page here"])


def test_what_is_raised_as_missing_is_not_told(monkeypatch):
    def missing(*arguments, **names):
        raise Http404("a secret reason")

    monkeypatch.setattr(pages, "render", missing)

    assert b"a secret reason" not in Client().get("/").content
