"""Home and the list pages: what stands on them, and what an empty one says to do next."""

import pytest
from django.test import Client
from django.utils import timezone

from forum.search.models import QuestionTopic, TopicRedirect
from forum.specialties.models import SpecialtyRedirect
from tests.factories import (
    DoctorFactory,
    QuestionFactory,
    ReplyFactory,
    SpecialtyFactory,
    TopicFactory,
    published_thread,
)
from tests.html import Element, parse

pytestmark = pytest.mark.django_db


def read(path: str, **data: str) -> Element:
    return parse(Client().get(path, data)).one("main")


def cards(page: Element) -> list[str]:
    return [card.one("h3").text for card in page.all("article", class_="thread-card")]


def test_home_offers_search_ask_specialties_and_the_ten_newest_answers():
    medicine = SpecialtyFactory(name="Medicine", slug="medicine", description="Of all kinds.", position=1)
    SpecialtyFactory(name="Dentistry", slug="dentistry", position=0)
    SpecialtyFactory(name="Neurology", slug="neurology", parent=medicine)
    threads = [published_thread(specialty=medicine) for _ in range(11)]
    QuestionFactory(specialty=medicine)

    page = read("/")

    assert page.one("form").attrs["action"] == "/search/"
    assert [field.attrs["name"] for field in page.one("form").all("input")] == ["q"]
    assert ("Ask your own question", "/ask/") in page.links()
    grid = page.one(class_="specialty-grid")
    assert grid.links() == [
        ("Dentistry", "/specialties/dentistry/"),
        ("Medicine", "/specialties/medicine/"),
        ("Neurology", "/specialties/neurology/"),
    ]
    assert "Of all kinds." in grid.text
    assert cards(page) == [thread.public_title for thread in reversed(threads[1:])]


def test_specialties_are_listed_as_a_tree():
    medicine = SpecialtyFactory(name="Medicine", position=1)
    SpecialtyFactory(name="Neurology", parent=medicine)

    page = read("/specialties/")

    assert page.headings() == ["h1 Specialties", "h2 Medicine"]
    assert page.one(class_="specialty-children").texts("a") == ["Neurology"]


def test_a_specialty_shows_threads_children_topics_and_verified_doctors():
    medicine = SpecialtyFactory(name="Medicine", slug="medicine", description="Of all kinds.")
    child = SpecialtyFactory(name="Neurology", slug="neurology", parent=medicine)
    thread = published_thread(specialty=child)
    QuestionTopic.objects.create(
        question=thread, topic=TopicFactory(name="Twitching", slug="twitching", specialty=child)
    )
    QuestionTopic.objects.create(question=published_thread(), topic=TopicFactory(name="Elsewhere"))
    hidden = QuestionFactory(hidden=True, specialty=child)
    QuestionTopic.objects.create(question=hidden, topic=TopicFactory(name="Of a hidden thread", specialty=child))
    DoctorFactory(name="Ada", slug="ada", specialties=[medicine, child])
    DoctorFactory(name="Bob", unverified=True, specialties=[medicine])

    page = read("/specialties/medicine/")

    assert page.headings() == [
        *("h1 Medicine", "h2 Answered questions", f"h3 {thread.public_title}", "h2 Topics", "h2 Doctors")
    ]
    lists = [item.links() for item in page.all("ul", class_="topic-links")]
    assert lists == [
        [("Neurology", "/specialties/neurology/")],
        [("Twitching", "/topics/twitching/")],
        [("Dr. Ada", "/doctors/ada/")],
    ]
    assert page.links()[-1] == ("Follow by feed (Atom)", "/specialties/medicine/feed.atom")


def test_a_child_leads_back_to_its_specialty():
    medicine = SpecialtyFactory(name="Medicine", slug="medicine")
    SpecialtyFactory(name="Neurology", slug="neurology", parent=medicine)

    crumbs = read("/specialties/neurology/").one("nav", class_="breadcrumbs")

    assert crumbs.texts("li") == ["Home", "Specialties", "Medicine", "Neurology"]
    assert crumbs.links()[-1] == ("Medicine", "/specialties/medicine/")


@pytest.mark.parametrize("is_open", [True, False])
def test_a_specialty_takes_questions_only_while_it_is_open(is_open):
    SpecialtyFactory(slug="medicine", is_open=is_open)

    page = read("/specialties/medicine/")

    assert (("Ask in this specialty", "/ask/?specialty=medicine") in page.links()) is is_open
    assert ("New questions are not taken here at the moment." in page.text) is not is_open


