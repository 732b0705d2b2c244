"""Killed at any statement, a merge or its undoing has happened or has not."""

from collections.abc import Callable
from functools import partial
from itertools import count

import pytest

from forum.moderation.merging import merge_by_admin, undo_merge
from forum.moderation.models import Claim, Merge
from forum.moderation.services import claim_question
from forum.notifications.models import Notice
from forum.questions.models import Question
from forum.search.models import AnswerFound
from forum.search.services import set_topics
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory, UserFactory, published_thread
from tests.kills import everything, killed_behind
from tests.moderation.desk import tasks
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin():
    return UserFactory(admin=True)


def threads() -> tuple[Question, Question]:
    """A public thread that takes all along that can go along, and its target."""
    specialty = SpecialtyFactory()
    question, target = (published_thread(specialty=specialty, email=f"{n}@example.org") for n in range(2))
    set_topics(question, ["Coffee"])
    AnswerFound.objects.add_one(question)
    QuestionFactory(specialty=specialty, merged=True, merged_into=question)
    return question, target


def waiting_ones() -> tuple[Question, Question]:
    """Two that wait; a doctor is at work on one."""
    specialty = SpecialtyFactory()
    question, target = (QuestionFactory(specialty=specialty, email=f"{n}@example.org") for n in range(2))
    claim_question(question=question, doctor=DoctorFactory(specialties=[specialty]))
    return question, target


def kill_at_each_statement(act: Callable[[], object]) -> int:
    """How many statements the act has; killed behind each of them it leaves everything as it was, tasks too."""
    before = everything(), tasks()
    for number in count():
        if not killed_behind(number, act):
            return number
        assert (everything(), tasks()) == before


@pytest.mark.parametrize("pair", [threads, waiting_ones])
def test_a_merge_killed_at_any_statement_leaves_the_old_state_or_the_new_one(admin, pair):
    question, target = pair()
    act = partial(merge_by_admin, question=question, target=target, by=admin, reason="same_question")

    killed = kill_at_each_statement(act)

    question.refresh_from_db()
    assert killed > 10
    assert (question.state, question.merged_into, question.merged.count()) == ("merged", target, 0)
    assert (Merge.objects.count(), Claim.objects.count(), Notice.objects.count()) == (1, 0, 1)


@pytest.mark.parametrize("pair", [threads, waiting_ones])
def test_its_undoing_does_as_well(admin, pair):
    question, target = pair()
    state, along = question.state, question.merged.count()
    merge_by_admin(question=question, target=target, by=admin, reason="same_question")
    act = partial(undo_merge, merge=Merge.objects.get(), by=admin, reason="mistake")

    killed = kill_at_each_statement(act)

    question.refresh_from_db()
    assert killed > 10
    assert (question.state, question.merged_into, question.merged.count()) == (state, None, along)
    assert [merge.undone_because for merge in Merge.objects.all()] == ["mistake"]


def test_two_admins_who_merge_each_into_the_other_leave_one_merge(admin):
    question, target = waiting_ones()
    pairs = [(question, target), (target, question)] * 2

    outcomes = at_once(
        *(
            partial(
                merge_by_admin,
                question=Question.objects.get(pk=one.pk),
                target=Question.objects.get(pk=other.pk),
                by=admin,
                reason="same_question",
            )
            for one, other in pairs
        )
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["WrongState", "WrongState", "bool", "bool"]
    assert sorted(outcome for outcome in outcomes if isinstance(outcome, bool)) == [False, True]
    assert Merge.objects.count() == 1
