"""Default topics: what doctors begin with in a specialty, and what stands first on its page."""

import pytest
from django.test import Client

from forum.search.models import DefaultTopic, DefaultTopicEvent, Topic
from forum.search.services import default_topics, set_default_topics
from tests.factories import (
    DoctorFactory,
    DraftFactory,
    QuestionFactory,
    SpecialtyFactory,
    TopicFactory,
    UserFactory,
    published_thread,
)
from tests.html import parse
from tests.moderation.desk import address, browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return UserFactory(admin=True)


@pytest.fixture
def neurology():
    return SpecialtyFactory(name="Neurology", slug="neurology")


def test_new_names_become_topics_and_known_ones_are_used(admin, neurology):
    known = TopicFactory(name="Migraine", specialty=neurology)
    TopicFactory(name="Sleep", specialty=SpecialtyFactory())

    set_default_topics(specialty=neurology, names=["Sleep", "MIGRAINE"], by=admin)

    assert default_topics(neurology) == ["Sleep", "Migraine"]
    assert set(neurology.topics.values_list("name", flat=True)) == {"Sleep", "Migraine"}
    assert known.default.position == 1


def test_others_take_their_place_and_the_topics_stay(admin, neurology):
    set_default_topics(specialty=neurology, names=["A", "B"], by=admin)

    set_default_topics(specialty=neurology, names=["B", "C"], by=admin)

    assert default_topics(neurology) == ["B", "C"]
    assert Topic.objects.count() == 3


def test_what_changed_stands_in_the_row_history(admin, neurology):
    set_default_topics(specialty=neurology, names=["A", "B"], by=admin)
    set_default_topics(specialty=neurology, names=["A", "B"], by=admin)
    set_default_topics(specialty=neurology, names=["B"], by=admin)

    events = DefaultTopicEvent.objects.order_by("pgh_id").select_related("topic")
    assert sorted((event.pgh_label, event.topic.name, event.position) for event in events) == [
        *(("add", "A", 0), ("add", "B", 1), ("delete", "A", 0), ("update", "B", 1))
    ]
    assert [event.pgh_context for event in events] == [{"act": "default_topics", "by": admin.pk}] * 4


def test_doctors_begin_with_them(admin, neurology):
    set_default_topics(specialty=neurology, names=["Migraine", "Sleep"], by=admin)
    doctor, question = DoctorFactory(specialties=[neurology]), QuestionFactory(specialty=neurology)

    page = parse(browser(doctor).get(address(question)))

    assert page.one("input", name="topics").attrs["value"] == "Migraine, Sleep"


def test_a_draft_keeps_what_the_doctor_made_of_them(admin, neurology):
    set_default_topics(specialty=neurology, names=["Migraine"], by=admin)
    draft = DraftFactory(
        question=QuestionFactory(specialty=neurology), doctor=DoctorFactory(specialties=[neurology]), topics=""
    )

    page = parse(browser(draft.doctor).get(address(draft.question)))

    assert page.one("input", name="topics").attrs.get("value", "") == ""


def test_they_stand_first_on_the_page_of_the_specialty_once_a_thread_has_them(admin, neurology):
    set_default_topics(specialty=neurology, names=["Sleep", "Migraine", "Unused", "Hidden"], by=admin)
    threads = [published_thread(specialty=neurology), QuestionFactory(hidden=True, specialty=neurology)]
    shown = [*Topic.objects.filter(name__in=["Sleep", "Migraine"]), TopicFactory(name="Aura", specialty=neurology)]
    for thread, topics in zip(threads, (shown, [Topic.objects.get(name="Hidden")]), strict=True):
        for topic in topics:
            thread.question_topics.create(topic=topic)

    page = parse(Client().get("/specialties/neurology/"))

    lists = [each.texts("a") for each in page.one("main").all("ul", class_="topic-links")]
    assert lists == [["Sleep", "Migraine", "Aura"]]


def test_a_default_topic_of_a_thread_on_another_page_is_shown_all_the_same(admin, neurology):
    set_default_topics(specialty=neurology, names=["Sleep"], by=admin)
    old = published_thread(specialty=neurology)
    old.question_topics.create(topic=Topic.objects.get())
    for _thread in range(20):
        published_thread(specialty=neurology)

    page = parse(Client().get("/specialties/neurology/"))

    assert old.public_title not in page.text
    assert [each.texts("a") for each in page.one("main").all("ul", class_="topic-links")] == [["Sleep"]]


def test_a_deleted_topic_is_none_any_more(admin, neurology):
    set_default_topics(specialty=neurology, names=["Sleep"], by=admin)

    Topic.objects.all().delete()

    assert DefaultTopic.objects.count() == 0
