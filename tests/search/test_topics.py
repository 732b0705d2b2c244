"""Topics: the subjects that threads share."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from forum.questions.models import Question
from forum.search.fitting import fit, score_some
from forum.search.models import QuestionTopic, Topic, TopicRedirect
from forum.search.services import index_questions, set_topics
from forum.search.tasks import catch_up
from tests.factories import QuestionFactory, SpecialtyFactory, TopicFactory, UserFactory, published_thread

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


# How well threads fit a topic


def fit_of(name: str, **fields) -> float:
    thread = {"title": "", "headline": "", "text": "", "replies": 1, "has_article": False}
    return fit(name, **thread | fields)


def test_the_title_tells_more_than_the_headline_and_that_no_less_than_the_question():
    places = [fit_of("Night cramps", **{place: "Night cramps"}) for place in ("title", "headline", "text")]

    assert places == [0.5167, 0.2167, 0.2167]


def test_half_of_the_words_count_half():
    assert fit_of("Night cramps", title="Cramp after sport") == 0.2667


def test_plurals_and_chinese_scripts_make_no_difference():
    assert fit_of("Cramps", title="A cramp") == fit_of("偏頭痛", title="偏头痛怎么办") == 0.5167


def test_more_replies_and_an_article_put_one_of_two_that_fit_alike_first():
    assert [fit_of("x", replies=n) for n in (0, 1, 3, 30)] == [0, 0.0167, 0.05, 0.05]
    assert fit_of("x", replies=3, has_article=True) == 0.1


def test_a_name_of_signs_alone_fits_nothing():
    assert fit_of("?!", title="?!") == 0.0167


def scores(question) -> list[float]:
    return list(question.question_topics.order_by("id").values_list("score", flat=True))


def test_topics_that_a_doctor_sets_are_scored_at_once():
    question = published_thread(public_title="Cramps", headline="Cramps", text="Cramps at night.")

    set_topics(question, ["Cramps", "Sport"])

    assert scores(question) == [0.9167, 0.0167]


def test_a_thread_that_changed_is_scored_again_by_the_worker():
    question = published_thread(public_title="Cramps", headline="Legs", text="Help.")
    set_topics(question, ["Cramps"])
    Question.objects.filter(pk=question.pk).update(public_title="Legs")

    index_questions([question.pk])
    unknown = scores(question)
    catch_up.call()

    assert (unknown, scores(question)) == ([None], [0.0167])


def test_what_has_no_score_is_given_one_batch_by_batch(monkeypatch):
    monkeypatch.setattr("forum.search.fitting.SCORED_AT_ONCE", 2)
    topic = TopicFactory()
    for _ in range(3):
        QuestionTopic.objects.create(question=published_thread(), topic=topic)

    assert [score_some() for _ in range(3)] == [2, 1, 0]
    assert None not in topic.question_topics.values_list("score", flat=True)


def test_a_score_renews_no_kept_page():
    question = published_thread()
    QuestionTopic.objects.create(question=question, topic=TopicFactory())
    before = Question.objects.values_list("version").get(pk=question.pk)

    score_some()

    assert scores(question) != [None]
    assert Question.objects.values_list("version").get(pk=question.pk) == before


def test_a_renamed_topic_has_its_threads_scored_again():
    question = published_thread(public_title="Cramps", headline="Legs", text="Help.")
    set_topics(question, ["Spasms"])
    topic = question.topics.get()
    client = Client()
    client.force_login(UserFactory(admin=True))

    client.post(
        f"/admin/search/topic/{topic.pk}/change/",
        {"name": "Cramps", "slug": topic.slug, "specialty": topic.specialty_id},
    )
    unknown = scores(question)
    catch_up.call()

    assert (unknown, scores(question)) == ([None], [0.5167])
