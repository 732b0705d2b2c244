"""A draft saves itself, never over other words; what helps to write it."""

import re

import pytest
from playwright.sync_api import Page, expect

from forum.questions.models import Question
from forum.replies.models import Draft, Reply
from tests.browser.hands import Pointer
from tests.browser.scenes import open_clinic
from tests.factories import QuestionFactory, SavedReplyFactory

SAVED = re.compile(r"^Saved \d\d:\d\d$")
LONG_WORDS = (
    "Notwithstanding considerable diagnostic uncertainty, electromyographic examination substantiates idiopathic. "
)


@pytest.fixture
def clinic():
    return open_clinic()


@pytest.fixture
def question(clinic):
    return QuestionFactory(specialty=clinic.specialty, text="It twitches. Should I worry? Can I drink coffee?")


def at_work(open_window, clinic, question, **window) -> Pointer:
    hand = Pointer(open_window(user=clinic.doctor.user, **window))
    hand.page.goto(f"/dashboard/questions/{question.pk}/")
    return hand


@pytest.fixture
def doctor(open_window, clinic, question):
    return at_work(open_window, clinic, question)


def saved(page: Page) -> None:
    expect(page.locator("#draft-saved")).to_have_text(SAVED)


def conflict(page: Page):
    return page.locator("#conflict .conflict")


def test_draft_saves_itself_and_says_when(doctor):
    doctor.write("text", "It is most likely harmless.")

    saved(doctor.page)
    assert Draft.objects.get().text == "It is most likely harmless."
    expect(doctor.page.locator("#draft-said")).to_have_text(SAVED)


def test_draft_is_saved_while_the_typing_goes_on(doctor):
    doctor.field("text").press_sequentially("a" * 14, delay=500, timeout=30_000)  # seven seconds without a pause of two

    assert Draft.objects.get().text.startswith("aaaa")


def test_draft_survives_a_window_that_is_killed(doctor, open_window, clinic, question):
    doctor.write("text", "It is most likely harmless.")
    saved(doctor.page)
    doctor.page.context.close()

    again = at_work(open_window, clinic, question)

    expect(again.field("text")).to_have_value("It is most likely harmless.")


def test_draft_is_saved_when_the_page_is_left_at_once(doctor, open_window, clinic, question):
    doctor.write("text", "Typed in the last moment.")
    doctor.page.goto("/dashboard/")

    doctor.page.wait_for_timeout(500)
    assert Draft.objects.get().text == "Typed in the last moment."


def test_lost_connection_is_said_and_nothing_is_lost(doctor):
    notice = doctor.page.locator("#not-saved")
    doctor.page.route("**/draft/", lambda route: route.abort())
    doctor.write("text", "Typed while the server was away.")
    expect(notice).to_have_text("Not saved: the connection is lost. It is tried again and again.")

    doctor.page.unroute("**/draft/")

    saved(doctor.page)
    expect(notice).to_be_hidden()
    assert Draft.objects.get().text == "Typed while the server was away."


def test_answer_that_got_lost_is_no_conflict(doctor):
    seen = []

    def lose_the_first(route):
        seen.append(route.fetch())
        if len(seen) == 1:
            route.abort()
        else:
            route.fulfill(response=seen[-1])

    doctor.page.route("**/draft/", lose_the_first)
    doctor.write("text", "First.")
    expect(doctor.page.locator("#not-saved")).to_be_visible()
    doctor.write("text", "First, and more.")

    saved(doctor.page)
    expect(conflict(doctor.page)).to_have_count(0)
    assert (Draft.objects.get().text, Draft.objects.get().version) == ("First, and more.", 2)


def two_versions(doctor: Pointer) -> tuple[Pointer, Pointer]:
    """Two windows of one doctor with other words each; the first was saved."""
    second = Pointer(doctor.page.context.new_page())
    second.page.goto(doctor.page.url)
    doctor.write("text", "Of the first window.")
    saved(doctor.page)
    second.write("text", "Of the second window.")
    expect(conflict(second.page)).to_be_visible()
    return doctor, second


def test_second_window_is_shown_both_versions_and_keeps_its_own(doctor):
    _first, second = two_versions(doctor)

    expect(conflict(second.page).locator(".conflict__words")).to_have_text(
        ["Of the second window.", "Of the first window."]
    )
    assert Draft.objects.get().text == "Of the first window."
    second.press("Keep mine")
    expect(second.field("text")).to_have_value("Of the second window.")
    assert Draft.objects.get().text == "Of the second window."


