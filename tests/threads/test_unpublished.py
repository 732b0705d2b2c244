"""A question that is not published does not exist for those who may not see it, and leaks nowhere."""

import pytest
from django.test import Client
from django.urls import reverse

from forum.moderation.services import hide_thread, merge_thread
from forum.questions.models import State
from forum.search.services import renew_similar, set_topics
from forum.threads.sitemaps import PART
from tests.factories import (
    ArticleFactory,
    DoctorFactory,
    FollowUpFactory,
    QuestionFactory,
    SpecialtyFactory,
    UserFactory,
    published_thread,
)
from tests.people import make_cast

STATES = ["waiting", "declined", "withdrawn", "hidden", "merged_into_hidden"]
NEVER = 987_654_321
SHUT_OUT = ["visitor", "asker_by_token", "other_patient", "other_doctor", "unverified_doctor", "expired_doctor"]
WORDS = [
    "zebraheadline",
    "zebratext",
    "zebratitle",
    "zebraname",
    "zebraduration",
    "zebramedication",
    "zebraconditions",
    "zebradifferent",
    "zebranote",
    "zebrareply",
    "zebraarticle",
    "zebrafollowup",
    "zebraanswer",
    "zebra@example.org",
]


def question_in(state: str, specialty, **fields):
    states = {
        "waiting": {},
        "declined": {"declined": True, "decline_note": "zebranote"},
        "withdrawn": {"withdrawn": True},
        "hidden": {"hidden": True},
    }
    if state == "merged_into_hidden":
        target = QuestionFactory(hidden=True, specialty=specialty)
        return QuestionFactory(state=State.MERGED, merged_into=target, specialty=specialty, **fields)
    return QuestionFactory(specialty=specialty, **states[state], **fields)


@pytest.mark.django_db
@pytest.mark.parametrize("role", SHUT_OUT)
@pytest.mark.parametrize("state", STATES)
def test_its_address_answers_exactly_like_one_that_never_existed(state, role):
    cast = make_cast()
    question = question_in(state, cast.specialty, asker=cast.users["asker"])
    browser = cast.browser(role)

    here = browser.get(question.get_absolute_url())
    nowhere = browser.get(reverse("thread", args=[NEVER, question.slug]))

    assert here.status_code == nowhere.status_code == 404
    assert without_secrets(here) == without_secrets(nowhere)
    assert dict(here.headers) == dict(nowhere.headers)
    assert here.cookies.keys() == nowhere.cookies.keys()


def without_secrets(response) -> bytes:
    """The body; the masked CSRF token of the sign-out form is another one each time."""
    token = response.context.get("csrf_token") if response.context else None
    return response.content.replace(str(token).encode(), b"") if token else response.content


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["wrong-slug", "x"])
def test_a_wrong_slug_does_not_lead_to_it(client, path):
    question = QuestionFactory()

    response = client.get(reverse("thread", args=[question.pk, path]))

    assert (response.status_code, response.headers.get("Location")) == (404, None)


def thread_with_words(doctor):
    """A published thread with words that stand nowhere else, and a neighbour it is like and listed on."""
    common = {"specialty": doctor.specialties.get(), "text": "My left eyelid twitches. zebratext"}
    question = published_thread(
        **common,
        headline="zebraheadline twitches",
        public_title="zebratitle eyelid",
        pseudonym="zebraname",
        duration="zebraduration",
        medication="zebramedication",
        conditions="zebraconditions",
        different_because="zebradifferent",
        email="zebra@example.org",
        reply__text="zebrareply is harmless.",
        reply__doctor=doctor,
    )
    neighbour = published_thread(specialty=common["specialty"], text="My left eyelid twitches.", public_title="Eyelid")
    for each in (question, neighbour):
        set_topics(each, ["Twitching"])
        renew_similar(each)
    ArticleFactory(question=question, signed=True, text="zebraarticle", html="<p>zebraarticle</p>")
    FollowUpFactory(question=question, answered=True, text="zebrafollowup", answer="zebraanswer", answered_by=doctor)
    return question, neighbour


