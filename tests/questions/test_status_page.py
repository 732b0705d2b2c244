from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from forum.moderation.services import claim_question
from forum.questions.models import DeclineReason, State
from tests.asking import browser
from tests.factories import (
    DoctorFactory,
    FollowUpFactory,
    QuestionFactory,
    ReplyFactory,
    SpecialtyFactory,
    image_of,
)
from tests.html import parse
from tests.moderation.desk import expire
from tests.questions.private_page import PAGE, act, buttons, decisions, in_state, message, notice, state_of

pytestmark = pytest.mark.django_db

NEXT_STEPS = {
    "emergency": (
        "It may be an emergency.",
        "What you describe may need help at once. Please call the emergency number or go to the nearest emergency "
        "department now; do not wait for an answer on the internet.",
    ),
    "examination": (
        "It needs an examination.",
        "A doctor has to see or examine you to say anything reliable. Please make an appointment, within days rather "
        "than weeks, and take your question along; it is kept on this page.",
    ),
    "outside_medicine": (
        "It is outside medicine.",
        "This is not a medical question, so our doctors cannot answer it. A pharmacy, your health insurance or a "
        "social service may be the right place to ask.",
    ),
    "no_question": (
        "It asks no question we can answer.",
        "We could not find a question that we can answer. You are welcome to ask again: say what troubles you, since "
        "when, and what you would like to know.",
    ),
    "duplicate": (
        "It has been answered before.",
        "The same question has been answered here already. Please look for it with the search; if your case is "
        "different, ask again and say in what way.",
    ),
    "abusive": (
        "It is abusive.",
        "We answer questions that are put with respect. You are welcome to ask again.",
    ),
}
NOT_WAITING = ["published", "declined", "withdrawn", "hidden", "merged"]


def test_waiting_page_says_for_whom_and_that_the_wait_is_unknown(client):
    in_state("waiting", specialty__name="Neurology")

    assert notice(client.get(PAGE)) == (
        "Your question waits for a doctor of Neurology. We cannot tell yet how long it will take."
    )


@pytest.mark.parametrize(("hours", "words"), [([2, 5, 100], "5 hours"), ([0.1], "6 minutes"), ([24, 120], "3 days")])
def test_waiting_page_tells_half_of_the_waits_of_the_last_90_days(client, hours, words):
    question, now = in_state("waiting"), timezone.now()
    for wait in hours:
        asked_at = now - timedelta(days=60, hours=wait)
        answered_at = now - timedelta(days=60)
        QuestionFactory(published=True, specialty=question.specialty, created_at=asked_at, published_at=answered_at)
    # None of these says how long an asker waits here now.
    long_ago = {"created_at": now - timedelta(days=99), "published_at": now - timedelta(days=91)}
    QuestionFactory(published=True, specialty=question.specialty, **long_ago)
    QuestionFactory(published=True, created_at=now - timedelta(days=9))
    QuestionFactory(
        published=True, specialty=question.specialty, token_hash=None, created_at=datetime(2020, 1, 1, tzinfo=UTC)
    )

    assert notice(client.get(PAGE)).endswith(f"Half of the questions there were answered within {words}.")


@pytest.mark.parametrize("reason", DeclineReason.values)
def test_declined_page_tells_the_reason_and_the_next_step(client, reason):
    in_state("declined", decline_reason=reason)

    shown = parse(client.get(PAGE)).one("div", class_="notice--info")

    why, what_to_do = NEXT_STEPS[reason]
    assert shown.texts("p") == [
        f"A doctor has read your question and cannot answer it here: {why}",
        what_to_do,
        "Ask another question",
    ]
    assert shown.links() == [("Ask another question", "/ask/")]


@pytest.mark.parametrize("reason", DeclineReason.values)
def test_declined_page_gives_the_emergency_number_of_the_country_where_it_may_be_one(client, settings, reason):
    settings.COUNTRY = "GB"
    in_state("declined", decline_reason=reason)

    alarms = [(alarm.text, alarm.links()) for alarm in parse(client.get(PAGE)).all("div", class_="notice--emergency")]

    call = ("Call 999 now, or go to the nearest emergency department.", [("999", "tel:999")])
    assert alarms == ([call] if reason == "emergency" else [])


def test_declined_page_shows_the_doctors_own_words_as_they_are(client):
    in_state("declined", decline_note="See your <b>dentist</b>,\nplease.")

    page = parse(client.get(PAGE))

    assert page.one("div", class_="notice").one("div", class_="prose").text == "See your <b>dentist</b>,please."


def test_published_page_leads_to_the_thread_and_shows_the_reply(client):
    question = in_state("published")
    reply = ReplyFactory(question=question, text="Sleep more.", doctor__name="Wu Mukhan")

    page = client.get(PAGE)

    assert notice(page) == "A doctor has answered. See the public page"
    assert ("See the public page", question.get_absolute_url()) in parse(page).links()
    shown = parse(page).one("article", id=f"reply-{reply.pk}")
    assert shown.one("h3").text.startswith("Dr. Wu Mukhan reply")
    assert shown.one("div", class_="prose").text == "Sleep more."