def test_a_topic_shows_its_published_threads_newest_first():
    topic = TopicFactory(name="Twitching", slug="twitching", specialty=SpecialtyFactory(name="Neurology"))
    threads = [published_thread(specialty=topic.specialty) for _ in range(3)]
    for thread in [*threads, QuestionFactory(hidden=True), QuestionFactory()]:
        QuestionTopic.objects.create(question=thread, topic=topic)

    page = read("/topics/twitching/")

    assert page.texts("h1") == ["Twitching"]
    assert cards(page) == [thread.public_title for thread in reversed(threads)]


def test_old_addresses_of_topics_and_specialties_move_permanently():
    specialty = SpecialtyFactory(slug="neurology")
    topic = TopicFactory(slug="twitching", specialty=specialty)
    SpecialtyRedirect.objects.create(old_slug="nerves", specialty=specialty)
    TopicRedirect.objects.create(old_slug="twitches", topic=topic)

    answers = [Client().get(path) for path in ("/specialties/nerves/", "/topics/twitches/")]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (301, "/specialties/neurology/"),
        (301, "/topics/twitching/"),
    ]


def test_a_doctor_shows_credentials_and_replies_but_never_the_licence():
    neurology = SpecialtyFactory(name="Neurology", slug="neurology")
    doctor = DoctorFactory(
        name="Wu Mukhan",
        slug="wu",
        hospital="City Hospital",
        credentials="MD",
        biography="First line.\nSecond line.",
        specialties=[neurology],
    )
    thread = published_thread(specialty=neurology, text="Asked.", reply__text="By another.")
    ReplyFactory(question=thread, doctor=doctor, text="By Wu.", created_at=timezone.now())

    page = read("/doctors/wu/")

    assert page.texts("h1") == ["Dr. Wu Mukhan"]
    assert page.texts("dd") == ["Neurology", "MD", "City Hospital"]
    assert "First line.Second line." in page.text
    assert page.texts(class_="thread-card__reply") == ["By Wu."]
    assert doctor.licence.number not in page.source
    assert doctor.user.email not in page.source


def test_an_archives_doctor_has_a_page_only_while_a_reply_is_public():
    doctor = DoctorFactory(archived=True, slug="lin")
    before = Client().get("/doctors/lin/")
    thread = published_thread(reply__doctor=doctor)
    during = Client().get("/doctors/lin/")

    type(thread).objects.filter(pk=thread.pk).update(state="hidden")

    after = Client().get("/doctors/lin/")
    assert [response.status_code for response in (before, during, after)] == [404, 200, 404]
    assert "Verified doctor" not in parse(during).text


ASK, OTHERS = ("Ask a doctor", "/ask/"), ("See all specialties", "/specialties/")
EMPTY = {
    "/": ("No question has been answered yet", "Yours can be the first.", ASK),
    "/specialties/medicine/": (
        "No answered questions here yet",
        "Look in another specialty, search, or ask your own question.",
        OTHERS,
    ),
    "/topics/twitching/": (
        "No answered questions on this topic",
        "Look at what else has been answered in the specialty.",
        ("Go to the specialty", "/specialties/medicine/"),
    ),
    "/doctors/ada/": ("No replies yet", "Once this doctor has answered a question, it stands here.", ASK),
    "/search/?q=nothing": ("Nothing found", "Try fewer or other words, or ask a doctor.", ASK),
    "/search/?q=nothing&sex=male": (
        "Nothing found",
        "Try it without the filters, with fewer or other words, or ask a doctor.",
        ASK,
    ),
}


@pytest.mark.parametrize("path", EMPTY)
def test_an_empty_list_says_what_to_do_next(path):
    medicine = SpecialtyFactory(slug="medicine")
    TopicFactory(slug="twitching", specialty=medicine)
    DoctorFactory(slug="ada")

    empty = read(path).one(class_="empty-state")

    title, text, next_step = EMPTY[path]
    assert empty.texts("h2") == [title]
    assert empty.texts("p") == [text, next_step[0]]
    assert empty.links() == [next_step]


def test_lists_of_nothing_at_all_say_so():
    doctors, specialties = read("/doctors/").one(class_="empty-state"), read("/specialties/").one(class_="empty-state")

    assert doctors.texts("h2") == ["No doctor has been verified yet"]
    assert doctors.links() == [("See all specialties", "/specialties/")]
    assert specialties.text == (
        "There are no specialties yet An admin adds them in the admin site. Please come back later."
    )
