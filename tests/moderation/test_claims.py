"""Who is at work on a question: one doctor at a time, for half an hour."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from forum.moderation import services
from forum.moderation.models import Claim, HeldByAnother
from forum.questions.models import Decision, Question, State, WrongState
from forum.replies.models import Draft
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory
from tests.html import parse
from tests.moderation.desk import WORK, address, browser, decisions, expire, send, tasks
from tests.races import at_once

pytestmark = pytest.mark.django_db
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def doctor():
    return DoctorFactory(name="Wu Mukhan", specialties=[SpecialtyFactory()])


@pytest.fixture
def colleague(doctor):
    return DoctorFactory(name="Ada Lin", specialties=[doctor.specialties.get()])


@pytest.fixture
def question(doctor):
    return QuestionFactory(specialty=doctor.specialties.get())


def claim(question, doctor) -> None:
    services.claim_question(question=question, doctor=doctor)


def holder(question):
    """Whoever holds it by now."""
    return Claim.objects.valid().filter(question=question).values_list("doctor", flat=True).first()


def seconds_left(question) -> int:
    return round((Claim.objects.get(question=question).expires_at - timezone.now()).total_seconds(), -1)


def test_a_claim_lasts_half_an_hour_and_is_recorded(doctor, question):
    response = send(browser(doctor), question, "claim")

    assert (response.status_code, response["Location"]) == (302, address(question))
    assert (holder(question), seconds_left(question)) == (doctor.pk, 1800)
    assert decisions(question) == [("claim", doctor.user.pk, "", "", "")]


def test_looking_at_a_question_claims_nothing(doctor, question):
    browser(doctor).get(address(question))

    assert (Claim.objects.count(), decisions(question)) == (0, [])


@pytest.mark.parametrize("act", ["claim", "save", "preview"])
def test_a_claim_is_extended_by_what_its_holder_does_and_recorded_once(doctor, question, act):
    claim(question, doctor)
    Claim.objects.update(expires_at=timezone.now() + timedelta(minutes=5))
    began = Claim.objects.get().claimed_at

    send(browser(doctor), question, act)

    assert (seconds_left(question), Claim.objects.get().claimed_at) == (1800, began)
    assert [act for act, *_rest in decisions(question)] == ["claim"]


def test_a_page_that_was_opened_claims_by_itself_and_says_until_when(doctor, question):
    answer = browser(doctor).post(f"{address(question)}claim/")

    until = Claim.objects.get().until.strftime("%H:%M")
    assert parse(answer).one("form", class_="claim").texts("span") == [f"You hold it until {until}."]
    assert holder(question) == doctor.pk


def test_a_page_that_was_opened_says_who_holds_it_and_takes_nothing(doctor, colleague, question):
    claim(question, colleague)

    answer = browser(doctor).post(f"{address(question)}claim/")

    until = Claim.objects.get().until.strftime("%H:%M")
    assert parse(answer).one("p", class_="claim").texts("strong") == [f"Dr. Ada Lin is at work on this until {until}."]
    assert holder(question) == colleague.pk


@pytest.mark.parametrize("act", ["claim", "publish", "decline", "transfer", "ask_info", "answer_by"])
def test_what_a_colleague_holds_can_only_be_read_and_nothing_typed_is_lost(doctor, colleague, question, act):
    claim(question, colleague)
    before = Question.objects.values().get()
    SpecialtyFactory(slug="dermatology")
    thread = QuestionFactory(published=True)
    more = {"to": "dermatology", "note": "A word.", "reason": "examination", "thread": thread.pk}

    response = send(browser(doctor), question, act, **more)

    page = parse(response).one("main")
    until = Claim.objects.get().until.strftime("%H:%M")
    assert response.status_code == 409
    assert page.texts(role="status") == [
        f"Dr. Ada Lin is at work on this question until {until}. Nothing was changed; what you typed is kept."
    ]
    assert page.one("textarea", name="text").source.strip() == WORK["text"]
    notes = {"transfer": "transfer_note", "ask_info": "ask_info_note", "decline": "id_note"}
    if act in notes:
        assert page.one("textarea", id=notes[act]).source.strip() == "A word."
    assert Question.objects.values().get(pk=question.pk) == before
    assert (holder(question), tasks(), len(decisions(question))) == (colleague.pk, [], 1)


def test_words_written_while_a_colleague_holds_it_are_kept(doctor, colleague, question):
    claim(question, colleague)

    response = send(browser(doctor), question, "save", text="Mine.")

    assert response.status_code == 302
    assert Draft.objects.get(doctor=doctor).text == "Mine."
    assert holder(question) == colleague.pk


def test_an_expired_claim_is_free_at_once_and_both_drafts_are_kept(doctor, colleague, question):
    send(browser(colleague), question, "save", text="Hers.")
    expire(question)

    send(browser(doctor), question, "save", text="His.")

    assert holder(question) == doctor.pk
    assert set(Draft.objects.values_list("doctor", "text")) == {(colleague.pk, "Hers."), (doctor.pk, "His.")}
    assert [(act, by) for act, by, *_rest in decisions(question)] == [
        ("claim", colleague.user.pk),
        ("claim", doctor.user.pk),
    ]


def test_an_expired_claim_does_not_keep_a_colleague_from_publishing(doctor, colleague, question):
    claim(question, colleague)
    expire(question)

    send(browser(doctor), question, "publish")

    assert Question.objects.get(pk=question.pk).state == State.PUBLISHED


def test_a_released_question_is_free_at_once_and_the_draft_is_kept(doctor, colleague, question):
    client = browser(doctor)
    send(client, question, "save")

    response = send(client, question, "release")

    assert (response["Location"], holder(question), Draft.objects.count()) == ("/dashboard/", None, 1)
    assert [act for act, *_rest in decisions(question)] == ["claim", "release"]
    claim(question, colleague)


def test_releasing_again_changes_and_records_nothing(doctor, colleague, question):
    client = browser(doctor)
    send(client, question, "claim")
    send(client, question, "release")

    send(client, question, "release")

    assert [act for act, *_rest in decisions(question)] == ["claim", "release"]


def test_nobody_releases_what_a_colleague_holds(doctor, colleague, question):
    claim(question, colleague)

    send(browser(doctor), question, "release")

    assert (holder(question), len(decisions(question))) == (colleague.pk, 1)


@pytest.mark.parametrize("act", ["publish", "decline", "transfer", "ask_info", "answer_by"])
def test_what_is_done_with_a_question_ends_its_claim(doctor, question, act):
    client = browser(doctor)
    SpecialtyFactory(slug="dermatology")
    thread = QuestionFactory(published=True)
    send(client, question, "claim")

    response = send(client, question, act, to="dermatology", note="?", reason="examination", thread=thread.pk)

    assert (response["Location"], Claim.objects.count()) == ("/dashboard/", 0)


@pytest.mark.parametrize("state", ["needs_info", "published", "declined", "withdrawn", "hidden", "merged"])
def test_only_what_waits_is_claimed(doctor, state):
    question = QuestionFactory(specialty=doctor.specialties.get(), **{state: True})

    with pytest.raises(WrongState):
        claim(question, doctor)

    assert Claim.objects.count() == 0


def test_nothing_is_held_where_the_decision_cannot_be_recorded(doctor, question, monkeypatch):
    monkeypatch.setattr(Decision, "save", lambda self, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        claim(question, doctor)

    assert Claim.objects.count() == 0


def test_a_claim_that_ends_before_it_begins_is_refused_by_the_database(doctor, question):
    now = timezone.now()

    with pytest.raises(IntegrityError, match="claim_lasts"):
        Claim.objects.create(question=question, doctor=doctor, claimed_at=now, expires_at=now)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", ["free", "expired"])
def test_of_fifty_at_the_same_moment_exactly_one_holds_it(doctor, question, before):
    doctors = [DoctorFactory(specialties=[question.specialty]) for _number in range(50)]
    if before == "expired":
        claim(question, doctor)
        expire(question)
    recorded = len(decisions(question))

    results = at_once(*(lambda each=each: claim(question, each) for each in doctors))

    winners = [each.pk for each, result in zip(doctors, results, strict=True) if result is None]
    assert winners == [holder(question)]
    assert [type(result) for result in results].count(HeldByAnother) == 49
    assert len(decisions(question)) == recorded + 1


@pytest.mark.django_db(transaction=True)
def test_of_fifty_the_statement_alone_lets_one_have_it(question):
    doctors = [DoctorFactory() for _number in range(50)]

    results = at_once(*(lambda each=each: Claim.objects.take(question=question, doctor=each) for each in doctors))

    assert [result for result in results if not isinstance(result, HeldByAnother)] == [True]
