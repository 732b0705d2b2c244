"""A merge of specialties can be undone for a day, exactly; killed at any statement, it was made or it was not."""

from datetime import timedelta
from functools import partial
from itertools import count

import pytest
from django.db.models import F
from django.utils import timezone

from accounts.models import DoctorSpecialty
from forum.notifications.models import Subscription
from forum.questions.models import Question, QuestionEvent
from forum.replies.models import Reply
from forum.search.models import DefaultTopic, QuestionTopic, Topic, TopicProposal, TopicRedirect
from forum.specialties.models import MergeStep, Specialty, SpecialtyEvent, SpecialtyMerge, SpecialtyRedirect
from forum.specialties.services import CannotUndo, merge_specialty, undo_merge
from tests.factories import (
    DoctorFactory,
    QuestionFactory,
    ReplyFactory,
    SpecialtyFactory,
    SubscriptionFactory,
    TopicFactory,
    TopicProposalFactory,
    UserFactory,
    published_thread,
)
from tests.kills import everything, killed_behind
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return SpecialtyFactory(name="Headache", slug="headache", description="Of the head.", target_hours=7, position=3)


@pytest.fixture
def target():
    return SpecialtyFactory(name="Neurology", slug="neurology")


@pytest.fixture
def admin():
    return UserFactory(admin=True)


def fill(source: Specialty, target: Specialty) -> None:
    """All that points to a specialty, and all that clashes with the other one."""
    SpecialtyFactory(parent=source)
    SpecialtyRedirect.objects.create(old_slug="older", specialty=source)
    doctors = [DoctorFactory(specialties=own) for own in ([source], [target], [source, target])]
    thread, other = published_thread(specialty=source), published_thread(specialty=target)
    QuestionFactory(specialty=source), QuestionFactory(specialty=source, needs_info=True)
    QuestionFactory(specialty=source, hidden=True), ReplyFactory(specialty=source, question=other)
    passed_on = QuestionFactory(specialty=source)
    passed_on.transfer(by=doctors[1], to=target)
    twins = [TopicFactory(name="Migraine", specialty=each) for each in (source, target)]
    moved = TopicFactory(name="Aura", specialty=source)
    for question, topics in ((thread, [*twins, moved]), (other, twins[:1])):
        for topic in topics:
            QuestionTopic.objects.create(question=question, topic=topic, score=0.5)
    TopicRedirect.objects.create(old_slug="hemicrania", topic=twins[0])
    for position, topic in enumerate([twins[0], moved, twins[1]]):
        DefaultTopic.objects.create(topic=topic, position=position)
    follower = UserFactory()
    for topic in twins:
        SubscriptionFactory(of_topic=True, topic=topic, email="both@example.net")
        SubscriptionFactory(of_topic=True, topic=topic, email="", user=follower)
    SubscriptionFactory(of_topic=True, topic=twins[0]), SubscriptionFactory(of_topic=True, topic=moved)
    for each in (source, target):
        TopicProposalFactory(name="Tension", specialty=each, threads=[thread, other])
    TopicProposalFactory(name="Migraine", specialty=source, accepted=True, topic=twins[0], threads=[thread])
    TopicProposalFactory(name="Cluster", specialty=source, rejected=True)


def merged(source: Specialty, target: Specialty, admin=None) -> SpecialtyMerge:
    return merge_specialty(source=source, target=target, by=admin)


def test_an_undone_merge_leaves_all_as_it_was(source, target, admin):
    fill(source, target)
    before = everything("SpecialtyMerge", "MergeStep")

    merge = merged(source, target, admin)
    assert everything("SpecialtyMerge", "MergeStep") != before
    undone = undo_merge(merge=merge, by=admin)

    assert everything("SpecialtyMerge", "MergeStep") == before
    assert (undone.specialty, undone.left) == (source, 0)
    merge.refresh_from_db()
    assert (merge.made_by, merge.undone_by, merge.undone_at is None) == (admin, admin, False)


def test_what_was_merged_into_a_specialty_under_another_comes_back(source, target, admin):
    child = SpecialtyFactory(parent=source)
    before = everything("SpecialtyMerge", "MergeStep")

    undo_merge(merge=merged(child, target, admin), by=admin)

    assert everything("SpecialtyMerge", "MergeStep") == before


