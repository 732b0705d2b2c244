"""No page needs a script, a style or a host that the Content-Security-Policy forbids."""

import pytest
from django.test import Client
from django.urls import reverse

from forum.search.models import QuestionTopic
from forum.search.services import renew_similar
from tests.factories import ArticleFactory, FollowUpFactory, QuestionFactory, TopicFactory, published_thread
from tests.html import Element, parse
from tests.people import Cast, make_cast

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
# What a browser fetches, or where it sends a form, on its own or at a press; links that people follow may go anywhere.
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src"}
LOADING |= {"link": "href", "use": "href", "object": "data", "embed": "src", "form": "action", "button": "formaction"}


def make_pages(cast: Cast) -> dict[str, list[str]]:
    """Every kind of page that a role gets to see, with something on it."""
    question = published_thread(specialty=cast.specialty, text="My eyelid twitches.", token="token-published")
    published_thread(specialty=cast.specialty, text="My eyelid twitches too.")
    renew_similar(question)
    ArticleFactory(question=question, signed=True)
    FollowUpFactory(question=question, answered=True)
    FollowUpFactory(question=question)
    topic = TopicFactory(specialty=cast.specialty)
    QuestionTopic.objects.create(question=question, topic=topic)
    waiting = QuestionFactory(specialty=cast.specialty, token="token-waiting", asker=cast.users["asker"])
    doctor = cast.users["doctor"].doctor_profile
    admins = ["specialties", "accounts/doctor", "accounts/user", "questions/question", "search/topic"]
    admins += ["replies/savedreply"]
    return {
        "visitor": [
            *("/", "/specialties/", "/doctors/", "/search/?q=eyelid", "/search/?q=nothing", "/ask/", "/nothing/"),
            *(question.get_absolute_url(), cast.specialty.get_absolute_url(), topic.get_absolute_url()),
            *(doctor.get_absolute_url(), "/status/token-waiting/", "/status/token-published/"),
            *(reverse(f"account_{name}") for name in ("login", "signup", "reset_password", "inactive")),
        ],
        "asker": ["/my/questions/", f"/my/questions/{waiting.pk}/", "/dashboard/", question.get_absolute_url()],
        "other_patient": [reverse("account_email"), reverse("account_change_password"), reverse("account_logout")],
        "doctor": [
            "/dashboard/",
            "/dashboard/saved-replies/",
            *(f"/dashboard/questions/{each.pk}/" for each in (waiting, question)),
        ],
        "admin": [
            *("/admin/", waiting.get_absolute_url(), f"/admin/specialties/{cast.specialty.pk}/merge/"),
            *(f"/admin/{name}/" for name in admins),
            *(f"/admin/{name}/add/" for name in admins if name != "questions/question"),
            *(f"/admin/questions/question/{waiting.pk}/change/", f"/admin/accounts/doctor/{doctor.pk}/change/"),
        ],
    }


def policy(response) -> set[str]:
    return set(response["Content-Security-Policy"].split("; "))


def forbidden(page: Element) -> list[str]:
    """Whatever the policy would stop, or what leads to another host."""
    found = []
    for element in page.walk():
        if element.tag == "style" or "style" in element.attrs:
            found.append(f"style on {element.tag}")
        if element.tag == "script" and not element.attrs.get("src"):
            kind = element.attrs.get("type", "")
            found += [] if kind in ("application/ld+json", "application/json") else ["inline script"]
        found += [f"{name} on {element.tag}" for name in element.attrs if name.startswith("on")]
        address = element.attrs.get(LOADING.get(element.tag, ""), "")
        navigates = element.tag == "link" and element.attrs.get("rel") in ("canonical", "alternate")
        if "//" in address and not navigates:
            found.append(f"{element.tag} loads {address}")
        if element.attrs.get("href", "").lower().startswith(("javascript:", "data:")):
            found.append(f"{element.tag} runs a script")
    return found


@pytest.mark.parametrize("role", ["visitor", "asker", "other_patient", "doctor", "admin"])
def test_every_page_carries_the_policy_and_keeps_to_it(role):
    cast = make_cast()
    browser = cast.browser(role)

    for path in make_pages(cast)[role]:
        response = browser.get(path)
        assert response["Content-Type"] == "text/html; charset=utf-8", path
        assert policy(response) == POLICY, path
        assert forbidden(parse(response)) == [], path


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<script>alert(1)</script>", "inline script"),
        ("<script src='https://cdn.example/x.js'></script>", "script loads https://cdn.example/x.js"),
        ("<p style='color: red'>x</p>", "style on p"),
        ("<style>p {}</style>", "style on style"),
        ("<a href='javascript:alert(1)' onclick='x()'>x</a>", "onclick on a"),
        ("<link rel='stylesheet' href='//fonts.example/x.css'>", "link loads //fonts.example/x.css"),
        ("<form action='https://evil.example/'></form>", "form loads https://evil.example/"),
    ],
)
def test_what_the_policy_forbids_would_be_noticed(html, problem):
    assert problem in forbidden(parse(html))


@pytest.mark.parametrize("path", ["/feeds/latest.atom", "/sitemap.xml", "/robots.txt", "/healthz", "/questions/1/x/"])
def test_other_answers_carry_the_policy_too(path):
    assert policy(Client().get(path)) == POLICY
