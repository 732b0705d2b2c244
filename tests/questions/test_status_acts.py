"""What the asker does on the private page: withdraw, ask further, say that a reply helped."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forum.questions.models import Question
from tests.asking import browser, send_form
from tests.factories import QuestionFactory, ReplyFactory, UserFactory, published_thread
from tests.html import parse
from tests.people import ROLES, make_cast
from tests.questions.private_page import PAGE, TOKEN, act, buttons, decisions, in_state, message, notice, state_of
from tests.races import at_once

pytestmark = pytest.mark.django_db


# Withdrawing


def test_withdraw_takes_the_question_back(client):
    question = in_state("waiting")

    page = act(client, "withdraw")

    assert message(page) == "Your question is withdrawn. No doctor will see or answer it."
    assert notice(page).startswith("You have withdrawn this question.")
    assert list(Question.objects.waiting()) == []
    assert decisions(question) == [("withdraw", None, "waiting", "withdrawn")]


def test_withdraw_of_somebody_with_an_account_is_recorded_as_theirs(client):
    patient = UserFactory()
    question = in_state("waiting", asker=patient)
    client.force_login(patient)

    act(client, "withdraw", path=f"/my/questions/{question.pk}/")

    assert decisions(question) == [("withdraw", patient.pk, "waiting", "withdrawn")]


def test_withdraw_repeated_is_harmless(client):
    question = in_state("waiting")
    act(client, "withdraw")

    page = act(client, "withdraw")

    assert message(page) == "Your question is withdrawn. No doctor will see or answer it."
    assert decisions(question) == [("withdraw", None, "waiting", "withdrawn")]


@pytest.mark.parametrize("state", ["published", "declined", "hidden", "merged"])
def test_withdraw_comes_too_late_once_a_doctor_has_dealt_with_it(client, state):
    question = in_state(state)

    page = act(client, "withdraw")

    assert message(page) == "It cannot be withdrawn any more: a doctor has already dealt with it."
    assert (state_of(question), decisions(question)) == (state, [])


@pytest.mark.parametrize("role", ROLES)
def test_my_question_is_for_its_asker_alone(role):
    cast = make_cast()
    question = QuestionFactory(specialty=cast.specialty, asker=cast.users["asker"], headline="Why?")
    path = f"/my/questions/{question.pk}/"

    page = cast.browser(role).get(path, follow=True)
    cast.browser(role).post(path, {"act": "withdraw"})

    if role == "asker":
        assert parse(page).one("section", class_="question-quote").one("h2").text == "Why?"
        assert parse(page).all("input", id="secret-link") == []  # the site does not know the token
        assert state_of(question) == "withdrawn"
        return
    visitor = role in ("visitor", "asker_by_token")
    assert parse(page).texts("h1") == (["Sign In"] if visitor else ["There is no page here"])
    assert "Why?" not in page.content.decode()
    assert state_of(question) == "waiting"


@pytest.mark.parametrize("number", ["0", "99999999", "9" * 40])
def test_my_question_that_does_not_exist_is_a_page_that_does_not_exist(client, number):
    client.force_login(UserFactory())

    assert parse(client.get(f"/my/questions/{number}/")).texts("h1") == ["There is no page here"]


# Follow-up questions


def test_follow_up_waits_on_the_private_page_and_is_public_only_with_its_answer(client):
    question = published_thread(token=TOKEN)

    page = act(client, "follow_up", text="May I drink <coffee>?")

    assert message(page) == "Your follow-up question is sent. It becomes public with the doctor's answer."
    assert parse(page).one("div", class_="follow-up").text == "May I drink <coffee>? Waiting for the doctor"
    assert "coffee" not in client.get(question.get_absolute_url()).content.decode()

    question.follow_ups.get().give_answer(by=question.replies.get().doctor, text="You may.")
    assert parse(client.get(PAGE)).one("div", class_="follow-up").text == "May I drink <coffee>? You may."
    public = parse(client.get(question.get_absolute_url())).one("section", id="follow-ups")
    assert public.texts("div", class_="prose") == ["May I drink <coffee>?", "You may."]


def test_follow_up_is_recorded_without_its_words(client):
    question = published_thread(token=TOKEN)

    act(client, "follow_up", text="May I drink coffee?")

    assert list(question.decisions.values_list("act", "by", "reason")) == [("follow_up", None, "")]


def test_follow_up_sent_twice_is_asked_once(client):
    question = published_thread(token=TOKEN)
    for _time in range(2):
        page = act(client, "follow_up", text="May I drink coffee?")

    assert message(page) == "Your follow-up question is sent. It becomes public with the doctor's answer."
    assert list(question.follow_ups.values_list("text", flat=True)) == ["May I drink coffee?"]
    assert len(decisions(question)) == 1


def test_follow_up_is_taken_three_times_and_the_fourth_is_kept_in_the_form(client):
    question = published_thread(token=TOKEN)
    for text in ("One?", "Two?", "Three?"):
        page = act(client, "follow_up", text=text)
    assert "follow_up" not in buttons(page)

    page = act(client, "follow_up", text="Four?")

    errors = parse(page).one("div", class_="error-summary").texts("li")
    assert errors == ["No further question can be asked here. You are welcome to ask a new one."]
    assert list(question.follow_ups.values_list("text", flat=True)) == ["One?", "Two?", "Three?"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (" ", "This field is required."),
        ("x" * 3001, "Ensure this value has at most 3000 characters (it has 3001)."),
        ("a\0b", "Null characters are not allowed."),
    ],
)
def test_follow_up_with_an_error_says_so_and_keeps_the_words(client, text, error):
    question = published_thread(token=TOKEN)

    page = parse(act(client, "follow_up", text=text))

    assert page.one("div", class_="error-summary").links() == [(f"Your follow-up question: {error}", "#id_text")]
    assert page.one("div", class_="invalid-feedback").text == error
    assert page.one("textarea", id="id_text").source.strip() == text.strip()
    assert not question.follow_ups.exists()


@pytest.mark.parametrize("state", ["waiting", "needs_info", "declined", "withdrawn", "hidden", "merged"])
def test_follow_up_is_refused_where_there_is_no_public_thread(client, state):
    question = in_state(state)

    page = act(client, "follow_up", text="May I drink coffee?")

    errors = parse(page).one("div", class_="error-summary").texts("li")
    assert errors == ["No further question can be asked here. You are welcome to ask a new one."]
    assert (question.follow_ups.count(), decisions(question)) == (0, [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("texts", "taken"), [(["Same?"] * 6, 1), ([f"Number {n}?" for n in range(6)], 3)])
def test_follow_ups_at_the_same_moment_keep_to_the_rules(texts, taken):
    question = published_thread(token=TOKEN)

    sent = at_once(*(lambda text=text: follow_up_in_a_browser(text) for text in texts))

    assert all(answer.status_code in (302, 422) for answer in sent)
    assert question.follow_ups.count() == taken
    assert question.decisions.count() == taken


def follow_up_in_a_browser(text: str):
    return send_form(browser(), PAGE, act="follow_up", text=text)


# A reply that helped


def test_helped_marks_the_reply_and_thanks(client):
    question = in_state("published")
    reply = ReplyFactory(question=question)

    page = act(client, "helped", reply=reply.pk)

    reply.refresh_from_db()
    assert timezone.now() - reply.helped_at < timedelta(minutes=1)
    assert message(page) == "Thank you. The doctor will be glad to know."
    assert parse(page).texts("p", class_="reply__helped") == ["The patient said that this reply helped."]
    assert (buttons(page), decisions(question)) == (
        ["unclear", "follow_up", "request_removal"],
        [("helped", None, "", "")],
    )


def test_helped_repeated_is_recorded_once(client):
    question = in_state("published")
    reply = ReplyFactory(question=question)
    act(client, "helped", reply=reply.pk)
    reply.refresh_from_db()
    first = reply.helped_at

    act(client, "helped", reply=reply.pk)

    reply.refresh_from_db()
    assert (reply.helped_at, len(decisions(question))) == (first, 1)


def test_helped_marks_only_the_reply_it_was_pressed_at(client):
    question = in_state("published")
    other, chosen = ReplyFactory(question=question), ReplyFactory(question=question)

    act(client, "helped", reply=chosen.pk)

    assert [bool(reply.helped_at) for reply in question.replies.order_by("pk")] == [False, True]
    assert other.pk < chosen.pk


@pytest.mark.parametrize("chosen", ["of another thread", "9" * 5000, "0", "x"])
def test_helped_marks_no_reply_that_is_not_on_the_page(client, chosen):
    question = in_state("published")
    own, elsewhere = ReplyFactory(question=question), ReplyFactory()

    page = act(client, "helped", reply=elsewhere.pk if chosen == "of another thread" else chosen)

    own.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (own.helped_at, elsewhere.helped_at) == (None, None)
    assert (parse(page).all("div", class_="messages"), decisions(question)) == ([], [])


@pytest.mark.parametrize("state", ["waiting", "needs_info", "declined", "withdrawn", "hidden", "merged"])
def test_helped_marks_nothing_where_no_reply_is_public(client, state):
    question = in_state(state)
    reply = ReplyFactory(question=question)

    act(client, "helped", reply=reply.pk)

    reply.refresh_from_db()
    assert (reply.helped_at, decisions(question)) == (None, [])
