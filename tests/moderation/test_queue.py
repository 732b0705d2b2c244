"""What the queue can be narrowed to, what it says of each question, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.moderation import services
from forum.moderation.figures.own import Figures, own_figures
from forum.moderation.waiting import queue_of
from forum.questions.models import Question
from forum.replies.models import Draft
from tests.factories import DoctorFactory, InfoRequestFactory, QuestionFactory, SpecialtyFactory, published_thread
from tests.html import Element, parse
from tests.moderation.desk import browser, expire

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def neurology():
    return SpecialtyFactory(name="Neurology", slug="neurology")


@pytest.fixture
def doctor(neurology):
    return DoctorFactory(name="Wu Mukhan", specialties=[neurology])


def read(doctor, query: str = "") -> Element:
    return parse(browser(doctor).get(f"/dashboard/{query}")).one("main")


def headlines(page: Element) -> list[str]:
    return page.texts("a", class_="queue__title")


@pytest.mark.parametrize(
    ("hours", "word", "kind"),
    [
        (1, "On time", "on-time"),
        (8.9, "On time", "on-time"),
        (9.1, "Due soon", "soon"),
        (11.9, "Due soon", "soon"),
        (12.1, "Overdue", "overdue"),
        (900, "Overdue", "overdue"),
    ],
)
def test_a_wait_is_told_against_the_target_of_the_specialty(doctor, neurology, hours, word, kind):
    type(neurology).objects.update(target_hours=12)
    QuestionFactory(specialty=neurology, created_at=timezone.now() - timedelta(hours=hours))

    row = read(doctor).one("li", class_="queue__row")

    assert row.one(class_="queue__due").text == word
    assert f"waiting-badge--{kind}" in row.one(class_="waiting-badge").attrs["class"]


def test_a_specialty_without_a_target_of_its_own_wants_an_answer_in_a_day():
    assert SpecialtyFactory().target_hours == 24


def test_the_queue_says_who_holds_which(doctor, neurology):
    questions = [QuestionFactory(specialty=neurology, created_at=NOW - timedelta(hours=9 - n)) for n in range(4)]
    colleague = DoctorFactory(name="Ada Lin", specialties=[neurology])
    for question, holder in zip(questions, (doctor, colleague, colleague), strict=False):
        services.claim_question(question=question, doctor=holder)
    expire(questions[2])

    rows = read(doctor).one("ol", class_="queue").all("li")

    mine, hers = (question.claim.until.strftime("%H:%M") for question in questions[:2])
    marks = [f"You hold it until {mine}", f"Held by Dr. Ada Lin until {hers}", "", ""]
    assert [row.one(class_="queue__marks").text for row in rows] == marks
    assert [row.texts("button") for row in rows] == [[], [], ["Claim"], ["Claim"]]


def test_one_press_in_the_queue_claims_and_opens_it(doctor, neurology):
    question = QuestionFactory(specialty=neurology)

    form = read(doctor).one("li", class_="queue__row").one("form")

    assert (form.attrs["method"], form.attrs["action"]) == ("post", f"/dashboard/questions/{question.pk}/")
    assert (form.one("button").attrs["name"], form.one("button").attrs["value"]) == ("act", "claim")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["held", "hers", "lapsed", "returned", "drafted"]),
        ("?show=mine", ["held"]),
        ("?show=free", ["lapsed", "returned", "drafted"]),
        ("?show=returned", ["returned"]),
        ("?show=draft", ["drafted"]),
        ("?show=asked", ["asked"]),
        ("?show=nonsense", ["held", "hers", "lapsed", "returned", "drafted"]),
        ("?q=HELD", ["held"]),
        ("?q=%20%20numb+left%20foot", ["drafted"]),
        ("?q=100%25", []),
        ("?show=free&q=held", []),
        ("?q=" + "x" * 3000, []),
        ("?q=%00held", ["held"]),
        ("?specialty=neurology&show=draft&q=foot", ["drafted"]),
    ],
)
def test_filters_and_words_are_in_the_address(doctor, neurology, query, found):
    colleague = DoctorFactory(specialties=[neurology])
    names = ("held", "hers", "lapsed", "returned", "drafted", "asked")
    made = {
        name: QuestionFactory(specialty=neurology, headline=name, created_at=NOW - timedelta(hours=99 - n))
        for n, name in enumerate(names)
    }
    for name, holder in (("held", doctor), ("hers", colleague), ("lapsed", doctor)):
        services.claim_question(question=made[name], doctor=holder)
    expire(made["lapsed"])
    InfoRequestFactory(question=made["returned"], answered=True)
    Draft.objects.create(question=made["drafted"], doctor=doctor)
    Question.objects.filter(pk=made["drafted"].pk).update(text="My numb left foot.")
    made["asked"].ask_info(by=doctor, note="Since when?")

    assert headlines(read(doctor, query)) == found


def test_filters_are_links_that_keep_the_rest_of_the_address(doctor):
    nav = read(doctor, "?specialty=neurology&q=eye&after=5").one(class_="queue-tools__shows")

    assert nav.links() == [
        ("All", "?specialty=neurology&q=eye"),
        ("Urgent", "?specialty=neurology&q=eye&show=urgent"),
        ("Held by me", "?specialty=neurology&q=eye&show=mine"),
        ("Free", "?specialty=neurology&q=eye&show=free"),
        ("Returned", "?specialty=neurology&q=eye&show=returned"),
        ("With my draft", "?specialty=neurology&q=eye&show=draft"),
        ("With the patient", "?specialty=neurology&q=eye&show=asked"),
    ]


def test_a_filter_that_finds_nothing_leads_back_to_all(doctor):
    page = read(doctor, "?show=mine")

    assert page.one(class_="empty-state").texts("h2") == ["No question like that"]
    assert page.one(class_="empty-state").links() == [("Show the whole queue", "/dashboard/")]


def test_next_is_the_first_free_one_behind_it_then_the_first_of_all(doctor, neurology):
    first, second, third = (
        QuestionFactory(specialty=neurology, created_at=NOW - timedelta(hours=9 - n)) for n in range(3)
    )
    services.claim_question(question=second, doctor=DoctorFactory(specialties=[neurology]))
    client = browser(doctor)

    def following(question) -> str:
        return client.get(f"/dashboard/next/?after={question.pk}")["Location"]

    assert following(first) == f"/dashboard/questions/{third.pk}/"
    assert following(third) == f"/dashboard/questions/{first.pk}/"
    third.withdraw(by=None)
    assert following(first) == "/dashboard/"


@pytest.mark.parametrize("after", ["", "x", "9" * 40, "-1"])
def test_next_of_nothing_known_is_the_first(doctor, neurology, after):
    question = QuestionFactory(specialty=neurology)

    answer = browser(doctor).get("/dashboard/next/", {"after": after})

    assert answer["Location"] == f"/dashboard/questions/{question.pk}/"


def test_own_figures_are_three_plain_numbers_of_questions_asked_here(doctor, neurology):
    at = timezone.localtime().replace(day=1, hour=12)
    asked = {"specialty": neurology, "reply__doctor": doctor, "reply__created_at": at, "published_at": at}
    published_thread(**asked, created_at=at - timedelta(hours=5))
    published_thread(**asked, created_at=at - timedelta(hours=9), paused=timedelta(hours=6), reply__helped_at=at)
    published_thread(**asked, created_at=at - timedelta(hours=50))
    published_thread(**asked | {"reply__created_at": at - timedelta(days=40)}, reply__helped_at=at)
    published_thread(**asked, token_hash=None)
    published_thread(specialty=neurology)
    Question.objects.filter(pk=published_thread(**asked).pk).update(state="hidden")

    assert own_figures(doctor) == Figures(answered=3, wait=timedelta(hours=5), helped=2)
    assert [
        (row.one("dt").text, row.one("dd").text) for row in read(doctor).one("dl", class_="figures").all("div")
    ] == [
        ("Answered this month", "3"),
        ("Half of them within", "5 hours"),
        ("Patients you helped", "2"),
    ]


def test_own_figures_of_a_new_doctor_are_nothing(doctor):
    assert own_figures(doctor) == Figures(answered=0, wait=None, helped=0)


@pytest.mark.parametrize("query", ["", "?specialty=neurology&show=free&q=eyelid", "?after={place}"])
def test_ten_thousand_waiting_questions_are_read_in_a_dozen_queries(doctor, neurology, query):
    Question.objects.bulk_create(
        Question(
            pk=1_000_000 + number,  # so that the tests after this one do not begin with high ids
            specialty=neurology,
            headline=f"Headline {number}",
            text="My eyelid has been twitching for a week.",
            created_at=NOW - timedelta(minutes=number),
        )
        for number in range(10_000)
    )
    for question in Question.objects.waiting()[:30]:
        services.claim_question(question=question, doctor=DoctorFactory(specialties=[neurology]))
    client = browser(doctor)
    place = Question.objects.waiting()[5000].pk

    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get("/dashboard/" + query.format(place=place))

    assert len(queries) <= 12
    assert len(parse(page).all("li", class_="queue__row")) == 50


def test_the_queue_is_read_in_its_order_however_long_it_is(doctor, neurology):
    Question.objects.bulk_create(
        Question(specialty=neurology, headline="Why?", text="It twitches.", created_at=NOW - timedelta(minutes=number))
        for number in range(2_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE questions_question")

    plan = queue_of(doctor)[:50].explain()

    assert "question_longest_first" in plan
    assert "Sort" not in plan