def test_its_address_is_its_own_again_and_old_ones_lead_to_it(client, source, target, admin):
    SpecialtyRedirect.objects.create(old_slug="older", specialty=source)

    undo_merge(merge=merged(source, target, admin), by=admin)

    assert client.get("/specialties/headache/").status_code == 200
    assert client.get("/specialties/older/").url == "/specialties/headache/"


def test_an_address_that_led_elsewhere_before_the_merge_leads_there_again(source, target, admin):
    elsewhere = SpecialtyFactory()
    SpecialtyRedirect.objects.create(old_slug="headache", specialty=elsewhere)

    undo_merge(merge=merged(source, target, admin), by=admin)

    assert SpecialtyRedirect.objects.get().specialty == elsewhere


def test_what_others_moved_or_deleted_since_stays_and_is_counted(source, target, admin):
    third = SpecialtyFactory()
    stays, deleted, back = (QuestionFactory(specialty=source) for _question in range(3))
    doctor, both = DoctorFactory(specialties=[source]), DoctorFactory(specialties=[source, target])
    merge = merged(source, target, admin)
    Question.objects.filter(pk=stays.pk).update(specialty=third)
    Question.objects.filter(pk=deleted.pk).delete()
    both.specialties.remove(target)
    asked_since = QuestionFactory(specialty=target)

    undone = undo_merge(merge=merge, by=admin)

    assert undone.left == 3
    now = dict(Question.objects.values_list("pk", "specialty"))
    assert now == {stays.pk: third.pk, back.pk: source.pk, asked_since.pk: target.pk}
    assert (list(doctor.specialties.all()), list(both.specialties.all())) == ([source], [])


def test_who_stopped_to_follow_after_the_merge_follows_nothing(source, target, admin):
    topics = [TopicFactory(name="Migraine", specialty=each) for each in (source, target)]
    for topic in topics:
        SubscriptionFactory(of_topic=True, topic=topic, email="gone@example.net")
        SubscriptionFactory(of_topic=True, topic=topic, email="stays@example.net")
    merge = merged(source, target, admin)
    Subscription.objects.filter(email="gone@example.net").end()

    undone = undo_merge(merge=merge, by=admin)

    assert list(Subscription.objects.values_list("email", flat=True)) == ["stays@example.net"] * 2
    assert undone.left == 1


def test_no_address_of_a_follower_is_kept_for_the_undoing(source, target, admin):
    fill(source, target)

    merged(source, target, admin)

    kept = str(list(MergeStep.objects.values()))
    assert ("notifications.subscription" in kept, "@" in kept) == (True, False)


def test_a_topic_whose_address_was_taken_since_stays_joined(source, target, admin):
    twin = TopicFactory(name="Migraine", specialty=target)
    gone = TopicFactory(name="Migraine", specialty=source, slug="migraine")
    thread = published_thread(specialty=source)
    QuestionTopic.objects.create(question=thread, topic=gone)
    merge = merged(source, target, admin)
    TopicFactory(name="Another", slug="migraine")

    undone = undo_merge(merge=merge, by=admin)

    assert undone.left == 2
    assert list(thread.topics.all()) == [twin]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda merge: SpecialtyMerge.objects.update(made_at=F("made_at") - timedelta(hours=25)), "late"),
        (lambda merge: SpecialtyFactory(name="HEADACHE"), "name"),
        (lambda merge: SpecialtyFactory(slug="headache"), "address"),
        (lambda merge: merged(merge.target, SpecialtyFactory()), "target"),
    ],
)
def test_undo_is_refused_and_changes_nothing(source, target, admin, change, reason):
    fill(source, target)
    merge = merged(source, target, admin)
    change(merge)
    before = everything()

    with pytest.raises(CannotUndo) as refused:
        undo_merge(merge=merge, by=admin)

    assert refused.value.reason == reason
    assert everything() == before


def test_merges_are_undone_one_after_the_other(source, target, admin):
    fill(source, target)
    third = SpecialtyFactory()
    before = everything("SpecialtyMerge", "MergeStep")
    first = merged(source, target, admin)
    second = merged(target, third, admin)

    undo_merge(merge=second, by=admin)
    undo_merge(merge=first, by=admin)

    assert everything("SpecialtyMerge", "MergeStep") == before


