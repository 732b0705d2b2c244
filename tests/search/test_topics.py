"""Topics: the subjects that threads share."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from forum.search.models import QuestionTopic, Topic, TopicRedirect
from forum.search.services import set_topics
from tests.factories import QuestionFactory, SpecialtyFactory, TopicFactory

pytestmark = pytest.mark.django_db


def names(question) -> list[str]:
    return list(question.question_topics.order_by("id").values_list("topic__name", flat=True))


def test_new_names_become_topics_of_the_threads_specialty():
    question = QuestionFactory(published=True)

    set_topics(question, ["Muscle twitching", "肌肉跳動"])

    assert names(question) == ["Muscle twitching", "肌肉跳動"]
    assert list(Topic.objects.order_by("pk").values_list("slug", "specialty")) == [
        ("muscle-twitching", question.specialty_id),
        ("肌肉跳動", question.specialty_id),
    ]


def test_a_known_name_in_other_letters_is_the_same_topic():
    question = QuestionFactory(published=True)
    topic = TopicFactory(name="Muscle Twitching", specialty=question.specialty)

    set_topics(question, ["muscle twitching", "MUSCLE TWITCHING"])

    assert names(question) == ["Muscle Twitching"]
    assert Topic.objects.get() == topic


def test_the_same_name_in_another_specialty_is_another_topic_with_an_address_of_its_own():
    elsewhere = TopicFactory(name="Pain", slug="pain")
    question = QuestionFactory(published=True)

    set_topics(question, ["Pain"])

    own = question.topics.get()
    assert own != elsewhere
    assert own.slug == "pain-2"


def test_topics_are_replaced_and_stand_in_the_order_given():
    question = QuestionFactory(published=True)
    set_topics(question, ["A", "B", "C"])

    set_topics(question, ["C", "D", "A"])

    assert names(question) == ["C", "D", "A"]
    assert Topic.objects.count() == 4


def test_no_names_means_no_topics():
    question = QuestionFactory(published=True)
    set_topics(question, ["A"])

    set_topics(question, [])

    assert names(question) == []


def test_a_topic_hands_its_threads_to_its_twin_and_its_address_redirects():
    specialty = SpecialtyFactory()
    old, twin = (TopicFactory(name=name, slug=name.lower(), specialty=specialty) for name in ("Old", "Twin"))
    both, one = QuestionFactory(published=True), QuestionFactory(published=True)
    for question, topic in ((both, old), (both, twin), (one, old)):
        QuestionTopic.objects.create(question=question, topic=topic)
    TopicRedirect.objects.create(old_slug="older", topic=old)

    old.absorb_into(twin)

    assert (names(both), names(one)) == (["Twin"], ["Twin"])
    assert list(Topic.objects.all()) == [twin]
    moved = [Client().get(f"/topics/{slug}/") for slug in ("old", "older")]
    assert [(answer.status_code, answer["Location"]) for answer in moved] == [(301, "/topics/twin/")] * 2


def test_two_topics_of_one_name_in_one_specialty_are_refused():
    topic = TopicFactory(name="Pain")

    with pytest.raises(IntegrityError, match="topic_name_unique_in_specialty"), transaction.atomic():
        TopicFactory(name="PAIN", specialty=topic.specialty)
