"""A draft saves itself while it is typed, and never over other words."""

from functools import partial

import pytest

from forum.questions.models import State
from forum.replies.models import Draft
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory
from tests.html import parse
from tests.moderation.desk import WORK, address, browser, send
from tests.races import at_once

WORDS = {name: WORK[name] for name in Draft.WORDS}


@pytest.fixture
def doctor(db):
    return DoctorFactory(name="Wu Mukhan", specialties=[SpecialtyFactory()])


@pytest.fixture
def question(doctor):
    return QuestionFactory(specialty=doctor.specialties.get())


def autosave(client, question, *, version: int, window: str = "", count: int = 0, **changes):
    known = {"version": version, "window": window, "window_count": count}
    return client.post(f"{address(question)}draft/", WORDS | known | changes)


def stored() -> tuple[str, int]:
    draft = Draft.objects.get()
    return draft.text, draft.version


def test_autosave_keeps_what_is_typed_and_says_when(doctor, question):
    response = autosave(browser(doctor), question, version=0, text="Begun.")

    draft = Draft.objects.get()
    answer = response.json()
    assert (draft.question, draft.doctor, draft.text, draft.topics) == (question, doctor, "Begun.", WORK["topics"])
    assert (response.status_code, answer["version"]) == (200, 1)
    assert answer["said"] == f"Saved {answer['saved_at'][11:16]}"


def test_autosave_publishes_nothing(doctor, question):
    autosave(browser(doctor), question, version=0, signed="on", act="publish")

    question.refresh_from_db()
    assert (question.state, question.replies.count()) == (State.WAITING, 0)


def test_a_draft_may_save_itself_as_unfinished_as_it_likes(doctor, question):
    autosave(browser(doctor), question, version=0, **dict.fromkeys(Draft.WORDS, ""))

    assert stored() == ("", 1)


def test_other_words_are_a_new_version_the_same_are_none(doctor, question):
    client = browser(doctor)
    autosave(client, question, version=0, text="One.")

    again = autosave(client, question, version=1, text="One.").json()["version"]
    other = autosave(client, question, version=1, text="Two.").json()["version"]

    assert (again, other, stored()) == (1, 2, ("Two.", 2))


def test_a_draft_that_breaks_a_limit_is_not_saved_and_that_is_said(doctor, question):
    response = autosave(browser(doctor), question, version=0, public_title="x" * 201)

    assert (response.status_code, Draft.objects.count()) == (422, 0)
    assert response.json() == {
        "said": "Not saved: Public title: Ensure this value has at most 200 characters (it has 201)."
    }


@pytest.mark.parametrize("state", [State.PUBLISHED, State.DECLINED, State.HIDDEN])
def test_a_draft_that_comes_too_late_is_not_saved_and_that_is_said(doctor, question, state):
    fields = {"decline_reason": "examination"} if state == State.DECLINED else {"public_title": "T"}
    type(question).objects.filter(pk=question.pk).update(state=state, published_at=question.created_at, **fields)

    response = autosave(browser(doctor), question, version=0)

    assert (response.status_code, Draft.objects.count()) == (409, 0)
    assert response.json()["said"].startswith("Not saved: it is no longer waiting.")


def test_words_of_another_window_are_not_overwritten(doctor, question):
    client = browser(doctor)
    autosave(client, question, version=0, text="Of the first & window.", window="first", count=1)

    response = autosave(client, question, version=0, text="Of the second.", window="second", count=1)

    shown = parse(response.json()["conflict"])
    assert (response.status_code, stored()) == (409, ("Of the first & window.", 1))
    assert shown.texts("h3") == ["Your reply"]
    assert shown.texts(class_="conflict__words") == ["Of the second.", "Of the first & window."]
    assert shown.texts("button") == ["Keep mine", "Take the other"]
    assert shown.one("input", name="other_version").attrs["value"] == "1"


def test_a_window_is_not_in_its_own_way_where_an_answer_was_lost(doctor, question):
    client = browser(doctor)
    autosave(client, question, version=0, text="One.", window="mine", count=1)

    response = autosave(client, question, version=0, text="One. Two.", window="mine", count=2)

    assert (response.json()["version"], stored()) == (2, ("One. Two.", 2))


def test_what_a_window_sent_before_its_last_words_is_passed_over(doctor, question):
    client = browser(doctor)
    autosave(client, question, version=0, text="One. Two.", window="mine", count=2)

    response = autosave(client, question, version=0, text="One.", window="mine", count=1)

    assert (response.status_code, stored()) == (200, ("One. Two.", 1))


def test_the_same_words_from_two_windows_are_no_conflict(doctor, question):
    client = browser(doctor)
    autosave(client, question, version=0, text="One.", window="first", count=1)

    response = autosave(client, question, version=0, text="One.", window="second", count=1)

    assert (response.status_code, response.json()["version"]) == (200, 1)


def test_another_doctors_draft_is_no_conflict(doctor, question):
    colleague = DoctorFactory(specialties=[question.specialty])
    autosave(browser(colleague), question, version=0, text="A colleague's.")

    response = autosave(browser(doctor), question, version=0, text="Mine.")

    assert (response.status_code, Draft.objects.count()) == (200, 2)


