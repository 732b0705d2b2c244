import pytest

from forum.replies.models import Reply
from forum.search.models import QuestionTopic, Topic, TopicRedirect
from forum.specialties.journal import Journal
from forum.specialties.models import Specialty, SpecialtyRedirect
from forum.specialties.services import merge_specialty
from tests.factories import (
    ApplicationFactory,
    DoctorFactory,
    QuestionFactory,
    ReplyFactory,
    SpecialtyFactory,
    TopicFactory,
    published_thread,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return SpecialtyFactory(name="Headache", slug="headache")


@pytest.fixture
def target():
    return SpecialtyFactory(name="Neurology", slug="neurology")


def everything() -> dict[str, list]:
    """All rows that a merge may touch."""
    tables = [Specialty, SpecialtyRedirect, Topic, TopicRedirect, QuestionTopic, Reply]
    rows = {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}
    doctors = Specialty.doctors.through.objects.order_by("pk").values()
    return {**rows, "doctors": list(doctors)}


def test_merge_moves_questions_and_replies(source, target):
    question, reply, elsewhere = QuestionFactory(specialty=source), ReplyFactory(specialty=source), ReplyFactory()

    merge_specialty(source=source, target=target)

    question.refresh_from_db()
    assert question.specialty == target
    assert {row: row.specialty for row in Reply.objects.all()} == {reply: target, elsewhere: elsewhere.specialty}


def test_merge_moves_doctors_and_those_of_both_once(source, target):
    of_source, of_both = DoctorFactory(specialties=[source]), DoctorFactory(specialties=[source, target])
    third = SpecialtyFactory()
    of_target = DoctorFactory(specialties=[target, third])

    merge_specialty(source=source, target=target)

    assert list(of_source.specialties.all()) == [target]
    assert list(of_both.specialties.all()) == [target]
    assert set(of_target.specialties.all()) == {target, third}


def test_merge_moves_what_doctors_have_applied_for(source, target):
    both, one = ApplicationFactory(specialties=[source, target]), ApplicationFactory(specialties=[source])

    merge_specialty(source=source, target=target)

    assert [list(each.specialties.all()) for each in (both, one)] == [[target], [target]]


def test_merge_moves_sub_specialties(source, target):
    child = SpecialtyFactory(parent=source)

    merge_specialty(source=source, target=target)

    assert list(target.children.all()) == [child]


def test_merge_moves_topics_and_joins_those_of_the_same_name(source, target):
    twin = TopicFactory(specialty=target, name="Migraine", slug="migraine")
    gone = TopicFactory(specialty=source, name="MIGRAINE", slug="migraine-2")
    moved = TopicFactory(specialty=source, name="Aura", slug="aura")
    of_gone, of_both = published_thread(), published_thread()
    for question, topic in [(of_gone, gone), (of_both, gone), (of_both, twin), (of_gone, moved)]:
        question.question_topics.create(topic=topic)

    merge_specialty(source=source, target=target)

    assert set(Topic.objects.values_list("slug", "specialty")) == {("migraine", target.pk), ("aura", target.pk)}
    assert set(QuestionTopic.objects.values_list("question", "topic")) == {
        (of_gone.pk, twin.pk),
        (of_both.pk, twin.pk),
        (of_gone.pk, moved.pk),
    }


def test_merge_redirects_the_old_address_for_good(client, source, target):
    merge_specialty(source=source, target=target)

    answer = client.get("/specialties/headache/")

    assert (answer.status_code, answer.url) == (301, "/specialties/neurology/")


def test_merge_redirects_the_address_of_a_topic_that_was_joined(client, source, target):
    TopicFactory(specialty=target, name="Migraine", slug="migraine")
    TopicFactory(specialty=source, name="Migraine", slug="migraine-2")

    merge_specialty(source=source, target=target)

    answer = client.get("/topics/migraine-2/")
    assert (answer.status_code, answer.url) == (301, "/topics/migraine/")


def test_merge_after_merge_redirects_the_oldest_address_in_one_step(client, source, target):
    last = SpecialtyFactory(slug="medicine")
    merge_specialty(source=source, target=target)
    merge_specialty(source=target, target=last)

    for slug in ("headache", "neurology"):
        answer = client.get(f"/specialties/{slug}/")
        assert (answer.status_code, answer.url) == (301, "/specialties/medicine/")


def test_merge_of_a_specialty_that_took_over_an_old_address_redirects_to_the_newest(client, source, target):
    merge_specialty(source=source, target=target)
    again, other = SpecialtyFactory(name="Headache", slug="headache"), SpecialtyFactory(slug="pain")

    merge_specialty(source=again, target=other)

    assert client.get("/specialties/headache/").url == "/specialties/pain/"


def test_merge_of_a_topic_that_took_over_an_old_address_redirects_to_the_newest(client, source, target):
    TopicRedirect.objects.create(old_slug="migraine-2", topic=TopicFactory())
    TopicFactory(specialty=target, name="Migraine", slug="migraine")
    TopicFactory(specialty=source, name="Migraine", slug="migraine-2")

    merge_specialty(source=source, target=target)

    assert client.get("/topics/migraine-2/").url == "/topics/migraine/"


def test_merge_deletes_only_the_source(source, target):
    other = SpecialtyFactory()

    merge_specialty(source=source, target=target)

    assert set(Specialty.objects.all()) == {target, other}


def test_merge_that_fails_at_the_end_moves_nothing(monkeypatch, source, target):
    SpecialtyFactory(parent=source)
    DoctorFactory(specialties=[source, target])
    for specialty in (source, target):
        TopicFactory(specialty=specialty, name="Migraine")
    ReplyFactory(specialty=source, question__specialty=source)
    SpecialtyRedirect.objects.create(old_slug="older", specialty=source)
    before = everything()
    monkeypatch.setattr(Journal, "make", lambda self, row: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        merge_specialty(source=source, target=target)

    assert everything() == before


def test_merge_into_itself_is_refused(source):
    before = everything()

    with pytest.raises(ValueError, match="another one"):
        merge_specialty(source=source, target=source)

    assert everything() == before


@pytest.mark.parametrize("own", [True, False])
def test_merge_that_would_make_a_third_level_is_refused(source, target, own):
    child = SpecialtyFactory(parent=source)
    place = child if own else SpecialtyFactory(parent=target)
    before = everything()

    with pytest.raises(ValueError, match="third level"):
        merge_specialty(source=source, target=place)

    assert everything() == before


def test_merge_repeated_is_refused_and_changes_nothing(source, target):
    merge_specialty(source=Specialty.objects.get(pk=source.pk), target=target)
    before = everything()

    with pytest.raises(ValueError, match="that exists"):
        merge_specialty(source=source, target=target)

    assert everything() == before
