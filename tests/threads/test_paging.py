"""Every thread can be reached by following "next", and each stands on one page only."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Doctor
from forum.questions.models import Question
from forum.search.models import QuestionTopic
from forum.specialties.models import Specialty
from forum.threads.paging import parse_place
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory, TopicFactory, published_thread
from tests.html import Element, parse

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def publish(specialty: Specialty, number: int, *, at: timedelta = timedelta(0)) -> list[Question]:
    """So many threads; every seven of them were published at the same moment, as an import does."""
    moments = [NOW + at - timedelta(minutes=n // 7) for n in range(number)]
    return [QuestionFactory(published=True, specialty=specialty, published_at=moment) for moment in moments]


def newest_first(questions) -> list[str]:
    return [q.public_title for q in sorted(questions, key=lambda q: (q.published_at, q.pk), reverse=True)]


def titles(page: Element) -> list[str]:
    return [card.one("h3").text for card in page.one("main").all("article", class_="thread-card")]


def neighbour(page: Element, rel: str) -> str:
    return next((link.attrs["href"] for link in page.one("main").all("a", rel=rel)), "")


def flat(pages: Iterable[list]) -> list:
    return [row for page in pages for row in page]


def walk(path: str, rel: str = "next", start: str = "") -> list[list[str]]:
    """The titles page by page, from `start` on, following the links of this kind."""
    pages, query = [], start
    while len(pages) < 20:
        page = parse(Client().get(path + query))
        pages.append(titles(page))
        query = neighbour(page, rel)
        if not query:
            return pages
    raise AssertionError("the pages never end")


def last_page(path: str) -> tuple[str, Element]:
    query, page = "", parse(Client().get(path))
    while following := neighbour(page, "next"):
        query, page = following, parse(Client().get(path + following))
    return query, page


@pytest.fixture
def medicine() -> Specialty:
    return SpecialtyFactory(slug="medicine")


def test_every_thread_of_a_specialty_is_reached_once_by_following_next(medicine):
    questions = publish(medicine, 45)

    pages = walk("/specialties/medicine/")

    assert [len(page) for page in pages] == [20, 20, 5]
    assert flat(pages) == newest_first(questions)


def test_following_newer_leads_back_through_every_thread(medicine):
    questions = publish(medicine, 45)
    query, last = last_page("/specialties/medicine/")

    back = walk("/specialties/medicine/", "prev", query)

    assert titles(last) == back[0]
    assert flat(reversed(back)) == newest_first(questions)


def test_a_specialty_shows_the_threads_of_its_children_in_one_order(medicine):
    children = [SpecialtyFactory(parent=medicine) for _ in range(3)]
    questions = flat(publish(each, 15) for each in [medicine, *children])
    publish(SpecialtyFactory(), 3)

    pages = walk("/specialties/medicine/")

    assert flat(pages) == newest_first(questions)
    assert flat(walk(children[0].get_absolute_url())) == newest_first(questions[15:30])


def test_threads_published_while_one_reads_on_are_neither_repeated_nor_skipped(medicine):
    questions = publish(medicine, 45)
    first = parse(Client().get("/specialties/medicine/"))

    late = publish(medicine, 30, at=timedelta(days=1))

    rest = walk("/specialties/medicine/", "next", neighbour(first, "next"))
    back = walk("/specialties/medicine/", "prev", neighbour(first, "next"))
    assert titles(first) + flat(rest) == newest_first(questions)
    assert flat(reversed(back[1:])) == newest_first([*late, *questions])[:50]


def test_a_thread_hidden_while_one_reads_on_skips_no_other(medicine):
    questions = publish(medicine, 45)
    first = parse(Client().get("/specialties/medicine/"))

    Question.objects.filter(public_title__in=titles(first)).update(state="hidden")

    rest = walk("/specialties/medicine/", "next", neighbour(first, "next"))
    assert flat(rest) == newest_first(questions)[20:]


@pytest.mark.parametrize(("number", "pages"), [(1, [1]), (20, [20]), (21, [20, 1]), (40, [20, 20])])
def test_there_is_a_next_page_only_where_something_is_on_it(medicine, number, pages):
    publish(medicine, number)

    assert [len(page) for page in walk("/specialties/medicine/")] == pages


def test_only_the_first_page_is_for_search_engines(medicine):
    publish(medicine, 21)
    first = parse(Client().get("/specialties/medicine/"))

    second = parse(Client().get("/specialties/medicine/" + neighbour(first, "next")))

    assert first.all("meta", name="robots") == []
    assert second.one("meta", name="robots").attrs["content"] == "noindex, follow"


GARBAGE = [
    *("x", "%00", "1", "-", "1-", "-1", "1-x", "x-1", "1--1", "-1-1", "1.5-1", "1e9-1", "%E2%80%8F1-1", "%ED%A0%80"),
    *("9" * 17 + "-" + "9" * 18, "9" * 40 + "-1", "1-" + "9" * 40, "9" * 5000, "'; DROP TABLE x; --", "٣-٣", "²-²"),
]


@pytest.mark.parametrize("name", ["after", "before"])
@pytest.mark.parametrize("value", GARBAGE)
@pytest.mark.parametrize("path", ["/specialties/medicine/", "/topics/twitching/", "/doctors/", "/doctors/ada/"])
def test_a_mistyped_place_is_an_ordinary_page(medicine, path, value, name):
    TopicFactory(slug="twitching", specialty=medicine)
    DoctorFactory(slug="ada")
    publish(medicine, 1)

    page = parse(Client().get(f"{path}?{name}={value}"))

    assert page.texts("h1") == parse(Client().get(path)).texts("h1")


@pytest.mark.parametrize("text", ["x", "", "1-x", "9" * 19, "-1", "1.5", "٣"])
def test_a_mistyped_place_means_the_first_page(medicine, text):
    questions = publish(medicine, 1)

    page = parse(Client().get("/specialties/medicine/", {"after": text}))

    assert parse_place(text) is None
    assert titles(page) == newest_first(questions)


def test_every_thread_of_a_topic_is_reached_once(medicine):
    topic = TopicFactory(slug="twitching", specialty=medicine)
    questions = publish(medicine, 45)
    for question in questions:
        QuestionTopic.objects.create(question=question, topic=topic)

    pages = walk("/topics/twitching/")

    assert [len(page) for page in pages] == [20, 20, 5]
    assert flat(pages) == [question.public_title for question in reversed(questions)]


def test_a_topics_threads_stand_best_first_and_each_on_one_page(medicine):
    topic = TopicFactory(slug="twitching", specialty=medicine)
    questions = publish(medicine, 45)
    fits = [None, 0.0, 0.3333, 0.9167, 1.0]
    for n, question in enumerate(questions):
        QuestionTopic.objects.create(question=question, topic=topic, score=fits[n * 7 % 5])

    pages = walk("/topics/twitching/")

    best = sorted(topic.question_topics.all(), key=lambda link: (link.score or 0, link.question_id), reverse=True)
    assert [len(page) for page in pages] == [20, 20, 5]
    assert flat(pages) == [link.question.public_title for link in best]


@pytest.mark.parametrize(
    "place", ["1.5-1", "0.33333-1", "-0.5-1", "0,5-1", "0.5", "0.5-", "2-1", "nan-1", "0.5-" + "9" * 19]
)
def test_a_mistyped_place_in_a_topic_means_its_first_page(medicine, place):
    topic = TopicFactory(slug="twitching", specialty=medicine)
    QuestionTopic.objects.create(question=publish(medicine, 1)[0], topic=topic, score=0.5)

    page = parse(Client().get("/topics/twitching/", {"after": place}))

    assert len(titles(page)) == 1


def test_far_down_a_topic_a_page_reads_no_more_rows_than_the_first(medicine):
    topic = TopicFactory(slug="twitching", specialty=medicine)
    links = QuestionTopic.objects.filter(topic=topic)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")

    plans = [rows[:21].explain() for rows in (links.best_first(), links.after(0.5, 1234))]

    assert all("question_topic_best" in plan and "Sort" not in plan for plan in plans)
    assert "ROW(COALESCE(score" in plans[1].partition("Index Cond")[2]


def test_every_reply_of_a_doctor_is_reached_once(medicine):
    doctor = DoctorFactory(slug="ada")
    questions = [published_thread(specialty=medicine, reply__doctor=doctor) for _ in range(45)]
    QuestionFactory(hidden=True)

    pages = walk("/doctors/ada/")

    assert [len(page) for page in pages] == [20, 20, 5]
    assert flat(pages) == [question.public_title for question in reversed(questions)]


def test_every_verified_doctor_is_reached_once():
    doctors = [DoctorFactory() for _ in range(45)]
    DoctorFactory(unverified=True)
    names, query = [], ""
    while True:
        page = parse(Client().get("/doctors/" + query))
        names.append([link.text for link in page.one(class_="doctor-list").all("h2")])
        query = neighbour(page, "next")
        if not query:
            break

    assert [len(page) for page in names] == [20, 20, 5]
    assert flat(names) == [f"Dr. {doctor.name}" for doctor in reversed(doctors)]
    assert Doctor.objects.verified().count() == 45
