"""A doctor agrees by name with a colleague's reply."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from forum.moderation.services import hide_thread
from forum.questions.models import Decision, WrongState
from forum.replies.models import Agreement, OwnReply, Reply
from forum.search.services import renew_similar
from tests.factories import AgreementFactory, DoctorFactory, ReplyFactory, UserFactory, published_thread
from tests.html import parse
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def reply() -> Reply:
    return published_thread(reply__doctor=DoctorFactory(name="Wu Mukhan")).replies.get()


def decisions(reply: Reply) -> list[tuple]:
    return list(reply.question.decisions.values_list("act", "by", "reason"))


def shown(reply: Reply) -> list[str]:
    page = parse(Client().get(reply.question.get_absolute_url()))
    return page.one(id=f"reply-{reply.pk}").texts(class_="reply__agreed")


def test_agreeing_is_recorded_once(reply):
    doctor = DoctorFactory()

    results = [reply.agree(by=doctor), Reply.objects.get(pk=reply.pk).agree(by=doctor)]

    assert results == [True, False]
    assert list(Agreement.objects.values_list("reply", "doctor")) == [(reply.pk, doctor.pk)]
    assert decisions(reply) == [("agree", doctor.user.pk, f"reply {reply.pk}")]


def test_nobody_agrees_with_a_reply_of_their_own(reply):
    with pytest.raises(OwnReply):
        reply.agree(by=reply.doctor)

    assert (Agreement.objects.count(), decisions(reply)) == (0, [])


def test_nobody_agrees_with_what_is_not_public(reply):
    hide_thread(question=reply.question, by=UserFactory(admin=True), reason="admin")

    with pytest.raises(WrongState):
        reply.agree(by=DoctorFactory())

    assert Agreement.objects.count() == 0


def test_an_agreement_is_taken_back_once(reply):
    doctor = DoctorFactory()
    reply.agree(by=doctor)

    reply.take_back_agreement(by=doctor)
    reply.take_back_agreement(by=doctor)

    assert Agreement.objects.count() == 0
    assert [act for act, *_rest in decisions(reply)] == ["agree", "take_back_agreement"]


def test_one_takes_back_nobody_elses_agreement(reply):
    AgreementFactory(reply=reply)

    reply.take_back_agreement(by=DoctorFactory())

    assert (Agreement.objects.count(), decisions(reply)) == (1, [])


def test_an_agreement_that_cannot_be_recorded_is_undone(reply, monkeypatch):
    monkeypatch.setattr(Decision, "save", lambda self, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        reply.agree(by=DoctorFactory())

    assert Agreement.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_one_doctor_agreeing_twice_at_once_agrees_once():
    reply, doctor = published_thread().replies.get(), DoctorFactory()
    copies = [Reply.objects.get(pk=reply.pk) for _copy in range(4)]

    results = at_once(*(partial(copy.agree, by=doctor) for copy in copies))

    assert sorted(results) == [False, False, False, True]
    assert (Agreement.objects.count(), len(decisions(reply))) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_doctors_agreeing_at_once_both_agree():
    reply = published_thread().replies.get()
    doctors = [DoctorFactory() for _number in range(2)]

    results = at_once(*(partial(Reply.objects.get(pk=reply.pk).agree, by=doctor) for doctor in doctors))

    assert results == [True, True]
    assert {agreement.doctor for agreement in Agreement.objects.all()} == set(doctors)


@pytest.mark.django_db(transaction=True)
def test_agreeing_and_taking_back_at_once_do_not_lock_up():
    agreement = AgreementFactory(reply=published_thread().replies.get())
    reply, doctor = agreement.reply, agreement.doctor

    results = at_once(
        *(partial(Reply.objects.get(pk=reply.pk).agree, by=doctor) for _copy in range(3)),
        *(partial(Reply.objects.get(pk=reply.pk).take_back_agreement, by=doctor) for _copy in range(3)),
    )

    assert [result for result in results if isinstance(result, Exception)] == []


def test_a_doctor_agrees_once_by_the_database(reply):
    agreement = AgreementFactory(reply=reply)

    with pytest.raises(IntegrityError, match="agreement_one_a_doctor"):
        AgreementFactory(reply=reply, doctor=agreement.doctor)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["Lee"], ["Dr. Lee agrees"]),
        (["Lee", "Ada Lin"], ["Dr. Lee and Dr. Ada Lin agree"]),
        (["Lee", "Ada Lin", "<b>Kim</b>"], ["Dr. Lee, Dr. Ada Lin and Dr. <b>Kim</b> agree"]),
        ([], []),
    ],
)
def test_a_reader_sees_who_agrees_in_the_order_they_did(reply, names, words):
    for name in names:
        AgreementFactory(reply=reply, doctor__name=name)

    assert shown(reply) == words


def test_the_names_of_those_who_agree_lead_to_their_pages(reply):
    doctor = AgreementFactory(reply=reply, doctor__slug="ada-lin").doctor

    page = parse(Client().get(reply.question.get_absolute_url()))

    assert page.one(class_="reply__agreed").links() == [(doctor.name, "/doctors/ada-lin/")]


def test_each_reply_has_its_own_agreements(reply):
    second = ReplyFactory(question=reply.question)
    AgreementFactory(reply=second, doctor__name="Lee")

    assert (shown(reply), shown(second)) == ([], ["Dr. Lee agrees"])


def test_who_agreed_before_a_correction_did_not_agree_with_the_words_that_stand_there(reply):
    before = AgreementFactory(reply=reply, agreed_at=timezone.now() - timedelta(hours=1), doctor__name="Lee").doctor
    Reply.objects.filter(pk=reply.pk).update(corrected_at=timezone.now(), corrected_by=reply.doctor)
    AgreementFactory(reply=reply, agreed_at=timezone.now() + timedelta(seconds=1), doctor__name="Ada Lin")
    at_first = shown(reply)

    again = reply.agree(by=before)

    assert (at_first, again) == (["Dr. Ada Lin agrees"], True)
    assert sorted(shown(reply)[0].split()) == sorted(["Dr.", "Ada", "Lin", "and", "Dr.", "Lee", "agree"])
    assert list(reply.agreements.standing()) == list(Agreement.objects.order_by("agreed_at"))


def test_an_agreement_stays_when_its_doctor_may_no_longer_work(reply):
    doctor = AgreementFactory(reply=reply, doctor__name="Lee").doctor

    doctor.withdraw_verification(by=UserFactory(admin=True))

    page = parse(Client().get(reply.question.get_absolute_url()))
    assert page.texts(class_="reply__agreed") == ["Dr. Lee agrees"]
    assert page.one(class_="reply__agreed").links() == []  # who has no reply either has no page


def test_agreements_are_no_votes_to_machines(reply):
    path = reply.question.get_absolute_url()
    before = scripts(path)

    AgreementFactory(reply=reply)
    renew_similar(reply.question)

    assert scripts(path) == before


def scripts(path: str) -> list[str]:
    return [script.source for script in parse(Client().get(path)).all("script", type="application/ld+json")]


def test_with_its_reply_an_agreement_goes_too(reply):
    AgreementFactory(reply=reply)

    reply.delete()

    assert Agreement.objects.count() == 0


def test_a_doctor_who_agreed_is_not_deleted(reply):
    agreement = AgreementFactory(reply=reply)

    with pytest.raises(IntegrityError):
        agreement.doctor.delete()