def test_withdrawn_page_says_so_and_offers_to_ask_anew(client):
    in_state("withdrawn")

    page = client.get(PAGE)

    assert notice(page) == ("You have withdrawn this question. Nobody will answer or publish it. Ask another question")
    assert parse(page).one("div", class_="notice").links() == [("Ask another question", "/ask/")]


def test_merged_page_leads_to_the_thread_with_the_answer(client):
    question = in_state("merged")

    page = client.get(PAGE)

    assert notice(page) == "The same question has been answered already. Read the answer"
    assert parse(page).one("div", class_="notice").links() == [
        ("Read the answer", question.merged_into.get_absolute_url())
    ]


def test_hidden_page_says_so_and_shows_no_reply(client):
    ReplyFactory(question=in_state("hidden"), text="Sleep more.")

    page = client.get(PAGE)

    assert notice(page) == "An admin has taken this thread off the site for the time being."
    assert "Sleep more." not in parse(page).text


@pytest.mark.parametrize("state", ["waiting", "needs_info", *NOT_WAITING])
def test_every_page_shows_the_step_the_words_and_the_link(client, state):
    in_state(state, headline="Why?", text="It twitches.", pseudonym="Kk")

    page = parse(client.get(PAGE))

    steps = [step.text for step in page.one("ol", class_="status-steps").all("li", **{"aria-current": "step"})]
    label = "Waiting for a doctor" if state == "waiting" else str(State(state).label)
    assert steps == [label]
    assert page.one("section", class_="question-quote").text == (
        "Why? It twitches. Kk, 20~29 year old female. Ask Date: 2023/12/15"
    )
    assert page.one("input", id="secret-link").attrs["value"] == f"http://testserver{PAGE}"


def steps(page) -> list[tuple[str, str]]:
    """The words of each step and whether it is "done", "now" or still to come."""
    rows = parse(page).one("ol", class_="status-steps").all("li")
    return [(row.text, "now" if row.attrs.get("aria-current") else row.attrs.get("class", "")) for row in rows]


def test_while_a_doctor_holds_it_the_page_says_that_it_is_in_work(client):
    question = in_state("waiting")
    waiting = steps(client.get(PAGE))
    doctor = DoctorFactory()

    claim_question(question=question, doctor=doctor)
    held = client.get(PAGE)
    expire(question)
    expired = steps(client.get(PAGE))

    assert waiting == [
        ("Received", "is-done"),
        ("Waiting for a doctor", "now"),
        ("A doctor is at work on it", ""),
        ("Answered", ""),
    ]
    assert steps(held) == [
        ("Received", "is-done"),
        ("Waiting for a doctor", "is-done"),
        ("A doctor is at work on it", "now"),
        ("Answered", ""),
    ]
    assert notice(held).startswith("A doctor has your question open now and may be writing the answer.")
    assert doctor.name not in held.content.decode()
    assert expired == waiting


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("needs_info", ["Received", "A doctor has read it", "More information asked", "Answered"]),
        ("published", ["Received", "A doctor has worked on it", "Answered"]),
        ("declined", ["Received", "A doctor has worked on it", "Declined"]),
        ("merged", ["Received", "Merged into another thread"]),
        ("withdrawn", ["Received", "Withdrawn"]),
    ],
)
def test_the_steps_tell_how_far_it_has_come(client, state, shown):
    in_state(state)

    assert [words for words, _when in steps(client.get(PAGE))] == shown


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("waiting", ["withdraw"]),
        ("needs_info", ["answer_info", "withdraw"]),
        ("published", ["unclear", "helped", "follow_up", "request_removal"]),
        ("hidden", ["request_removal"]),
        *((state, []) for state in ("declined", "withdrawn", "merged")),
    ],
)
def test_every_page_offers_what_can_be_done(client, state, offered):
    ReplyFactory(question=in_state(state))

    assert buttons(client.get(PAGE)) == offered


@pytest.mark.parametrize("name", ["", "fly", "__class__", "publish"])
def test_unknown_button_changes_nothing_and_says_so(client, name):
    question = in_state("waiting")

    page = act(client, name)

    assert message(page) == "The site did not understand that button. Please try again."
    assert (state_of(question), decisions(question)) == ("waiting", [])


def test_form_from_another_site_is_refused():
    question, attacked = in_state("waiting"), browser()
    attacked.get(PAGE)

    page = attacked.post(PAGE, {"act": "withdraw"})

    assert parse(page).texts("h1") == ["The form had expired"]
    assert state_of(question) == "waiting"


def test_page_asks_the_database_no_more_with_more_on_it(client, django_assert_num_queries):
    question = in_state("published", specialty=SpecialtyFactory())
    for _number in range(3):
        ReplyFactory(question=question, specialty=question.specialty)
        FollowUpFactory(question=question, answered=True)
    for colour in ("red", "green", "blue"):
        image_of(question, picture=colour)
    client.get(PAGE)

    with django_assert_num_queries(8):
        client.get(PAGE)