def test_undone_twice_it_is_undone_once(source, target, admin):
    merge = merged(source, target, admin)
    undo_merge(merge=merge, by=admin)
    before = everything()

    assert undo_merge(merge=merge, by=UserFactory(admin=True)) is None

    merge.refresh_from_db()
    assert merge.undone_by == admin
    assert everything()["specialties.Specialty"] == before["specialties.Specialty"]


def test_a_specialty_whose_parent_is_no_longer_at_the_top_comes_back_at_the_top(source, target, admin):
    child = SpecialtyFactory(parent=source)
    merge = merged(child, target, admin)
    Specialty.objects.filter(pk=source.pk).update(parent=SpecialtyFactory())

    undo_merge(merge=merge, by=admin)

    assert Specialty.objects.get(pk=child.pk).parent is None


def test_what_an_old_merge_moved_is_forgotten_with_the_next_one(source, target, admin):
    old = merged(source, target, admin)
    SpecialtyMerge.objects.update(made_at=timezone.now() - timedelta(days=2))

    new = merged(SpecialtyFactory(), target, admin)

    assert set(SpecialtyMerge.objects.all()) == {old, new}
    assert set(MergeStep.objects.values_list("merge", flat=True)) == {new.pk}


def test_a_merge_and_its_undoing_stand_in_the_row_history(source, target, admin):
    question = QuestionFactory(specialty=source)

    undo_merge(merge=merged(source, target, admin), by=admin)

    acts = [{"act": act, "by": admin.pk} for act in ("merge", "undo_merge")]
    of_question = QuestionEvent.objects.filter(pgh_obj=question.pk).order_by("pgh_id")
    assert list(of_question.values_list("specialty", flat=True)) == [source.pk, target.pk]
    assert list(of_question.values_list("pgh_context", flat=True)) == acts
    of_source = SpecialtyEvent.objects.filter(pgh_obj=source.pk).order_by("pgh_id")
    assert list(of_source.values_list("pgh_label", flat=True)) == ["delete", "add"]
    assert list(of_source.values_list("pgh_context", flat=True)) == acts


@pytest.mark.django_db(transaction=True)
def test_a_merge_killed_at_any_statement_was_made_or_was_not(source, target, admin):
    fill(source, target)
    before = everything()
    merge = partial(merged, source, target, admin)

    for number in count():
        if not killed_behind(number, merge):
            break
        assert everything() == before

    assert number > 20
    assert not Specialty.objects.filter(pk=source.pk).exists()
    assert [model.objects.filter(specialty=source).exists() for model in (Question, Reply, Topic)] == [False] * 3


@pytest.mark.django_db(transaction=True)
def test_an_undoing_killed_at_any_statement_was_made_or_was_not(source, target, admin):
    fill(source, target)
    at_first = everything("SpecialtyMerge", "MergeStep")
    merge = merged(source, target, admin)
    before = everything()

    for number in count():
        if not killed_behind(number, partial(undo_merge, merge=merge, by=admin)):
            break
        assert everything() == before

    assert number > 20
    assert everything("SpecialtyMerge", "MergeStep") == at_first


@pytest.mark.django_db(transaction=True)
def test_two_admins_undo_at_once(source, target, admin):
    fill(source, target)
    before = everything("SpecialtyMerge", "MergeStep")
    merge = merged(source, target, admin)

    outcomes = at_once(*[partial(undo_merge, merge=merge, by=admin)] * 2)

    assert sorted(outcome is None for outcome in outcomes) == [False, True]
    assert everything("SpecialtyMerge", "MergeStep") == before


@pytest.mark.django_db(transaction=True)
def test_two_admins_merge_the_same_at_once(source, target, admin):
    fill(source, target)

    outcomes = at_once(*[partial(merged, source, target, admin)] * 2)

    assert {type(outcome) for outcome in outcomes} == {SpecialtyMerge, ValueError}
    assert DoctorSpecialty.objects.filter(specialty=target).count() == 3
    assert TopicProposal.objects.filter(specialty=target).count() == 3
