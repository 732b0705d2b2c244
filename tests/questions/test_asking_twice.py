"""A double click, a reload, a repeated POST: one question."""

from importlib import import_module
from threading import Barrier

import pytest
from django.test import Client

from forum.questions.models import Decision, DeclineReason, Question
from tests.asking import WORDS, browser, send_form, send_question
from tests.factories import DoctorFactory, SpecialtyFactory, UserFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db
ask_view = import_module("forum.questions.views.ask")


@pytest.fixture
def neurology():
    return SpecialtyFactory(slug="neurology")


def asked() -> int:
    return Question.objects.count()


def test_ask_repeated_leads_to_the_same_page_of_the_same_question(neurology):
    patient = browser()

    first = send_question(patient, neurology)
    second = send_question(patient, neurology)

    assert (second.url, asked(), Decision.objects.count()) == (first.url, 1, 1)


def test_ask_repeated_under_the_pseudonym_newly_offered_is_the_same_question(neurology):
    patient = browser()

    first = send_question(patient, neurology, pseudonym="Maple 1000")
    second = send_question(patient, neurology, pseudonym="Cedar 2000")

    assert second.url == first.url
    assert Question.objects.get().pseudonym == "Maple 1000"


@pytest.mark.parametrize(
    "changed",
    [{"text": "It has been twitching for two weeks."}, {"headline": "Why?"}, {"sex": "male"}, {"email": "a@b.org"}],
)
def test_ask_with_other_words_is_another_question(neurology, changed):
    patient = browser()

    first = send_question(patient, neurology)
    second = send_question(patient, neurology, **changed)

    assert (second.url != first.url, asked()) == (True, 2)


def test_ask_in_another_specialty_is_another_question(neurology):
    patient = browser()

    first = send_question(patient, neurology)
    second = send_question(patient, SpecialtyFactory())

    assert (second.url != first.url, asked()) == (True, 2)


def test_ask_with_the_same_words_from_another_browser_is_another_question(neurology):
    first, second = send_question(browser(), neurology), send_question(browser(), neurology)

    assert (second.url != first.url, asked()) == (True, 2)


def test_ask_with_the_same_words_from_another_account_is_another_question(neurology):
    links = set()
    for _person in range(2):
        patient = browser()
        patient.force_login(UserFactory())
        links.add(send_question(patient, neurology).url)

    assert (len(links), asked()) == (2, 2)


def test_ask_repeated_by_an_account_in_another_browser_is_the_same_question(neurology):
    user, links = UserFactory(), set()
    for _place in range(2):
        patient = browser()
        patient.force_login(user)
        links.add(send_question(patient, neurology).url)

    assert (len(links), asked()) == (1, 1)


def test_ask_again_after_withdrawing_is_a_new_question(neurology):
    patient = browser()
    first = send_question(patient, neurology).url
    send_form(patient, first, act="withdraw")

    second = send_question(patient, neurology).url
    third = send_question(patient, neurology).url

    assert (second != first, third) == (True, second)
    assert sorted(Question.objects.values_list("state", flat=True)) == ["waiting", "withdrawn"]


def test_ask_again_after_being_declined_is_a_new_question(neurology):
    patient = browser()
    first = send_question(patient, neurology).url
    Question.objects.get().decline(by=DoctorFactory(), reason=DeclineReason.NO_QUESTION)

    second = send_question(patient, neurology).url

    assert (second != first, asked()) == (True, 2)


@pytest.mark.django_db(transaction=True)
def test_ask_twice_at_the_same_moment_is_one_question(monkeypatch, neurology):
    patient = browser()
    patient.get("/ask/")
    cookie = patient.cookies["csrftoken"].value
    # Neither goes on before both have found that the question is new.
    both, may_ask_now = Barrier(2, timeout=30), ask_view.may_ask_now
    monkeypatch.setattr(ask_view, "may_ask_now", lambda request: both.wait() >= 0 and may_ask_now(request))

    def click() -> str:
        window = Client()
        window.cookies["csrftoken"] = cookie
        return window.post("/ask/", {"specialty": "neurology", **WORDS}).url

    first, second = at_once(click, click)

    assert (first, first.startswith("/status/")) == (second, True)
    assert (asked(), Decision.objects.filter(act="ask").count()) == (1, 1)
