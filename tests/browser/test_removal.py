"""Asking for a thread to be made anonymous, on a phone and without scripts as well; the admin who decides."""

import pytest
from playwright.sync_api import expect

from forum.questions.models import Question, RemovalRequest
from tests.browser.pages.opening import TOKEN, press
from tests.browser.scenes import open_clinic
from tests.factories import UserFactory, published_thread


@pytest.fixture
def thread():
    clinic = open_clinic()
    return published_thread(
        specialty=clinic.specialty, token=TOKEN, text="Call me on 0912 345 678.", reply__doctor=clinic.doctor
    )


@pytest.mark.parametrize("javascript", [True, False])
def test_a_patient_asks_and_is_made_anonymous_by_an_admin(open_window, thread, javascript):
    patient = open_window(width=360, phone=True, javascript=javascript)
    patient.goto(f"/status/{TOKEN}/")

    patient.get_by_text("Ask for one of them").click()
    patient.get_by_label("Keep the thread, and take out what tells who I am").check()
    patient.get_by_label("Why, or what matters to you").fill("My boss reads this.")
    press(patient, "Send the request")
    expect(patient.locator("#removal .notice")).to_contain_text("You have asked for this:")
    assert patient.evaluate("document.documentElement.scrollWidth") <= 360

    admin = open_window(user=UserFactory(admin=True), javascript=javascript)
    admin.goto("/admin/questions/removalrequest/")
    admin.locator("#result_list").get_by_role("link", name="Keep the thread, and take out what tells who I am").click()
    admin.get_by_label("Do what is asked for").check()
    press(admin, "Decide")
    expect(admin.get_by_text("Decided. The asker is told.")).to_be_visible()

    patient.goto(thread.get_absolute_url())
    expect(patient.locator("#question")).to_contain_text("Call me on [phone number].")
    expect(patient.locator("#question")).not_to_contain_text("Kk")
    assert patient.goto(f"/status/{TOKEN}/").status == 404
    assert Question.objects.get(pk=thread.pk).token_hash is None


@pytest.mark.parametrize("javascript", [True, False])
def test_a_patient_takes_the_request_back_and_asks_what_is_unclear(open_window, thread, javascript):
    patient = open_window(width=360, phone=True, javascript=javascript)
    RemovalRequest.objects.ask(question=thread, kind="remove")
    patient.goto(f"/status/{TOKEN}/")

    press(patient, "Take the request back")
    expect(patient.get_by_text("Your request is taken back. Everything stays as it is.")).to_be_visible()
    patient.get_by_text("Say what is unclear").click()
    patient.get_by_label("What is unclear in this reply?").fill("What does benign mean?")
    press(patient, "Tell the doctor")

    expect(patient.get_by_text("What does benign mean?")).to_be_visible()
    assert RemovalRequest.objects.count() == 0
