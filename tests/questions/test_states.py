"""The life of a question: each verb from each state."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from accounts.models import Doctor, User
from forum.questions.models import Decision, DeclineReason, Question, State, WrongState
from tests.factories import DoctorFactory, QuestionFactory, UserFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class People:
    doctor: Doctor
    patient: User
    admin: User


@dataclass(frozen=True)
class Verb:
    """`leads` from each of these states to the last one; `by` whom; `reason` as it is recorded."""

    act: Callable[[Question, People], bool | None]
    by: str
    leads_from: tuple[str, ...]
    leads_to: str
    reason: str = ""


VERBS = {
    "publish": Verb(
        lambda question, people: question.publish(by=people.doctor, title="About eyelids"),
        "doctor",
        ("waiting",),
        "published",
    ),
    "decline": Verb(
        lambda question, people: question.decline(by=people.doctor, reason="examination", note="Soon, please."),
        "doctor",
        ("waiting", "needs_info"),
        "declined",
        "examination",
    ),
    "withdraw": Verb(
        lambda question, people: question.withdraw(by=people.patient),
        "patient",
        ("waiting", "needs_info"),
        "withdrawn",
    ),
    "hide": Verb(
        lambda question, people: question.hide(by=people.admin, reason="report"),
        "admin",
        ("published",),
        "hidden",
        "report",
    ),
    "restore": Verb(
        lambda question, people: question.restore(by=people.admin, reason="checked"),
        "admin",
        ("hidden",),
        "published",
        "checked",
    ),
    "merge": Verb(
        lambda question, people: question.merge_into(QuestionFactory(published=True), by=people.admin),
        "admin",
        ("waiting", "needs_info", "published", "hidden"),
        "merged",
    ),
    "ask_info": Verb(
        lambda question, people: question.ask_info(by=people.doctor, note="Since when?"),
        "doctor",
        ("waiting",),
        "needs_info",
    ),
    "answer_info": Verb(
        lambda question, people: question.answer_info(by=people.patient, text="Since March."),
        "patient",
        ("needs_info",),
        "waiting",
    ),
}
MOVES = [(name, state) for name, verb in VERBS.items() for state in verb.leads_from]
REPEATS = [(name, verb.leads_to) for name, verb in VERBS.items()]
REFUSALS = [(name, state) for name in VERBS for state in State.values if (name, state) not in MOVES + REPEATS]


@pytest.fixture
def people() -> People:
    return People(DoctorFactory(), UserFactory(), UserFactory(admin=True))


def in_state(state: str, **fields) -> Question:
    return QuestionFactory(**({} if state == "waiting" else {state: True}), **fields)


def row(question: Question) -> dict:
    return Question.objects.filter(pk=question.pk).values().get()


def decisions(question: Question) -> list[tuple]:
    return list(question.decisions.values_list("act", "by", "from_state", "to_state", "reason"))


@pytest.mark.parametrize(("name", "state"), MOVES)
def test_verb_moves_the_question_and_records_who_did_it(people, name, state):
    question, verb = in_state(state), VERBS[name]

    verb.act(question, people)

    by = getattr(people, verb.by)
    by = by.user if isinstance(by, Doctor) else by
    assert (row(question)["state"], question.state) == (verb.leads_to, verb.leads_to)
    assert decisions(question) == [(name, by.pk, state, verb.leads_to, verb.reason)]


@pytest.mark.parametrize(("name", "state"), REPEATS)
def test_verb_repeated_changes_and_records_nothing(people, name, state):
    question = in_state(state)
    before = row(question)

    VERBS[name].act(question, people)

    assert (row(question), decisions(question)) == (before, [])


@pytest.mark.parametrize(("name", "state"), REFUSALS)
def test_verb_from_a_wrong_state_is_refused_and_changes_nothing(people, name, state):
    question = in_state(state)
    before = row(question)

    with pytest.raises(WrongState):
        VERBS[name].act(question, people)

    assert (row(question), decisions(question)) == (before, [])


@pytest.mark.parametrize(("name", "state"), MOVES)
def test_verb_whose_decision_cannot_be_recorded_changes_nothing(people, monkeypatch, name, state):
    question = in_state(state)
    before = row(question)
    monkeypatch.setattr(Decision, "save", lambda self, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        VERBS[name].act(question, people)

    assert row(question) == before


@pytest.mark.parametrize(("name", "state"), MOVES)
def test_verb_goes_by_the_state_in_the_database_not_the_one_it_was_read_with(people, name, state):
    question = in_state(state)
    stale = Question.objects.get(pk=question.pk)
    Question.objects.filter(pk=question.pk).update(state=State.DECLINED, decline_reason=DeclineReason.ABUSIVE)

    if name == "decline":
        VERBS[name].act(stale, people)
        assert row(question)["decline_reason"] == "abusive"
        return
    with pytest.raises(WrongState, match="declined"):
        VERBS[name].act(stale, people)


@pytest.mark.parametrize(("name", "state"), MOVES)
def test_verb_saves_nothing_that_somebody_else_has_changed_meanwhile(people, name, state):
    question = in_state(state)
    Question.objects.filter(pk=question.pk).update(text="Corrected")

    VERBS[name].act(question, people)

    assert row(question)["text"] == "Corrected"


def test_publish_makes_a_thread_under_the_doctors_title_and_keeps_the_patients_headline(people):
    question = in_state("waiting", headline="Why does it twitch?")

    question.publish(by=people.doctor, title="Twitching eyelid: causes")

    saved = Question.objects.published().get()
    assert (saved.title, saved.headline) == ("Twitching eyelid: causes", "Why does it twitch?")
    assert saved.get_absolute_url() == f"/questions/{question.pk}/twitching-eyelid-causes/"
    assert saved.published_at == saved.modified_at == question.published_at


def test_publish_a_second_time_keeps_the_first_title(people):
    question = in_state("waiting")
    stale = Question.objects.get(pk=question.pk)
    question.publish(by=people.doctor, title="The first")

    stale.publish(by=DoctorFactory(), title="The second")

    assert row(question)["public_title"] == "The first"
    assert len(decisions(question)) == 1


def test_decline_keeps_the_reason_and_the_note(people):
    question = in_state("waiting")

    question.decline(by=people.doctor, reason="examination", note="Soon, please.")

    assert (row(question)["decline_reason"], row(question)["decline_note"]) == ("examination", "Soon, please.")


def test_decline_for_an_unknown_reason_is_refused(people):
    question = in_state("waiting")
    before = row(question)

    with pytest.raises(ValueError, match="boredom"):
        question.decline(by=people.doctor, reason="boredom")

    assert (row(question), decisions(question)) == (before, [])


@pytest.mark.parametrize("name", ["decline", "merge"])
def test_verb_tells_whether_it_was_done_before(people, name):
    question = in_state("waiting")

    assert [VERBS[name].act(question, people), VERBS[name].act(question, people)] == [True, False]


def test_decision_never_holds_the_patients_or_the_doctors_words(people):
    question = in_state("waiting")

    question.decline(by=people.doctor, reason="examination", note="Soon, please.")

    assert {"Soon, please.", question.headline, question.text}.isdisjoint(map(str, Decision.objects.values_list()[0]))


def test_hide_and_restore_keep_the_thread_as_it_was(people):
    question = in_state("published")
    before = row(question)

    question.hide(by=people.admin, reason="report")
    assert list(Question.objects.published()) == []
    question.restore(by=people.admin, reason="checked")

    assert row(question) | {"version": None} == before | {"version": None}
    assert list(Question.objects.published()) == [question]


def test_merge_takes_earlier_duplicates_along(people):
    earlier, question, target = in_state("merged"), in_state("published"), in_state("published")
    Question.objects.filter(pk=earlier.pk).update(merged_into=question)

    question.merge_into(target, by=people.admin)

    assert (row(earlier)["merged_into_id"], row(question)["merged_into_id"]) == (target.pk, target.pk)


@pytest.mark.parametrize("state", ["waiting", "needs_info", "declined", "withdrawn", "hidden", "merged"])
def test_merge_into_what_is_not_public_is_refused(people, state):
    question, target = in_state("published"), in_state(state)
    before = row(question), row(target)

    with pytest.raises(WrongState):
        question.merge_into(target, by=people.admin)

    assert (row(question), row(target), decisions(question)) == (*before, [])


def test_merge_into_itself_is_refused(people):
    question = in_state("published")
    before = row(question)

    with pytest.raises(WrongState):
        question.merge_into(question, by=people.admin)

    assert (row(question), decisions(question)) == (before, [])


def test_merge_with_the_duplicates_taken_along_is_undone_when_it_fails(people, monkeypatch):
    earlier, question, target = in_state("merged"), in_state("published"), in_state("published")
    Question.objects.filter(pk=earlier.pk).update(merged_into=question)
    before = row(earlier)
    monkeypatch.setattr(Decision, "save", lambda self, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        question.merge_into(target, by=people.admin)

    assert row(earlier) == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["withdraw", "decline", "publish"])
def test_two_verbs_at_the_same_moment_leave_the_decision_of_one(people, other):
    question = in_state("waiting")
    acts = (
        lambda: Question.objects.get(pk=question.pk).publish(by=people.doctor, title="The first"),
        lambda: VERBS[other].act(Question.objects.get(pk=question.pk), people),
    )

    results = at_once(*acts, *acts)

    won = row(question)["state"]
    assert [to_state for *_act, to_state, _reason in decisions(question)] == [won]
    assert {type(result) for result in results if isinstance(result, Exception)} <= {WrongState}
    assert won in ("published", VERBS[other].leads_to)
