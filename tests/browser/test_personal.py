"""Personal data while it is typed and once it is sent, on a phone, with and without scripts."""

import pytest
from playwright.sync_api import expect

from forum.questions.models import Question
from tests.browser.hands import Pointer
from tests.browser.pages.opening import TOKEN
from tests.browser.pages.status import answered_question
from tests.browser.scenes import open_clinic
from tests.browser.steps import fill_in_question
from tests.factories import QuestionFactory

TELLING = "My eyelid twitches. I am 34. Call me on 0912 345 678."
PHONE = {"width": 360, "height": 740, "phone": True}


@pytest.fixture
def clinic():
    return open_clinic()


def asking(open_window, **window) -> Pointer:
    patient = Pointer(open_window(**PHONE, **window))
    patient.page.goto("/ask/")
    fill_in_question(patient)
    patient.write("text", TELLING)
    patient.tick("consent")
    return patient


def test_one_press_replaces_what_is_typed_and_undo_takes_it_back(open_window, clinic):
    patient = asking(open_window)
    text, page = patient.field("text"), patient.page
    expect(page.locator(".personal-checks mark")).to_have_text(["0912 345 678", "34"])

    page.get_by_role("button", name="Replace with [phone number]").click()

    expect(text).to_have_value("My eyelid twitches. I am 34. Call me on [phone number].")
    page.keyboard.press("Control+Z")
    expect(text).to_have_value(TELLING)


def test_the_ten_years_fill_an_empty_age(open_window, clinic):
    patient = asking(open_window)
    patient.field("age_band").select_option("")

    patient.page.get_by_role("button", name="Replace with 30-39").click()

    expect(patient.field("text")).to_have_value(TELLING.replace("34.", "30-39."))
    expect(patient.field("age_band")).to_have_value("30-39")


def test_what_was_shown_while_typing_does_not_stop_the_question(open_window, clinic):
    patient = asking(open_window)
    expect(patient.page.locator(".personal-checks mark")).to_have_count(2)

    patient.press("Send my question")

    expect(patient.page.get_by_role("heading", level=1)).to_have_text("Your question")


def test_without_scripts_it_is_shown_once_and_replaced_by_a_button(open_window, clinic):
    patient = asking(open_window, javascript=False)
    patient.press("Send my question")
    page = patient.page
    expect(page.locator(".personal-checks .error-summary")).to_be_focused()
    expect(page.locator(".needs-scripts:visible")).to_have_count(0)

    patient.press("Replace them")
    expect(page.locator(".notice--success")).to_have_text("Replaced. Please read it over, then send it.")
    patient.press("Send my question")

    asked = Question.objects.get(public_title="", state="waiting")
    assert asked.text == "My eyelid twitches. I am 34. Call me on [phone number]."


def test_without_scripts_it_may_be_sent_as_it_is(open_window, clinic):
    patient = asking(open_window, javascript=False)
    patient.press("Send my question")

    patient.press("Send as it is")

    assert Question.objects.get(public_title="", state="waiting").text == TELLING


@pytest.mark.parametrize("javascript", [True, False])
def test_a_follow_up_is_replaced_and_sent(open_window, javascript):
    question = answered_question()
    patient = Pointer(open_window(**PHONE, javascript=javascript))
    page = patient.page
    page.goto(f"/status/{TOKEN}/")
    patient.write("text", TELLING)
    if javascript:
        page.get_by_role("button", name="Replace with [phone number]").click()
    else:
        patient.press("Send")
        patient.press("Replace them")
    patient.press("Send")

    assert question.follow_ups.latest("id").text == "My eyelid twitches. I am 34. Call me on [phone number]."


@pytest.mark.parametrize("javascript", [True, False])
def test_a_doctor_decides_on_the_patients_words_and_on_the_own(open_window, clinic, javascript):
    question = QuestionFactory(specialty=clinic.specialty, text=TELLING)
    doctor = Pointer(open_window(**PHONE, javascript=javascript, user=clinic.doctor.user))
    page = doctor.page
    page.goto(f"/dashboard/questions/{question.pk}/")
    expect(page.locator("section.personal mark")).to_have_text("0912 345 678")
    doctor.tick("keep_personal")
    doctor.write("public_title", "Twitching eyelids")
    doctor.write("text", "It is harmless, Mr. Lin.")
    doctor.press("Publish", within=".form-actions")
    expect(page.locator("#work-form [role=alert] mark")).to_have_text("Mr. Lin")
    doctor.tick("personal_meant")
    doctor.press("Publish", within="#work-form [role=alert]")

    question.refresh_from_db()
    assert (question.is_published, question.text) == (True, TELLING)
