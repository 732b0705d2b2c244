"""What a patient meets round a question: a reload, a double click, second thoughts, a refusal, an account."""

import re

import pytest
from playwright.sync_api import expect

from forum.questions.models import DeclineReason, Question
from tests.browser import steps
from tests.browser.hands import Pointer
from tests.browser.scenes import open_clinic
from tests.factories import PASSWORD, published_thread

TOKEN = "a-private-link-for-tests"


@pytest.fixture
def clinic():
    return open_clinic()


@pytest.fixture
def patient(open_window, clinic):
    return Pointer(open_window(width=360, height=740, phone=True))


def test_ask_form_keeps_what_was_typed_through_a_reload(patient):
    patient.page.goto("/ask/")
    steps.fill_in_question(patient)

    patient.page.reload()

    typed = {name: patient.field(name).input_value() for name in ("specialty", "headline", "text", "pseudonym")}
    assert typed == {
        "specialty": "neurology",
        "headline": steps.HEADLINE,
        "text": steps.TROUBLE,
        "pseudonym": "Kk",
    }
    expect(patient.field("age_band")).to_have_value("20-29")


def test_ask_form_wants_consent_anew_after_a_reload(patient):
    patient.page.goto("/ask/")
    patient.tick("consent")

    patient.page.reload()

    expect(patient.field("consent")).not_to_be_checked()


def test_ask_form_is_empty_again_once_the_question_was_taken(patient):
    steps.ask(patient)

    patient.page.goto("/ask/")

    assert [patient.field(name).input_value() for name in ("specialty", "headline", "text")] == ["", "", ""]


def test_ask_form_keeps_what_was_typed_to_its_own_tab(patient):
    patient.page.goto("/ask/")
    patient.write("text", steps.TROUBLE)

    other = Pointer(patient.page.context.new_page())
    other.page.goto("/ask/")

    expect(other.field("text")).to_have_value("")


def test_ask_form_shows_nobody_the_field_that_is_a_trap_for_programs(patient):
    patient.page.goto("/ask/")

    expect(patient.field("website")).to_be_hidden()


def test_double_click_makes_one_question(patient):
    patient.page.goto("/ask/")
    steps.fill_in_question(patient)
    patient.tick("consent")

    patient.page.get_by_role("button", name="Send my question").dblclick()

    expect(patient.page.locator(".status-steps")).to_be_visible()
    assert Question.objects.filter(headline=steps.HEADLINE).count() == 1


def test_asking_the_same_again_leads_to_the_same_question(patient):
    steps.ask(patient)
    link = patient.page.url

    steps.ask(patient)

    assert patient.page.url == link
    assert Question.objects.filter(headline=steps.HEADLINE).count() == 1


def test_patient_withdraws_a_question(patient, open_window, clinic):
    steps.ask(patient)

    patient.page.get_by_text("Withdraw my question").click()
    patient.press("Yes, withdraw it")

    expect(patient.page.locator(".status-steps [aria-current=step]")).to_have_text("Withdrawn")
    expect(patient.page.get_by_text("You have withdrawn this question.")).to_be_visible()
    desk = open_window(user=clinic.doctor.user)
    desk.goto("/dashboard/")
    expect(desk.get_by_role("heading", name="Nothing is waiting")).to_be_visible()


def test_patient_of_a_declined_question_sees_the_reason_and_the_next_step(patient, open_window, clinic):
    steps.ask(patient)
    doctor = Pointer(open_window(user=clinic.doctor.user))
    doctor.page.goto("/dashboard/")
    doctor.follow(steps.HEADLINE)
    doctor.page.get_by_text("Decline this question").click()
    doctor.choose("reason", "It needs an examination")
    doctor.page.locator(".decline [name=note]").fill("Your eye should be looked at.")
    doctor.press("Decline and tell the patient")
    expect(doctor.page.get_by_role("status")).to_contain_text("Declined.")

    patient.page.reload()

    notice = patient.page.locator(".notice--info")
    expect(notice).to_contain_text("It needs an examination")
    expect(notice).to_contain_text("Your eye should be looked at.")
    expect(notice).to_contain_text("Please make an appointment")
    patient.follow("Ask another question")
    expect(patient.page).to_have_url(re.compile("/ask/$"))
    assert Question.objects.get(headline=steps.HEADLINE).decline_reason == DeclineReason.EXAMINATION


def test_follow_up_is_sent_back_with_the_focus_on_what_is_wrong(patient, clinic):
    published_thread(specialty=clinic.specialty, token=TOKEN)
    patient.page.goto(f"/status/{TOKEN}/")

    patient.press("Send")

    steps.summary_takes_focus(patient.page, "This field is required.")


def test_follow_up_is_kept_through_a_reload_until_it_was_sent(patient, clinic):
    published_thread(specialty=clinic.specialty, token=TOKEN)
    patient.page.goto(f"/status/{TOKEN}/")
    patient.write("text", steps.FOLLOW_UP)

    patient.page.reload()

    expect(patient.field("text")).to_have_value(steps.FOLLOW_UP)
    patient.press("Send")
    expect(patient.field("text")).to_have_value("")


def test_follow_up_is_kept_while_the_patient_says_that_the_reply_helped(patient, clinic):
    published_thread(specialty=clinic.specialty, token=TOKEN)
    patient.page.goto(f"/status/{TOKEN}/")
    patient.write("text", steps.FOLLOW_UP)

    patient.press("This helped me")

    expect(patient.page.get_by_text(steps.HELPED)).to_be_visible()
    expect(patient.field("text")).to_have_value(steps.FOLLOW_UP)


def test_private_link_is_copied(patient, clinic):
    patient.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    steps.ask(patient)

    patient.page.get_by_role("button", name="Copy link").click()

    expect(patient.page.get_by_role("button", name="Copied")).to_be_visible()
    assert patient.page.evaluate("navigator.clipboard.readText()") == patient.page.url


def test_private_link_is_in_no_referrer(patient):
    steps.ask(patient)

    with patient.page.expect_request("**/specialties/") as asked:
        patient.follow("Specialties", within="header")

    referrer = asked.value.headers.get("referer", "")
    assert "/status/" not in referrer


def test_patient_signs_up_confirms_the_address_and_finds_the_question_in_the_account(patient, mailoutbox):
    page = patient.page
    page.goto("/accounts/signup/")
    patient.write("email", "new.patient@example.org")
    patient.write("password1", PASSWORD)
    patient.write("password2", PASSWORD)
    patient.press("Sign Up")
    expect(page.get_by_role("heading", level=1)).to_have_text("Verify Your Email Address")

    (mail,) = mailoutbox
    assert mail.to == ["new.patient@example.org"]
    page.goto(re.search(r"https?://\S+/confirm-email/\S+", mail.body)[0])
    patient.press("Confirm")
    patient.write("login", "new.patient@example.org")
    patient.write("password", PASSWORD)
    patient.press("Sign In")
    expect(page.get_by_role("heading", name="You have not asked yet")).to_be_visible()

    steps.ask(patient)
    page.goto("/my/questions/")
    patient.follow(steps.HEADLINE)
    expect(page.get_by_text("Your question waits for a doctor of Neurology.")).to_be_visible()
