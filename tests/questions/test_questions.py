"""What is always true of a question, and which ones a query holds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError
from django.utils import timezone

from forum.questions.models import AgeBand, DeclineReason, Question, State
from forum.questions.permissions import can_withdraw_question, can_work_on_question
from forum.questions.pseudonyms import suggest_pseudonym
from forum.questions.templatetags.questions import asker, day, in_words
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory, UserFactory
from tests.people import ROLES, make_cast

pytestmark = pytest.mark.django_db

STATES = State.values


def in_state(state: str, **fields) -> Question:
    return QuestionFactory(**({} if state == "waiting" else {state: True}), **fields)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("question_published_with_title", {"published": True, "public_title": ""}),
        ("question_published_with_title", {"published": True, "published_at": None}),
        ("question_merged_with_target", {"state": "merged"}),
        ("question_merged_with_target", {"merged": True, "state": "hidden"}),
        ("question_decline_reason", {"state": "declined"}),
        ("question_decline_reason", {"decline_reason": DeclineReason.ABUSIVE}),
        ("question_age_band_known", {"age_band": "37"}),
        ("question_sex_known", {"sex": "f"}),
    ],
)
def test_question_that_cannot_be_is_refused_by_the_database(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        QuestionFactory(**fields)


def test_question_merged_into_itself_is_refused_by_the_database():
    question = QuestionFactory()

    with pytest.raises(IntegrityError, match="question_not_into_itself"):
        Question.objects.filter(pk=question.pk).update(state=State.MERGED, merged_into=question.pk)


def test_token_opens_one_question():
    QuestionFactory(token="the same")

    with pytest.raises(IntegrityError, match="token_hash"):
        QuestionFactory(token="the same")


@pytest.mark.parametrize("fields", [{"age_band": band} for band in ["", *AgeBand.values]] + [{"sex": ""}])
def test_question_with_a_known_or_unsaid_age_and_sex_is_taken(fields):
    question = QuestionFactory(**fields)

    assert Question.objects.filter(pk=question.pk, **fields).exists()


def test_waiting_holds_the_oldest_first():
    now = timezone.now()
    newer, older = (QuestionFactory(created_at=now - timedelta(hours)) for hours in (1, 2))
    for state in set(STATES) - {"waiting"}:
        in_state(state)

    assert list(Question.objects.waiting()) == [older, newer]


def test_for_doctor_holds_the_own_specialties_and_those_under_them():
    top = SpecialtyFactory()
    doctor = DoctorFactory(specialties=[top])
    own, under = QuestionFactory(specialty=top), QuestionFactory(specialty__parent=top)
    QuestionFactory()

    assert set(Question.objects.for_doctor(doctor)) == {own, under}


def test_for_doctor_of_a_sub_specialty_does_not_hold_the_ones_above():
    child = SpecialtyFactory(parent=SpecialtyFactory())
    QuestionFactory(specialty=child.parent)

    assert list(Question.objects.for_doctor(DoctorFactory(specialties=[child]))) == []


SEES = {
    "visitor": {"published"},
    "asker_by_token": {"published"},
    "other_patient": {"published"},
    "other_doctor": {"published"},
    "unverified_doctor": {"published"},
    "expired_doctor": {"published"},
    "doctor": set(STATES) - {"withdrawn"},
    "asker": set(STATES),
    "admin": set(STATES) - {"withdrawn"},
}


@pytest.mark.parametrize("role", ROLES)
def test_visible_to_holds_what_each_may_open(role):
    cast = make_cast()
    questions = [in_state(state, specialty=cast.specialty, asker=cast.users["asker"]) for state in STATES]
    user = cast.users[role] or AnonymousUser()

    seen = Question.objects.visible_to(user).filter(pk__in=[question.pk for question in questions])

    assert {question.state for question in seen} == SEES[role]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", STATES)
def test_can_work_on_question_only_a_working_doctor_of_its_specialty(role, state):
    cast = make_cast()
    question = in_state(state, specialty=cast.specialty, asker=cast.users["asker"])

    may = can_work_on_question(cast.users[role] or AnonymousUser(), question)

    assert may is (role == "doctor" and state != "withdrawn")


@pytest.mark.parametrize("state", STATES)
def test_can_withdraw_question_only_until_a_doctor_has_dealt_with_it(state):
    assert can_withdraw_question(in_state(state)) is (state in ("waiting", "needs_info"))


def test_newest_first_can_be_paged_in_both_directions():
    now = timezone.now()
    first, second, third = (
        QuestionFactory(published=True, published_at=at) for at in (now - timedelta(1), now, now)
    )  # the newest two at the same moment

    published = Question.objects.published()
    assert list(published.newest_first()) == [third, second, first]
    assert list(published.older_than(third.pk)) == [second, first]
    assert list(published.newer_than(first.pk)) == [second, third]


def test_after_in_queue_goes_on_behind_a_question_even_one_that_is_gone():
    now = timezone.now()
    first, second, third = (QuestionFactory(created_at=at) for at in (now, now, now + timedelta(1)))
    first.withdraw(by=None)

    assert list(Question.objects.waiting().after_in_queue(first.pk)) == [second, third]
    assert list(Question.objects.waiting().after_in_queue(second.pk)) == [third]


def test_asked_by_holds_ones_own_newest_first():
    patient, now = UserFactory(), timezone.now()
    older, newer = (QuestionFactory(asker=patient, created_at=now - timedelta(days)) for days in (2, 1))
    QuestionFactory(asker=UserFactory())
    QuestionFactory()

    assert list(Question.objects.asked_by(patient)) == [newer, older]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Twitching eyelid: why?", "twitching-eyelid-why"),
        ("眼皮跳 怎麼辦？", "眼皮跳-怎麼辦"),
        ("???", "thread"),
        ("x" * 79 + " y z", "x" * 79),
    ],
)
def test_slug_is_made_of_the_title(title, slug):
    assert QuestionFactory.build(public_title=title).slug == slug


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "Kk, 20~29 year old female."),
        ({"age_band": ""}, "Kk, female."),
        ({"sex": ""}, "Kk, 20~29 year old."),
        ({"pseudonym": ""}, "20~29 year old female."),
        ({"age_band": "", "sex": ""}, "Kk."),
        ({"age_band": "", "sex": "", "pseudonym": ""}, ""),
    ],
)
def test_asker_line_says_what_is_known(fields, line):
    assert asker(QuestionFactory.build(**fields)) == line


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (timedelta(0), "1 minute"),
        (timedelta(minutes=89), "1 hour"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(hours=48), "2 days"),
        (timedelta(days=9, hours=13), "10 days"),
    ],
)
def test_wait_is_told_in_hours_then_in_days(wait, words):
    assert in_words(wait) == words


def test_day_is_that_of_the_site_and_nothing_where_it_is_unknown():
    assert day(date(2023, 1, 5)) == '<time datetime="2023-01-05">2023/01/05</time>'
    assert day(datetime(2023, 12, 14, 17, tzinfo=UTC)) == ('<time datetime="2023-12-15">2023/12/15</time>')
    assert day(None) == ""


def test_suggested_pseudonym_is_one_that_no_question_has(monkeypatch):
    QuestionFactory(pseudonym="Maple 1000")
    numbers = iter([0, 0, 7])
    monkeypatch.setattr("forum.questions.pseudonyms.shuffled", lambda _number: next(numbers))

    assert suggest_pseudonym() == "Maple 1007"
