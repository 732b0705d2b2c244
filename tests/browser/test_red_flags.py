"""A patient whose words may tell of an emergency, on a phone, with scripts and without."""

import pytest
from playwright.sync_api import expect

from forum.questions.models import Question
from tests.browser import steps
from tests.browser.hands import Keyboard, Pointer
from tests.browser.scenes import open_clinic

STROKE = "Her face is drooping and her speech is slurred."
BLEEDING = " Now she vomits blood."


@pytest.fixture
def clinic():
    return open_clinic()


@pytest.fixture
def patient(open_window, clinic):
    return Pointer(open_window(width=360, height=740, phone=True))


def test_while_typing_the_interruption_is_in_view_and_said_once(patient):
    page = patient.page
    page.goto("/ask/")

    patient.write("text", STROKE)

    alarm = page.locator(".red-flags")
    expect(alarm).to_be_in_viewport()
    expect(alarm.get_by_role("link", name="Call 119")).to_have_attribute("href", "tel:119")
    expect(page.locator("#checks-said")).to_contain_text("Do not wait for an answer here")
    expect(patient.field("text")).to_be_focused()
    expect(patient.field("text")).to_have_value(STROKE)
    said = page.evaluate("() => { document.querySelector('#checks-said').textContent = 'heard'; }")
    assert said is None
    with page.expect_response("**/ask/check/"):
        patient.field("text").press_sequentially(" Yes.")
    expect(page.locator("#checks-said")).to_have_text("heard")


def test_what_was_read_stays_away_until_another_comes_up(patient):
    page = patient.page
    page.goto("/ask/")
    patient.write("text", STROKE)
    page.get_by_role("button", name="I have read this").click()
    expect(page.locator(".red-flags")).to_have_count(0)
    expect(patient.field("text")).to_be_focused()

    with page.expect_response("**/ask/check/"):
        patient.write("text", STROKE + " Yes.")
    expect(page.locator(".red-flags")).to_have_count(0)
    patient.write("text", STROKE + BLEEDING)

    expect(page.locator(".red-flags strong")).to_contain_text("Severe bleeding")


def test_the_interruption_goes_with_the_words(patient):
    patient.page.goto("/ask/")
    patient.write("text", STROKE)
    expect(patient.page.locator(".red-flags")).to_be_visible()

    patient.write("text", "My eyelid twitches.")

    expect(patient.page.locator(".red-flags")).to_have_count(0)


def test_by_keyboard_nothing_that_is_reached_lies_under_it(open_window, clinic):
    patient = Keyboard(open_window(width=360, height=740))
    patient.page.goto("/ask/")
    patient.write("text", STROKE)
    expect(patient.page.locator(".red-flags")).to_be_visible()

    patient.write("pseudonym", "Kk")

    expect(patient.field("pseudonym")).to_have_value("Kk")


@pytest.mark.parametrize("javascript", [True, False])
def test_after_sending_it_comes_first_and_the_patient_goes_on(open_window, clinic, javascript):
    patient = Pointer(open_window(width=360, height=740, phone=True, javascript=javascript))
    patient.page.goto("/ask/")
    steps.fill_in_question(patient)
    patient.write("text", STROKE)
    patient.tick("consent")
    patient.press("Send my question")

    alarm = patient.page.locator("main .red-flags")
    expect(alarm).to_be_in_viewport()
    expect(alarm.get_by_role("link", name="Call 119")).to_be_visible()
    expect(alarm.get_by_role("listitem").first).to_contain_text("Note when it began")
    patient.press("I have read this")

    expect(patient.page.locator(".red-flags")).to_have_count(0)
    expect(patient.page.locator(".status-steps")).to_be_visible()
    question = Question.objects.get(headline=steps.HEADLINE)
    assert list(question.decisions.values_list("act", flat=True)) == ["ask", "flag", "read_advice"]


def test_the_doctor_finds_it_on_top(patient, open_window, clinic):
    steps.ask(patient, headline="My eyelid twitches")
    steps.ask(patient, headline="Sudden: " + STROKE)
    doctor = Pointer(open_window(width=360, height=740, phone=True, user=clinic.doctor.user))

    doctor.page.goto("/dashboard/")

    first = doctor.page.locator(".queue__row").first
    expect(first).to_contain_text("Urgent: Stroke")
    expect(first.locator("a")).to_contain_text("Sudden")
    doctor.follow("Sudden: " + STROKE)
    doctor.press("It is not urgent")
    expect(doctor.page.locator(".alarm")).to_contain_text("NHS: Stroke (FAST)")
    expect(doctor.page.get_by_role("button", name="It is not urgent")).to_have_count(0)
