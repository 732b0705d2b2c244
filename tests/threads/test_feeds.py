"""Atom feeds of the newest answers."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client

from forum.specialties.models import SpecialtyRedirect
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory, published_thread

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
EVENING = datetime(2024, 1, 1, 20, 15, 30, 5, tzinfo=UTC)  # in Taipei it is the 2nd already


def read(path: str) -> ElementTree.Element:
    response = Client().get(path)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def texts(element: ElementTree.Element, path: str) -> list[str]:
    return [found.text for found in element.findall("/".join(f"{ATOM}{name}" for name in path.split("/")))]


def test_an_entry_names_the_thread_its_day_doctor_and_specialty():
    neurology = SpecialtyFactory(name="Neurology", slug="neurology")
    question = published_thread(
        specialty=neurology,
        public_title="Muscle twitches & <cramps>",
        text="It began.\nIt goes on.",
        published_at=EVENING,
        modified_at=EVENING + timedelta(days=1),
        reply__doctor=DoctorFactory(name="Wu Mukhan"),
    )
    url = f"http://testserver{question.get_absolute_url()}"

    entry = read("/feeds/latest.atom").find(f"{ATOM}entry")

    assert texts(entry, "title") == ["Muscle twitches & <cramps>"]
    assert texts(entry, "id") == [f"urn:consilium:{question.archive_id}"]
    assert entry.find(f"{ATOM}link").attrib == {"href": url, "rel": "alternate"}
    assert texts(entry, "summary") == ["It began. It goes on."]
    assert texts(entry, "author/name") == ["Dr. Wu Mukhan"]
    assert entry.find(f"{ATOM}category").attrib == {"term": "Neurology"}
    # To the day: a finer time could tie two questions of one person together.
    assert texts(entry, "published") == ["2024-01-02T00:00:00+08:00"]
    assert texts(entry, "updated") == ["2024-01-03T00:00:00+08:00"]


def test_the_feed_names_itself_its_page_and_its_newest_day():
    published_thread(published_at=EVENING, modified_at=EVENING)

    feed = read("/feeds/latest.atom")

    assert feed.tag == f"{ATOM}feed"
    assert texts(feed, "title") == ["Consilium: newest answers"]
    assert texts(feed, "id") == ["http://testserver/"]
    assert texts(feed, "updated") == ["2024-01-02T00:00:00+08:00"]
    assert [(link.get("rel"), link.get("href")) for link in feed.findall(f"{ATOM}link")] == [
        ("alternate", "http://testserver/"),
        ("self", "http://testserver/feeds/latest.atom"),
    ]


def test_the_newest_thirty_published_threads_are_in_it():
    threads = [published_thread(published_at=EVENING + timedelta(minutes=n)) for n in range(32)]
    QuestionFactory()
    QuestionFactory(hidden=True)

    shown = texts(read("/feeds/latest.atom"), "entry/title")

    assert shown == [thread.public_title for thread in reversed(threads[2:])]


def test_every_entry_has_an_id_of_its_own_whatever_the_titles():
    for _ in range(3):
        published_thread(public_title="The same title")

    ids = texts(read("/feeds/latest.atom"), "entry/id")

    assert len(set(ids)) == 3


def test_the_feed_of_a_specialty_holds_its_own_threads_and_those_of_its_children():
    medicine = SpecialtyFactory(name="Medicine", slug="medicine")
    child = SpecialtyFactory(parent=medicine, slug="child")
    own = published_thread(specialty=medicine, published_at=EVENING)
    lower = published_thread(specialty=child, published_at=EVENING + timedelta(hours=1))
    published_thread()

    feed, child_feed = read("/specialties/medicine/feed.atom"), read("/specialties/child/feed.atom")

    assert texts(feed, "title") == ["Consilium: newest answers in Medicine"]
    assert texts(feed, "id") == ["http://testserver/specialties/medicine/"]
    assert texts(feed, "entry/title") == [lower.public_title, own.public_title]
    assert texts(child_feed, "entry/title") == [lower.public_title]


def test_the_feed_of_a_merged_specialty_moves_with_it():
    medicine = SpecialtyFactory(slug="medicine")
    SpecialtyRedirect.objects.create(old_slug="old", specialty=medicine)

    response = Client().get("/specialties/old/feed.atom")

    assert (response.status_code, response["Location"]) == (301, "/specialties/medicine/feed.atom")


def test_a_feed_with_nothing_in_it_is_a_feed():
    feed = read("/feeds/latest.atom")

    assert (texts(feed, "title"), texts(feed, "entry/title")) == (["Consilium: newest answers"], [])


def test_a_thread_without_a_known_doctor_is_the_sites():
    published_thread(reply__doctor=None)

    assert texts(read("/feeds/latest.atom"), "entry/author/name") == ["Consilium"]


@pytest.mark.parametrize(
    ("character", "shown"), [("\x01", ""), ("\x1b", ""), ("\ufffe", ""), ("\U0001f912", "\U0001f912"), ("\x85", "\x85")]
)
def test_characters_that_xml_does_not_know_are_left_out(character, shown):
    published_thread(public_title=f"A{character}B", text=f"C{character}D", reply__doctor=None)

    feed = read("/feeds/latest.atom")

    assert texts(feed, "entry/title") == [f"A{shown}B"]
    assert [text.replace(" ", "") for text in texts(feed, "entry/summary")] == [f"C{shown.strip()}D"]
