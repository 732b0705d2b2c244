"""Urgent questions on the doctor's desk: on top, marked, told why, and unmarked by a doctor."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forum.questions.models import Question
from tests.factories import DoctorFactory, FollowUpFactory, InfoRequestFactory, QuestionFactory, SpecialtyFactory
from tests.html import parse
from tests.moderation.desk import address, browser, decisions, send

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def neurology():
    return SpecialtyFactory(slug="neurology")


@pytest.fixture
def doctor(neurology):
    return DoctorFactory(specialties=[neurology])


@pytest.fixture
def queue(neurology):
    """Four questions, the oldest first; the second and the last of them are urgent."""
    made = [
        QuestionFactory(specialty=neurology, headline=name, created_at=NOW - timedelta(hours=9 - hour))
        for hour, name in enumerate(["old", "old urgent", "new", "new urgent"])
    ]
    for question in (made[1], made[3]):
        question.flag(["stroke"])
    return made


def headlines(doctor, query: str = "") -> list[str]:
    return parse(browser(doctor).get(f"/dashboard/{query}")).texts("a", class_="queue__title")


def test_urgent_ones_stand_on_top_then_those_that_waited_longest(doctor, queue):
    assert headlines(doctor) == ["old urgent", "new urgent", "old", "new"]


def test_urgent_ones_stand_above_what_came_back_and_nothing_stands_twice(doctor, queue):
    InfoRequestFactory(question=queue[2], asked_by=doctor, answered=True)

    page = parse(browser(doctor).get("/dashboard/")).one(id="queue")

    assert page.texts("h2") == ["Urgent", "The patient has answered you", "All others that wait"]
    assert page.texts("a", class_="queue__title") == ["old urgent", "new urgent", "new", "old"]


def test_the_filter_shows_urgent_ones_alone(doctor, queue):
    assert headlines(doctor, "?show=urgent") == ["old urgent", "new urgent"]


def test_every_place_in_the_queue_leads_on_to_what_is_behind_it(queue):
    order = list(Question.objects.waiting())

    behind = [list(Question.objects.waiting().after_in_queue(question.pk)) for question in order]

    assert behind == [order[place + 1 :] for place in range(4)]


def test_next_goes_from_the_urgent_ones_to_the_others(doctor, queue):
    client = browser(doctor)

    following = [client.get(f"/dashboard/next/?after={question.pk}")["Location"] for question in queue]

    assert following == [address(queue[place]) for place in (2, 3, 1, 0)]


def test_a_row_says_in_words_that_it_is_urgent_and_why(doctor, queue):
    rows = parse(browser(doctor).get("/dashboard/")).all("li", class_="queue__row")

    assert [row.one(class_="queue__marks").text for row in rows] == ["Urgent: Stroke", "Urgent: Stroke", "", ""]


def test_the_work_page_tells_the_rule_and_its_source(doctor, queue):
    page = parse(browser(doctor).get(address(queue[1]))).one("section", class_="alarm")

    assert page.links() == [("NHS: Stroke (FAST)", "https://www.nhs.uk/conditions/stroke/symptoms/")]
    assert page.texts("button") == ["It is not urgent"]
    assert parse(browser(doctor).get(address(queue[0]))).all("section", class_="alarm") == []


def test_a_doctor_unmarks_it_and_the_rule_stays_to_be_seen(doctor, queue):
    answers = [send(browser(doctor), queue[1], "not_urgent") for _twice in range(2)]

    assert [answer.url for answer in answers] == [address(queue[1])] * 2
    assert decisions(queue[1])[-1] == ("not_urgent", doctor.user.pk, "", "", "stroke")
    assert len(decisions(queue[1])) == 2
    assert headlines(doctor) == ["new urgent", "old", "old urgent", "new"]
    alarm = parse(browser(doctor).get(address(queue[1]))).one("section", class_="alarm")
    assert (alarm.texts("li"), alarm.texts("button")) == (["Stroke (NHS: Stroke (FAST))"], [])


def test_declining_an_urgent_question_is_as_ever(doctor, queue):
    send(browser(doctor), queue[1], "decline", reason="emergency", note="")

    assert Question.objects.get(pk=queue[1].pk).state == "declined"


def test_follow_ups_on_urgent_questions_come_first(doctor, neurology):
    first, urgent = (
        FollowUpFactory(question__specialty=neurology, question__headline=name, created_at=NOW - timedelta(hours=hour))
        for name, hour in (("first", 2), ("urgent", 1))
    )
    urgent.question.flag(["stroke"])

    assert list(type(first).objects.waiting()) == [urgent, first]
