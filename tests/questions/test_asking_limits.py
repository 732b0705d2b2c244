from types import SimpleNamespace

import pytest
from allauth.core.internal import ratelimit
from django.db import connection

from forum.questions.models import Question
from tests.asking import browser, send_question
from tests.factories import SpecialtyFactory, UserFactory
from tests.html import parse

pytestmark = pytest.mark.django_db

TOO_MANY = "Many questions have come from here in a short time. Please wait an hour, then send it again."


@pytest.fixture(autouse=True)
def ten_an_hour(settings):
    settings.ACCOUNT_RATE_LIMITS = {"ask_address": "10/h/key", "ask_account": "10/h/key"}


@pytest.fixture
def neurology():
    return SpecialtyFactory(slug="neurology")


def ask_ten(patient, specialty) -> list[str]:
    """The private pages of ten questions."""
    return [send_question(patient, specialty, headline=f"Question {number}").url for number in range(10)]


def refused(answer) -> bool:
    """Whether it was refused for being too many; if not, it was taken."""
    if answer.status_code == 302:
        return False
    assert answer.status_code == 429
    assert parse(answer).one("div", class_="error-summary").texts("li") == [TOO_MANY]
    return True


def test_eleventh_question_of_an_hour_is_refused_and_keeps_what_was_typed(neurology):
    patient = browser()
    ask_ten(patient, neurology)

    answer = send_question(patient, neurology, text="One more, written at length")

    assert refused(answer)
    assert parse(answer).one("textarea", name="text").text == "One more, written at length"
    assert Question.objects.count() == 10


def test_question_that_was_taken_may_be_sent_again_when_no_new_one_may(neurology):
    patient = browser()
    links = ask_ten(patient, neurology)

    assert send_question(patient, neurology, headline="Question 3").url == links[3]


def test_limit_of_an_address_holds_for_all_its_browsers(neurology):
    ask_ten(browser(REMOTE_ADDR="192.0.2.1"), neurology)

    assert refused(send_question(browser(REMOTE_ADDR="192.0.2.1"), neurology))
    assert not refused(send_question(browser(REMOTE_ADDR="192.0.2.2"), neurology))


def test_limit_of_an_address_holds_for_a_whole_ipv6_network(neurology):
    ask_ten(browser(REMOTE_ADDR="2001:db8:1:1::1"), neurology)

    assert refused(send_question(browser(REMOTE_ADDR="2001:db8:1:1:ffff::2"), neurology))
    assert not refused(send_question(browser(REMOTE_ADDR="2001:db8:1:2::1"), neurology))


def test_limit_of_an_address_is_the_same_however_it_is_written(neurology):
    ask_ten(browser(REMOTE_ADDR="::ffff:192.0.2.1"), neurology)

    assert refused(send_question(browser(REMOTE_ADDR="192.0.2.1"), neurology))
    assert not refused(send_question(browser(REMOTE_ADDR="::ffff:192.0.2.2"), neurology))


def test_limit_of_an_address_is_not_escaped_by_a_header_that_anybody_can_send(neurology):
    for number in range(10):
        visitor = browser(headers={"x-forwarded-for": f"192.0.2.{number}"})
        send_question(visitor, neurology, headline=f"Question {number}")

    assert refused(send_question(browser(headers={"x-forwarded-for": "192.0.2.99"}), neurology))


def test_limit_of_an_account_holds_wherever_it_is_used(neurology):
    user = UserFactory()
    answers = []
    for number in range(11):
        patient = browser(REMOTE_ADDR=f"192.0.2.{number}")
        patient.force_login(user)
        answers.append(refused(send_question(patient, neurology, headline=f"Question {number}")))

    assert answers == [False] * 10 + [True]


def test_limit_counts_no_question_that_was_not_taken_for_an_error(neurology):
    patient = browser()
    for _time in range(12):
        send_question(patient, neurology, consent=None)

    assert not refused(send_question(patient, neurology))


def test_limit_ends_after_an_hour(monkeypatch, neurology):
    patient = browser()
    ask_ten(patient, neurology)
    clock = ratelimit.time.time
    later = {minutes: SimpleNamespace(**vars(ratelimit.time)) for minutes in (59, 61)}
    for minutes, time in later.items():
        time.time = lambda minutes=minutes: clock() + 60 * minutes

    monkeypatch.setattr(ratelimit, "time", later[59])
    assert refused(send_question(patient, neurology))

    monkeypatch.setattr(ratelimit, "time", later[61])
    assert not refused(send_question(patient, neurology))


def test_limit_keeps_no_address_in_the_clear(neurology):
    send_question(browser(REMOTE_ADDR="192.0.2.1"), neurology)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE t::text LIKE %s) FROM shared_cache t", ["%192.0.2%"])
        rows, with_address = cursor.fetchone()
    assert (rows > 0, with_address) == (True, 0)
