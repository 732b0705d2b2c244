"""The doctor's queue."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forum.moderation.views import queue
from forum.replies.models import Draft
from tests.factories import DoctorFactory, FollowUpFactory, QuestionFactory, SpecialtyFactory
from tests.html import Element, parse
from tests.moderation.desk import browser

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def neurology():
    return SpecialtyFactory(name="Neurology", slug="neurology")


@pytest.fixture
def doctor(neurology):
    return DoctorFactory(specialties=[neurology])


def read(doctor, query: str = "") -> Element:
    return parse(browser(doctor).get(f"/dashboard/{query}")).one("main")


def waiting(page: Element) -> list[str]:
    return [row.one("a").text for row in page.all("ol", class_="queue")[0].all("li")] if page.all("ol") else []


def test_questions_wait_oldest_first_with_what_a_doctor_needs_to_choose(neurology, doctor):
    QuestionFactory(specialty=neurology, headline="New", created_at=NOW - timedelta(hours=3))
    old = QuestionFactory(
        specialty=neurology, headline="Old", age_band="", sex="", created_at=NOW - timedelta(days=3, hours=1)
    )

    rows = read(doctor).one("ol", class_="queue").all("li")

    assert [row.one("a").text for row in rows] == ["Old", "New"]
    assert rows[0].one("a").attrs["href"] == f"/dashboard/questions/{old.pk}/"
    assert [row.one(class_="queue__meta").text for row in rows] == ["Neurology", "Neurology · 20~29 · female"]
    assert [row.one(class_="waiting-badge").text for row in rows] == ["Waiting 3 days", "Waiting 3 hours"]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "Waiting 1 minute"),
        (59, "Waiting 59 minutes"),
        (89, "Waiting 1 hour"),
        (91, "Waiting 2 hours"),
        (47 * 60, "Waiting 47 hours"),
        (48 * 60, "Waiting 2 days"),
        (10 * 24 * 60, "Waiting 10 days"),
    ],
)
def test_a_wait_is_told_in_words(neurology, doctor, minutes, words):
    QuestionFactory(specialty=neurology, created_at=timezone.now() - timedelta(minutes=minutes))

    assert read(doctor).texts(class_="waiting-badge") == [words]


def test_a_doctor_sees_the_own_specialties_and_those_under_them_and_no_others(neurology, doctor):
    child = SpecialtyFactory(parent=neurology)
    parent = SpecialtyFactory()
    doctor.specialties.add(SpecialtyFactory(parent=parent, slug="own-child"))
    QuestionFactory(specialty=neurology, headline="Own")
    QuestionFactory(specialty=child, headline="Under it")
    QuestionFactory(specialty=doctor.specialties.get(slug="own-child"), headline="Own child")
    QuestionFactory(specialty=parent, headline="Above")
    QuestionFactory(headline="Elsewhere")

    assert waiting(read(doctor)) == ["Own", "Under it", "Own child"]


@pytest.mark.parametrize("state", ["needs_info", "withdrawn", "declined", "published", "hidden", "merged"])
def test_only_waiting_questions_are_in_the_queue(neurology, doctor, state):
    QuestionFactory(specialty=neurology, **{state: True})

    page = read(doctor)

    assert waiting(page) == []
    assert page.one(class_="empty-state").texts("h2") == ["Nothing is waiting"]
    assert page.one(class_="empty-state").links() == [("Read newest answers", "/")]


def test_the_queue_can_be_narrowed_to_one_of_the_own_specialties(neurology, doctor):
    dermatology = SpecialtyFactory(name="Dermatology", slug="dermatology")
    elsewhere = SpecialtyFactory(slug="elsewhere")
    doctor.specialties.add(dermatology)
    QuestionFactory(specialty=neurology, headline="Nerve")
    QuestionFactory(specialty=SpecialtyFactory(parent=neurology), headline="Nerve child")
    QuestionFactory(specialty=dermatology, headline="Skin")
    QuestionFactory(specialty=elsewhere, headline="Elsewhere")

    assert waiting(read(doctor, "?specialty=neurology")) == ["Nerve", "Nerve child"]
    assert waiting(read(doctor, "?specialty=elsewhere")) == ["Nerve", "Nerve child", "Skin"]
    links = read(doctor, "?specialty=dermatology").one(class_="filters").all("a")
    assert [(link.text, "aria-current" in link.attrs) for link in links] == [
        ("All my specialties", False),
        ("Dermatology", True),
        ("Neurology", False),
    ]


def test_every_question_is_reached_once_by_following_next(neurology, doctor, monkeypatch):
    monkeypatch.setattr(queue, "ROWS", 10)
    moments = [NOW - timedelta(minutes=n // 7) for n in range(25)]
    questions = [QuestionFactory(specialty=neurology, created_at=moment) for moment in moments]
    QuestionFactory()

    pages, query = [], "?specialty=neurology"
    while query:
        page = read(doctor, query)
        pages.append(waiting(page))
        query = next((link.attrs["href"] for link in page.all("a", rel="next")), "")

    ordered = sorted(questions, key=lambda question: (question.created_at, question.pk))
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [headline for page in pages for headline in page] == [question.headline for question in ordered]


def test_fifty_rows_are_on_a_page(neurology, doctor):
    for _ in range(51):
        QuestionFactory(specialty=neurology, created_at=NOW)

    first = read(doctor)
    second = read(doctor, first.one("a", rel="next").attrs["href"])

    assert (len(waiting(first)), len(waiting(second)), second.all("a", rel="next")) == (50, 1, [])


def test_the_next_page_is_found_after_its_neighbour_has_been_answered(neurology, doctor, monkeypatch):
    monkeypatch.setattr(queue, "ROWS", 2)
    questions = [QuestionFactory(specialty=neurology, created_at=NOW - timedelta(hours=9 - n)) for n in range(4)]
    following = read(doctor).one("a", rel="next").attrs["href"]

    questions[1].withdraw(by=None)

    assert waiting(read(doctor, following)) == [question.headline for question in questions[2:]]


@pytest.mark.parametrize("value", ["x", "%00", "-1", "9" * 30, "9" * 5000, "987654321", "٣", "²"])
def test_a_mistyped_place_is_an_ordinary_queue(neurology, doctor, value):
    QuestionFactory(specialty=neurology, headline="Here")

    assert waiting(read(doctor, f"?after={value}")) == ["Here"]


def test_a_draft_of_ones_own_is_marked_and_no_others(neurology, doctor):
    drafted, other = QuestionFactory(specialty=neurology), QuestionFactory(specialty=neurology)
    Draft.objects.create(question=drafted, doctor=doctor)
    Draft.objects.create(question=other, doctor=DoctorFactory(specialties=[neurology]))

    rows = read(doctor).one("ol", class_="queue").all("li")

    assert [row.texts("strong") for row in rows] == [["Draft saved"], []]


def test_follow_ups_wait_oldest_first_until_they_are_answered(neurology, doctor):
    published = {"published": True, "specialty": neurology}
    for title, hours in (("Newer", 2), ("Older", 5)):
        question = QuestionFactory(**published, public_title=title)
        FollowUpFactory(question=question, text=f"{title}?", created_at=NOW - timedelta(hours=hours))
    FollowUpFactory(question=QuestionFactory(**published), answered=True)
    FollowUpFactory(question=QuestionFactory(hidden=True, specialty=neurology))
    FollowUpFactory()

    rows = read(doctor).one("section").all("li")

    assert read(doctor).one("section").texts("h2") == ["Follow-up questions"]
    assert [row.one("a").text for row in rows] == ["Older", "Newer"]
    assert [row.one(class_="queue__meta").text for row in rows] == ["Older?", "Newer?"]
    assert [row.one(class_="waiting-badge").text for row in rows] == ["Waiting 5 hours", "Waiting 2 hours"]


@pytest.mark.parametrize(
    ("traits", "advice"),
    [
        ({"unverified": True}, "An admin has not verified your profile yet."),
        ({"expired": True}, "Your licence on record has expired."),
        ({"licence": None}, "There is no licence on record for you yet."),
        ({"suspended": True}, "An admin has suspended your work here."),
        ({"retired": True}, "You no longer work here."),
    ],
)
def test_a_doctor_who_may_not_work_is_told_what_stands_in_the_way(neurology, traits, advice):
    QuestionFactory(specialty=neurology, headline="Secret")

    page = read(DoctorFactory(specialties=[neurology], **traits))

    assert page.texts("h1") == ["This page is for verified doctors"]
    assert page.one(class_="lede").text.startswith(advice)
    assert "Secret" not in page.source
