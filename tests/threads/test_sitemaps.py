"""Sitemaps and robots.txt: what machines may find, and no more."""

from datetime import UTC, datetime
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from django.test import Client

from forum.questions.models import Question
from forum.search.models import QuestionTopic
from forum.threads import sitemaps
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory, TopicFactory, published_thread

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "http://testserver"
EVENING = datetime(2024, 1, 1, 20, 0, tzinfo=UTC)  # in Taipei it is the 2nd already


@pytest.fixture
def small_parts(monkeypatch) -> None:
    monkeypatch.setattr(sitemaps, "PART", 3)


def part_of(thread: Question) -> str:
    """The part of the sitemap that its number belongs to."""
    return f"/sitemap-threads.xml?p={thread.pk // sitemaps.PART + 1}"


def read(path: str, name: str = "loc") -> list[str]:
    response = Client().get(path)
    assert response["Content-Type"] == "application/xml"
    return [found.text.removeprefix(SITE) for found in ElementTree.fromstring(response.content).iter(SITEMAP + name)]


def test_the_index_leads_to_every_published_thread_once(small_parts):
    threads = [published_thread() for _ in range(8)]
    QuestionFactory()
    QuestionFactory(hidden=True)

    parts = [part for part in read("/sitemap.xml") if part.startswith("/sitemap-threads.xml")]

    first, last = threads[0].pk // 3, threads[-1].pk // 3
    assert parts == ["/sitemap-threads.xml", *(f"/sitemap-threads.xml?p={n + 1}" for n in range(1, last + 1))]
    found = [read(part) for part in parts[first:]]
    assert max(len(part) for part in found) <= 3
    assert [url for part in found for url in part] == [thread.get_absolute_url() for thread in threads]


def test_the_other_part_lists_the_pages_that_lead_to_threads():
    specialty = SpecialtyFactory(slug="neurology")
    DoctorFactory(slug="ada")
    DoctorFactory(slug="bob", unverified=True)
    thread = published_thread(specialty=specialty, reply__doctor=None)
    QuestionTopic.objects.create(question=thread, topic=TopicFactory(slug="肌肉", specialty=specialty))
    hidden = QuestionFactory(hidden=True, specialty=specialty)
    QuestionTopic.objects.create(question=hidden, topic=TopicFactory(specialty=specialty))

    pages = [unquote(page) for page in read("/sitemap-pages.xml")]

    assert "/sitemap-pages.xml" in read("/sitemap.xml")
    assert pages == [
        *("/", "/specialties/", "/doctors/", "/about/", "/privacy/"),
        *("/specialties/neurology/", "/doctors/ada/", "/topics/肌肉/"),
    ]


def test_a_thread_tells_the_day_of_its_last_change():
    part = part_of(published_thread(modified_at=EVENING))

    assert read(part, "lastmod") == ["2024-01-02"]
    assert set(read("/sitemap.xml", "lastmod")) == {"2024-01-02"}  # of each part


def test_a_thread_whose_last_change_is_unknown_tells_none():
    part = part_of(published_thread(modified_at=None))

    assert len(read(part)) == 1
    assert read(part, "lastmod") == []


@pytest.mark.parametrize("part", ["0", "99", "-1", "x", "%00", "9" * 40, "٣", "1.0"])
def test_a_part_that_is_not_there_is_not_found(part):
    assert Client().get(f"/sitemap-threads.xml?p={part}").status_code == 404


def test_an_empty_site_has_a_sitemap():
    assert read("/sitemap.xml") == ["/sitemap-threads.xml", "/sitemap-pages.xml"]
    assert read("/sitemap-threads.xml") == []


def test_robots_txt_shuts_private_pages_and_names_the_sitemap():
    response = Client().get("/robots.txt")

    assert response["Content-Type"] == "text/plain"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /accounts/",
        "Disallow: /admin/",
        "Disallow: /ask/similar/",
        "Disallow: /dashboard/",
        "Disallow: /follow/",
        "Disallow: /my/",
        "Disallow: /notices/",
        "Disallow: /search/",
        "Disallow: /status/",
        "Sitemap: http://testserver/sitemap.xml",
    ]