def test_second_window_takes_the_other_version(doctor):
    _first, second = two_versions(doctor)

    second.press("Take the other")

    expect(second.field("text")).to_have_value("Of the first window.")
    second.page.reload()
    expect(second.field("text")).to_have_value("Of the first window.")
    assert Draft.objects.get().text == "Of the first window."


def test_conflict_is_shown_without_scripts_too(open_window, clinic, question):
    first, second = (at_work(open_window, clinic, question, javascript=False) for _window in range(2))
    first.write("text", "Of the first window.")
    first.press("Save draft")
    second.write("text", "Of the second window.")
    second.press("Save draft")

    expect(conflict(second.page).locator(".conflict__words")).to_have_text(
        ["Of the second window.", "Of the first window."]
    )
    expect(second.field("text")).to_have_value("Of the second window.")
    second.press("Keep mine")

    assert Draft.objects.get().text == "Of the second window."


def test_reading_level_and_personal_data_follow_the_typing(doctor):
    doctor.write("text", LONG_WORDS * 3 + "Ask Mrs. Chen.")

    expect(doctor.page.locator("#advice")).to_contain_text("hard for many")
    expect(doctor.page.locator("#advice mark")).to_have_text("Mrs. Chen")


def test_outline_and_saved_reply_go_in_at_the_cursor(doctor, open_window, clinic, question):
    SavedReplyFactory(owner=clinic.doctor, title="Common", text="Hello {name}, this is common in {specialty}.")
    doctor.page.reload()
    doctor.page.get_by_text("Outline and saved replies").click()
    doctor.write("text", "That is all.")
    doctor.field("text").press("Control+Home")

    doctor.page.get_by_role("button", name="Insert", exact=True).click()

    expect(doctor.field("text")).to_have_value("Hello Kk, this is common in Neurology.\n\nThat is all.")
    doctor.page.get_by_role("button", name="Insert the outline").click()
    expect(doctor.field("text")).to_have_value(
        re.compile(r"^Hello Kk.*\n\nThank you for your question.*\n\nThat is all\.$", re.DOTALL)
    )


def test_checklist_grows_and_is_saved_with_the_draft(doctor):
    doctor.page.get_by_text("What the patient asks: 2 questions, 2 open").click()
    rows = doctor.page.locator(".checklist__row")
    expect(rows).to_have_count(3)

    doctor.page.get_by_label("What became of question 1").select_option(label="answered")
    doctor.page.get_by_label("Question 3 of the patient").fill("And at night?")
    expect(rows).to_have_count(4)

    saved(doctor.page)
    assert Draft.objects.get().sub_questions == [
        {"text": "Should I worry?", "status": "answered"},
        {"text": "Can I drink coffee?", "status": "open"},
        {"text": "And at night?", "status": "open"},
    ]


def test_everything_works_without_scripts(open_window, clinic, question):
    SavedReplyFactory(owner=clinic.doctor, title="Common", text="Hello {name}.")
    doctor = at_work(open_window, clinic, question, javascript=False)
    doctor.page.get_by_text("Outline and saved replies").click()
    doctor.write("public_title", "Twitching")
    doctor.write("text", "That is all.")
    doctor.press("Insert")
    expect(doctor.field("text")).to_have_value("That is all.\n\nHello Kk.")

    doctor.press("Publish")
    expect(doctor.page.locator(".error-summary li")).to_have_text(["Should I worry?", "Can I drink coffee?"])
    doctor.page.get_by_label("What became of question 1").select_option(label="answered")
    doctor.page.get_by_label("What became of question 2").select_option(label="needs a visit")
    doctor.press("Publish")

    assert (Reply.objects.get(question=question).text, Question.objects.get(pk=question.pk).state) == (
        "That is all.\n\nHello Kk.",
        "published",
    )


def test_saved_reply_is_added_changed_and_deleted(open_window, clinic):
    doctor = Pointer(open_window(user=clinic.doctor.user))
    doctor.page.goto("/dashboard/")
    doctor.follow("Saved replies")
    doctor.write("title", "Common")
    doctor.write("text", "This is common.")
    doctor.press("Add")
    doctor.page.get_by_text("Common", exact=True).click()
    doctor.follow("Change: Common")
    doctor.write("text", "This is very common.")
    doctor.press("Save")
    doctor.page.get_by_text("Common", exact=True).click()
    expect(doctor.page.locator(".saved-reply")).to_contain_text("This is very common.")

    doctor.press("Delete: Common")

    expect(doctor.page.get_by_role("status")).to_have_text("Deleted.")
    expect(doctor.page.locator(".saved-reply")).to_have_count(0)
