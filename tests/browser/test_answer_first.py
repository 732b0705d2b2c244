"""Answers that are found while a patient types: seen, said, taken, or told apart from the own question."""

import re

import pytest
from playwright.sync_api import expect

from forum.questions.models import Question
from forum.search.models import AnswerFound
from tests.browser.hands import Keyboard, Pointer
from tests.browser.scenes import more_answers, open_clinic, suggested

HEADLINE = "My eyelid is twitching"
TEXT = "My eyelid keeps twitching."
FOUND = "3 answered questions may help you"
LOOK = "See whether this has been answered"
TAKE = "This answers me"
THANKS = "Good that this answers you. Nothing was sent."
WORDS = ("specialty", "headline", "text", "different_because")


@pytest.fixture
def clinic():
    clinic = open_clinic()
    more_answers(clinic)
    return clinic


@pytest.fixture
def patient(open_window, clinic):
    return Pointer(open_window(width=360, height=740, phone=True))


def type_question(patient) -> None:
    patient.page.goto("/ask/")
    patient.write("headline", HEADLINE)
    patient.write("text", TEXT)


def card(patient, title: str):
    return patient.page.locator("#similar-answers li").filter(has_text=title)


def typed(patient) -> list[str]:
    return [patient.field(name).input_value() for name in WORDS]


def test_patient_is_led_from_typing_to_an_answer(patient, clinic):
    page = patient.page
    with suggested("neurology", "ophthalmology"):
        type_question(patient)
        expect(page.locator("#similar-answers h2")).to_have_text(FOUND)
    expect(page.locator("#similar-status")).to_have_text(FOUND)
    expect(patient.field("text")).to_be_focused()
    expect(patient.field("specialty")).to_have_value("")

    choice = page.get_by_role("button", name="Neurology")
    choice.click()
    expect(patient.field("specialty")).to_have_value("neurology")
    expect(choice).to_have_attribute("aria-pressed", "true")
    expect(choice).to_be_focused()

    with page.expect_navigation():
        card(patient, clinic.earlier.title).get_by_role("button", name=TAKE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(clinic.earlier.title)
    expect(page.get_by_role("status")).to_have_text(THANKS)
    page.goto("/ask/")
    assert typed(patient) == ["", "", "", ""]
    assert (AnswerFound.objects.get().question, Question.objects.waiting().count()) == (clinic.earlier, 0)


def test_patient_is_led_to_an_answer_without_scripts(open_window, clinic):
    patient = Pointer(open_window(javascript=False))
    page = patient.page
    type_question(patient)
    patient.tick("consent")
    patient.press(LOOK)

    expect(page.locator("#similar-answers h2")).to_be_in_viewport()
    assert typed(patient) == ["", HEADLINE, TEXT, ""]
    expect(patient.field("consent")).to_be_checked()
    expect(page.locator(".error-summary")).to_have_count(0)
    patient.write("different_because", "I am older")
    patient.press("Send my question")
    expect(page.locator(".error-summary").get_by_role("link")).to_have_count(1)
    assert typed(patient) == ["", HEADLINE, TEXT, "I am older"]

    patient.press(LOOK)
    with page.expect_navigation():
        card(patient, clinic.earlier.title).get_by_role("button", name=TAKE).click()
    expect(page.get_by_role("status")).to_have_text(THANKS)


def test_difference_is_kept_through_more_typing_and_a_reload_and_reaches_the_doctor(patient, open_window, clinic):
    page = patient.page
    page.goto("/ask/")
    expect(patient.field("different_because")).to_be_hidden()
    type_question(patient)
    patient.write("different_because", "I am older")

    patient.write("text", "My eyelid keeps twitching, eyelid")
    with page.expect_response("**/ask/similar/"):
        page.reload()
    expect(page.locator("#similar-answers h2")).to_have_text(FOUND)
    expect(patient.field("different_because")).to_have_value("I am older")

    patient.choose("specialty", "Neurology")
    patient.tick("consent")
    patient.press("Send my question")
    doctor = open_window(user=clinic.doctor.user)
    doctor.goto(f"/dashboard/questions/{Question.objects.waiting().get().pk}/")
    expect(doctor.locator(".facts")).to_contain_text("I am older")
    expect(doctor.locator(".facts").get_by_role("link", name=clinic.earlier.title)).to_be_visible()


def test_what_was_found_goes_away_with_the_words(patient):
    type_question(patient)
    expect(patient.page.locator("#similar-answers h2")).to_have_text(FOUND)

    patient.write("headline", "")
    patient.write("text", "")

    expect(patient.page.locator("#similar-answers")).to_be_empty()
    expect(patient.page.locator("#similar-status")).to_be_empty()
    expect(patient.field("different_because")).to_be_hidden()
    expect(patient.page.locator("[name=similar_seen]")).to_have_value("")


def test_same_words_again_are_not_said_again(patient):
    type_question(patient)
    status = patient.page.locator("#similar-status")
    expect(status).to_have_text(FOUND)
    status.evaluate(
        "status => { new MutationObserver(() => { document.title = 'Said again'; }).observe(status, "
        "{ childList: true, characterData: true, subtree: true }); }"
    )

    with patient.page.expect_response("**/ask/similar/"):
        patient.write("text", f"{TEXT} {TEXT}")
    with patient.page.expect_response("**/ask/similar/"):
        patient.write("text", TEXT)

    expect(patient.page).to_have_title("Ask a doctor - Consilium")


def test_answers_are_looked_for_once_the_typing_pauses(patient):
    looks = []
    patient.page.on("request", lambda request: looks.append(request.url) if "similar" in request.url else None)
    patient.page.goto("/ask/")

    with patient.page.expect_response("**/ask/similar/"):
        patient.field("text").press_sequentially(TEXT, delay=20)

    assert [re.sub("^.*//[^/]*", "", url) for url in looks] == ["/ask/similar/"]


def test_thread_can_be_read_and_what_was_typed_is_there_again(patient, clinic):
    type_question(patient)

    patient.follow(clinic.earlier.title)
    expect(patient.page.get_by_role("heading", level=1)).to_have_text(clinic.earlier.title)
    patient.page.go_back()

    assert typed(patient)[1:3] == [HEADLINE, TEXT]


def test_button_that_has_the_focus_does_not_go_away(patient):
    type_question(patient)
    button = patient.page.get_by_role("button", name=TAKE).first
    button.focus()

    with patient.page.expect_response("**/ask/similar/"):
        patient.field("text").evaluate("field => { field.value = ''; field.dispatchEvent(new Event('input')); }")

    expect(button).to_be_focused()
    patient.field("headline").focus()
    expect(button).to_be_visible()


def test_enter_in_a_field_sends_no_half_question_to_the_answers(open_window, clinic):
    patient = Keyboard(open_window())
    type_question(patient)
    expect(patient.page.locator("#similar-answers h2")).to_have_text(FOUND)
    patient.reach(patient.field("headline"))

    with patient.page.expect_navigation():
        patient.page.keyboard.press("Enter")

    expect(patient.page).to_have_url(re.compile("/ask/$"))
    expect(patient.page.locator(".error-summary")).to_be_focused()
    assert not AnswerFound.objects.exists()
