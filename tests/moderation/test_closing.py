"""Closing a specialty for asking, and what becomes of the questions that wait in it."""

from datetime import timedelta
from functools import partial
from itertools import count

import pytest
from django.test import Client
from django.utils import timezone

from forum.moderation.models import Claim, LookRequest
from forum.moderation.services import ask_info, claim_question
from forum.moderation.specialties import Closed, close_specialty
from forum.questions.models import InfoRequest, Question, Transfer
from forum.replies.models import Draft
from forum.specialties.models import Specialty, SpecialtyEvent
from forum.specialties.ordering import ChangedMeanwhile
from tests.erasing import delete_with_decisions
from tests.factories import (
    DoctorFactory,
    DraftFactory,
    LookRequestFactory,
    QuestionFactory,
    SpecialtyFactory,
    UserFactory,
    published_thread,
)
from tests.html import parse
from tests.kills import everything, killed_behind
from tests.moderation.desk import address, browser, decisions, expire, told
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return UserFactory(admin=True)


@pytest.fixture
def closing():
    return SpecialtyFactory(name="Neurology", slug="neurology")


@pytest.fixture
def other():
    return SpecialtyFactory(name="Dermatology", slug="dermatology")


def asked(specialty, **fields) -> Question:
    return QuestionFactory(specialty=specialty, email="patient@example.org", **fields)


def where(question: Question) -> int:
    return Question.objects.values_list("specialty_id", flat=True).get(pk=question.pk)


def test_waiting_questions_stay_where_that_is_said(admin, closing):
    question = asked(closing)

    assert close_specialty(specialty=closing, by=admin) == Closed(0, 0)

    closing.refresh_from_db()
    assert (closing.is_open, where(question), decisions(question), told(question)) == (False, closing.pk, [], [])


def test_waiting_questions_go_to_another_one_with_age_and_state(admin, closing, other):
    waiting = asked(closing, created_at=timezone.now() - timedelta(hours=9))
    with_patient = asked(closing, needs_info=True)
    others = [published_thread(specialty=closing), asked(closing, declined=True), asked(closing, withdrawn=True)]

    assert close_specialty(specialty=closing, by=admin, to=other) == Closed(2, 0)

    assert [where(each) for each in (waiting, with_patient)] == [other.pk] * 2
    assert [where(each) for each in others] == [closing.pk] * 3
    assert Question.objects.get(pk=waiting.pk).created_at == waiting.created_at
    assert decisions(waiting) == [("transfer", admin.pk, "waiting", "waiting", "dermatology")]
    assert decisions(with_patient) == [("transfer", admin.pk, "needs_info", "needs_info", "dermatology")]
    assert (told(waiting), told(with_patient)) == (["transferred"], ["transferred"])


def test_those_under_it_stay_open_and_keep_their_questions(admin, closing, other):
    child = SpecialtyFactory(parent=closing)
    question = asked(child)

    close_specialty(specialty=closing, by=admin, to=other)

    assert (where(question), Specialty.objects.get(pk=child.pk).is_open) == (child.pk, True)


def test_what_a_doctor_is_at_work_on_stays_and_goes_later(admin, closing, other):
    doctor = DoctorFactory(specialties=[closing])
    held, free = asked(closing), asked(closing)
    claim_question(question=held, doctor=doctor)

    assert close_specialty(specialty=closing, by=admin, to=other) == Closed(1, 1)
    assert (where(held), where(free)) == (closing.pk, other.pk)
    assert Claim.objects.get().doctor == doctor

    expire(held)
    assert close_specialty(specialty=closing, by=admin, to=other) == Closed(1, 0)
    assert (where(held), Claim.objects.count()) == (other.pk, 0)


