"""What an asker can ask to become of a public thread, on the status page."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from forum.questions.models import Question, RemovalRequest
from tests.factories import QuestionFactory, RemovalRequestFactory, UserFactory, published_thread
from tests.html import parse
from tests.questions.private_page import PAGE, act, buttons, decisions, in_state, message
from tests.races import at_once

pytestmark = pytest.mark.django_db
SENT = "Your request is sent. An admin decides on it, and you hear of it."
NO_ROOM = "No further request can be made here at the moment."
PUBLIC = ["published", "hidden", "merged"]


def public(state: str, **fields) -> Question:
    merged = {"published_at": timezone.now()} if state == "merged" else {}
    return in_state(state, **merged, **fields)


@pytest.mark.parametrize("kind", ["remove", "anonymise"])
@pytest.mark.parametrize("state", PUBLIC)
def test_the_asker_of_a_public_thread_asks_and_sees_that_it_waits(client, state, kind):
    question = public(state)

    page = act(client, "request_removal", kind=kind, words="My boss <b>reads</b> this.")

    removal = RemovalRequest.objects.get()
    assert message(page) == SENT
    assert (removal.question, removal.kind, removal.words, removal.outcome) == (
        question,
        kind,
        "My boss <b>reads</b> this.",
        "",
    )
    assert "My boss <b>reads</b> this." in parse(page).one("section", id="removal").text
    assert "request_removal" not in buttons(page)
    assert list(question.decisions.values_list("act", "by", "reason")) == [("request_removal", None, kind)]


@pytest.mark.parametrize("state", ["waiting", "needs_info", "declined", "withdrawn", "merged"])
def test_what_never_was_public_cannot_be_taken_off(client, state):
    question = in_state(state)

    page = act(client, "request_removal", kind="remove")

    assert message(page) == NO_ROOM
    assert parse(page).all("section", id="removal") == []
    assert (RemovalRequest.objects.count(), decisions(question)) == (0, [])


def test_what_was_removed_offers_nothing_more(client):
    in_state("hidden", removed=True)

    assert message(act(client, "request_removal", kind="remove")) == NO_ROOM
    assert parse(client.get(PAGE)).all("section", id="removal") == []


def test_one_request_at_a_time(client):
    question = public("published")
    for _time in range(2):
        page = act(client, "request_removal", kind="remove")

    assert message(page) == NO_ROOM
    assert (RemovalRequest.objects.count(), len(decisions(question))) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_moment_are_one():
    question = published_thread()

    taken = at_once(*[lambda: RemovalRequest.objects.ask(question=question, kind="remove")] * 4)

    assert sorted(taken) == [False, False, False, True]


def test_three_requests_in_all(client):
    question = public("published")
    for _time in range(3):
        RemovalRequestFactory(question=question, refused=True)

    assert message(act(client, "request_removal", kind="remove")) == NO_ROOM
    assert buttons(client.get(PAGE)) == ["follow_up"]


def test_a_refusal_gives_the_reason_and_leaves_room_to_ask_again(client):
    RemovalRequestFactory(question=public("published"), refused=True, note="It names <i>nobody</i>.")

    page = client.get(PAGE)

    assert "It names <i>nobody</i>." in parse(page).one("section", id="removal").text
    assert "request_removal" in buttons(page)


def test_it_can_be_taken_back_until_it_is_decided(client):
    question = public("published")
    act(client, "request_removal", kind="anonymise")

    pages = [act(client, "take_back_removal") for _time in range(2)]

    assert [message(page) for page in pages] == ["Your request is taken back. Everything stays as it is."] * 2
    assert RemovalRequest.objects.count() == 0
    assert [row[0] for row in decisions(question)] == ["request_removal", "take_back_removal"]


def test_a_decided_one_cannot_be_taken_back(client):
    RemovalRequestFactory(question=public("published"), refused=True)

    act(client, "take_back_removal")

    assert RemovalRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"words": "Because."}, "What would you like us to do?: This field is required."),
        (
            {"kind": "burn", "words": "Because."},
            "What would you like us to do?: Select a valid choice. burn is not one of the available choices.",
        ),
    ],
)
def test_an_error_keeps_the_words(client, typed, error):
    public("published")

    page = parse(act(client, "request_removal", **typed))

    assert page.one("div", class_="error-summary").texts("li") == [error]
    assert page.one("textarea", name="words").source.strip() == "Because."
    assert RemovalRequest.objects.count() == 0


def test_with_an_account_it_is_recorded_as_theirs(client):
    patient = UserFactory()
    question = QuestionFactory(published=True, asker=patient)
    client.force_login(patient)

    page = act(client, "request_removal", path=f"/my/questions/{question.pk}/", kind="remove")

    assert decisions(question) == [("request_removal", patient.pk, "", "")]
    assert "private link" not in parse(page).one("section", id="removal").text


@pytest.mark.parametrize(
    "fields", [{"kind": "burn"}, {"outcome": "granted"}, {"decided_at": timezone.now()}, {"outcome": "lost"}]
)
def test_the_database_takes_no_half_decisions(fields):
    with pytest.raises(IntegrityError):
        RemovalRequestFactory(**fields)


def test_the_database_takes_one_open_request_a_question():
    removal = RemovalRequestFactory()

    with pytest.raises(IntegrityError):
        RemovalRequestFactory(question=removal.question)