def test_the_page_gives_the_version_that_it_shows(doctor, question):
    client = browser(doctor)
    before = parse(client.get(address(question))).one("input", name="version").attrs["value"]

    autosave(client, question, version=0)

    page = parse(client.get(address(question)))
    assert (before, page.one("input", name="version").attrs["value"]) == ("0", "1")
    assert page.one(id="draft-saved").text.startswith("Saved ")
    assert page.one("form", id="work-form").attrs["data-autosave-url"] == f"{address(question)}draft/"


@pytest.mark.parametrize("act", ["save", "preview", "publish"])
def test_no_button_overwrites_other_words(doctor, question, act):
    client = browser(doctor)
    autosave(client, question, version=0, text="Stored.")

    response = send(client, question, act, text="Typed.", version="0")

    page = parse(response)
    question.refresh_from_db()
    assert (response.status_code, stored(), question.state) == (409, ("Stored.", 1), State.WAITING)
    assert page.one("textarea", name="text").source.strip() == "Typed."
    assert page.one("input", name="version").attrs["value"] == "0"
    assert page.one(id="conflict").texts(class_="conflict__words") == ["Typed.", "Stored."]


def test_of_two_versions_the_own_is_kept(doctor, question):
    client = browser(doctor)
    autosave(client, question, version=0, text="Stored.")

    response = send(client, question, "keep_mine", text="Typed.", version="0", other_version="1")

    assert (response.status_code, response["Location"], stored()) == (302, address(question), ("Typed.", 2))


def test_a_third_version_is_a_conflict_again(doctor, question):
    client = browser(doctor)
    autosave(client, question, version=0, text="Stored.")
    autosave(client, question, version=1, text="Stored later.")

    response = send(client, question, "keep_mine", text="Typed.", version="0", other_version="1")

    assert (response.status_code, stored()) == (409, ("Stored later.", 2))


def test_of_two_versions_the_other_is_taken(doctor, question):
    client = browser(doctor)
    autosave(client, question, version=0, text="Stored.")

    response = send(client, question, "take_other", text="Typed.", version="0")

    assert (response.status_code, response["Location"], stored()) == (302, address(question), ("Stored.", 1))


def test_the_preview_gives_the_version_it_saved(doctor, question):
    client = browser(doctor)

    page = parse(send(client, question, "preview", version="0"))

    assert page.one("input", name="version").attrs["value"] == "1"


def test_publishing_twice_publishes_once_with_versions_too(doctor, question):
    client = browser(doctor)
    autosave(client, question, version=0)

    answers = [send(client, question, "publish", version="1") for _time in range(2)]

    assert [answer["Location"] for answer in answers] == ["/dashboard/"] * 2
    assert question.replies.count() == 1


WELL = "Sleep more, drink less coffee, and come back in a month if it has not gone by then. Do not worry."


def test_autosave_comes_with_advice_on_the_words(doctor, question):
    text = (
        "Please call Mrs. Chen on 0912 345 678, or me, Dr. Wu Mukhan. She has the time for you and will help. " + WELL
    )

    advice = parse(autosave(browser(doctor), question, version=0, text=text).json()["advice"])

    assert advice.texts("mark") == ["Mrs. Chen", "0912 345 678"]
    assert advice.texts(class_="findings__what") == [
        "Your reply: looks like a name",
        "Your reply: looks like a phone number",
    ]
    assert advice.all("p", class_="form-text")[0].text.startswith("Reading level: grade ")


def test_the_page_gives_the_same_advice_without_scripts(doctor, question):
    client = browser(doctor)
    send(client, question, "save", text="Please call Mrs. Chen.")

    assert parse(client.get(address(question))).one(id="advice").texts("mark") == ["Mrs. Chen"]


@pytest.mark.django_db(transaction=True)
def test_of_two_windows_that_save_at_once_one_is_told_of_the_other():
    doctor = DoctorFactory(specialties=[SpecialtyFactory()])
    question = QuestionFactory(specialty=doctor.specialties.get())
    windows = [partial(autosave, browser(doctor), question, version=0, text=f"{n}.", window=f"{n}") for n in range(6)]

    answers = at_once(*windows)

    taken = [number for number, answer in enumerate(answers) if answer.status_code == 200]
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
    assert stored() == (f"{taken[0]}.", 1)


@pytest.mark.django_db(transaction=True)
def test_of_what_one_window_sends_at_once_the_last_words_stay():
    doctor = DoctorFactory(specialties=[SpecialtyFactory()])
    question = QuestionFactory(specialty=doctor.specialties.get())
    client = browser(doctor)
    sends = [
        partial(autosave, client, question, version=0, text=f"{n}.", window="mine", count=n) for n in (3, 1, 5, 2, 4)
    ]

    answers = at_once(*sends)

    assert [answer.status_code for answer in answers] == [200] * 5
    assert Draft.objects.get().text == "5."


@pytest.mark.django_db(transaction=True)
def test_what_is_saved_while_it_is_published_comes_too_late_or_before():
    doctor = DoctorFactory(specialties=[SpecialtyFactory()])
    question = QuestionFactory(specialty=doctor.specialties.get())

    saved, published = at_once(
        partial(autosave, browser(doctor), question, version=0, window="mine", count=1),
        partial(send, browser(doctor), question, "publish", version="0", window="mine", window_count="2"),
    )

    assert (saved.status_code in (200, 409), published.status_code) == (True, 302)
    assert (question.replies.count(), Draft.objects.count()) == (1, 0)