def test_drafts_are_kept_and_colleagues_need_not_look_any_more(admin, closing, other):
    doctor = DoctorFactory(specialties=[closing, other])
    draft = DraftFactory(question=asked(closing), doctor=doctor, text="Sleep more.")
    LookRequestFactory(question=draft.question, asked_by=doctor)

    close_specialty(specialty=closing, by=admin, to=other)

    assert Draft.objects.get().text == "Sleep more."
    assert LookRequest.objects.get().ended_at is not None
    assert "Sleep more." in parse(browser(doctor).get(address(draft.question))).text


def test_patient_and_doctors_read_why_it_was_passed_on(admin, closing, other):
    question = asked(closing, token="secret-token")
    doctor = DoctorFactory(specialties=[other])

    close_specialty(specialty=closing, by=admin, to=other)

    assert parse(Client().get("/status/secret-token/")).one(class_="notice--waiting").texts("p")[1] == (
        "New questions are no longer taken in Neurology, so it was passed on. It keeps its place."
    )
    client = browser(doctor)
    assert parse(client.get("/dashboard/")).one("ol", class_="queue").texts(class_="tag") == ["Transferred"]
    so_far = parse(client.get(address(question))).one(class_="so-far").one("h3").text
    assert so_far.startswith("Passed on, as new questions were no longer taken there: Neurology → Dermatology")


def test_doctors_are_told_of_what_came_to_them_when_its_patient_answers(admin, closing, other):
    first, next_one = DoctorFactory(specialties=[closing]), DoctorFactory(specialties=[other])
    question = asked(closing, urgent=True, red_flags=["stroke"])
    ask_info(question=question, doctor=first, note="Since when?")
    close_specialty(specialty=closing, by=admin, to=other)
    assert [notice.user for notice in question.notices.filter(kind="urgent")] == []

    Question.objects.get(pk=question.pk).answer_info(by=None, text="Since March.")

    assert InfoRequest.objects.get().answer == "Since March."
    assert [notice.user for notice in question.notices.filter(kind="urgent")] == [next_one.user]


@pytest.mark.parametrize("state", ["closed", "gone", "itself"])
def test_where_the_other_one_cannot_take_them_nothing_is_changed(admin, closing, other, state):
    question = asked(closing)
    if state == "closed":
        other.close(by=admin)
    if state == "gone":
        Specialty.objects.filter(pk=other.pk).delete()

    with pytest.raises(ChangedMeanwhile):
        close_specialty(specialty=closing, by=admin, to=closing if state == "itself" else other)

    assert (where(question), Specialty.objects.get(pk=closing.pk).is_open) == (closing.pk, True)


def test_closing_and_opening_stand_in_the_row_history_once(admin, closing):
    for _time in range(2):
        close_specialty(specialty=closing, by=admin)
    for _time in range(2):
        closing.open(by=admin)

    events = SpecialtyEvent.objects.order_by("pgh_id").values_list("is_open", "pgh_context")
    assert list(events) == [(True, {"act": "close", "by": admin.pk}), (False, {"act": "open", "by": admin.pk})]


@pytest.mark.django_db(transaction=True)
def test_a_closing_killed_at_any_statement_was_made_or_was_not(admin, closing, other):
    questions = [asked(closing), asked(closing, needs_info=True)]
    before = everything()

    for number in count():
        if not killed_behind(number, partial(close_specialty, specialty=closing, by=admin, to=other)):
            break
        assert everything() == before

    assert number > 10
    assert [where(each) for each in questions] == [other.pk] * 2


@pytest.mark.django_db(transaction=True)
def test_a_doctor_claims_while_the_specialty_is_closed(admin, closing, other):
    doctor = DoctorFactory(specialties=[closing])
    for _round in range(5):
        question = asked(closing)
        claim = partial(claim_question, question=question, doctor=doctor)

        closed, claimed = at_once(partial(close_specialty, specialty=closing, by=admin, to=other), claim)

        assert claimed is None
        assert closed in (Closed(1, 0), Closed(0, 1))
        assert where(question) == (other.pk if closed.moved else closing.pk)
        question.claim.delete()
        Transfer.objects.all().delete()
        delete_with_decisions(question)