def change_state(question, state: str, doctor) -> None:
    admin = UserFactory(admin=True)
    if state == "hidden":
        hide_thread(question=question, by=admin, reason="admin")
    elif state == "merged":
        target = published_thread(public_title="The other one")
        merge_thread(question=question, target=target, by=admin)
    else:
        reason = "examination" if state == "declined" else ""
        note = "zebranote" if state == "declined" else ""
        type(question).objects.filter(pk=question.pk).update(state=state, decline_reason=reason, decline_note=note)


def sitemap_of(question) -> str:
    """The part of the sitemap that its number belongs to."""
    return f"/sitemap-threads.xml?p={question.pk // PART + 1}"


def public_addresses(question, neighbour, doctor) -> list[str]:
    specialty = question.specialty
    searches = [f"/search/?q={word}" for word in (*WORDS, "eyelid", "twitches")]
    thread = question.get_absolute_url()
    wrong_slugs = [reverse("thread", args=[question.pk, slug]) for slug in ("x", "wrong", "eyelid")]
    return [
        *("/", "/specialties/", "/doctors/", "/feeds/latest.atom", "/sitemap.xml", "/robots.txt", "/ask/"),
        *(sitemap_of(question), "/sitemap-pages.xml", "/search/"),
        *(specialty.get_absolute_url(), reverse("specialty_feed", args=[specialty.slug])),
        *(f"{specialty.get_absolute_url()}?after=1", f"{specialty.get_absolute_url()}?before=1"),
        *(doctor.get_absolute_url(), "/topics/twitching/", neighbour.get_absolute_url(), thread, *wrong_slugs),
        *searches,
    ]


def read_everything(addresses: list[str]) -> dict[str, str]:
    """What a visitor gets to see of each: body and headers. What one asked with, the search page may repeat."""
    seen = {}
    for address in addresses:
        response = Client().get(address)
        asked = address.partition("?q=")[2] or "\0"
        seen[address] = f"{response.content.decode()} {dict(response.headers)}".lower().replace(asked, "")
    return seen


def leaks(seen: dict[str, str]) -> list[tuple[str, str]]:
    return [(address, word) for address, text in seen.items() for word in WORDS if word in text]


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["waiting", "declined", "withdrawn", "hidden", "merged"])
def test_its_words_are_on_no_public_page(state):
    doctor = DoctorFactory(specialties=[SpecialtyFactory()])
    question, neighbour = thread_with_words(doctor)
    addresses = public_addresses(question, neighbour, doctor)
    # Kept pages and stored similar threads are warm, as they would be.
    read_everything(addresses)

    change_state(question, state, doctor)

    assert leaks(read_everything(addresses)) == []
    assert b"Not public" not in Client().get(question.get_absolute_url()).content


@pytest.mark.django_db
def test_its_words_were_public_where_they_belong_while_it_was_published():
    doctor = DoctorFactory(specialties=[SpecialtyFactory()])
    question, neighbour = thread_with_words(doctor)

    seen = read_everything(public_addresses(question, neighbour, doctor))

    found = {address for address, _word in leaks(seen)}
    assert found >= {
        *("/", "/feeds/latest.atom", sitemap_of(question), "/topics/twitching/", doctor.get_absolute_url()),
        *(question.get_absolute_url(), neighbour.get_absolute_url(), question.specialty.get_absolute_url()),
        *("/search/?q=eyelid", "/search/?q=zebrareply"),
    }
    private = {f"zebra{name}" for name in ("duration", "medication", "conditions", "different", "note", "@example.org")}
    assert {word for _address, word in leaks(seen)} == set(WORDS) - private


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["asker", "doctor", "admin"])
def test_those_who_may_see_it_are_told_that_it_is_not_public(role):
    cast = make_cast()
    question = QuestionFactory(specialty=cast.specialty, asker=cast.users["asker"])

    response = cast.browser(role).get(question.get_absolute_url())

    assert response.status_code == 200
    assert b"Not public: Waiting for a doctor. Only its asker, doctors of the specialty and admins see this page." in (
        response.content
    )
    assert b"application/ld+json" not in response.content
    assert (response.headers["Cache-Control"], response.headers["X-Robots-Tag"]) == ("no-store, private", "noindex")
