"""From an application to the dashboard, and off it again; by mouse, by keyboard and without scripts."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Application, Doctor
from tests.browser.hands import Keyboard, Pointer
from tests.browser.pages.opening import at_work, press
from tests.browser.scenes import open_clinic
from tests.factories import ApplicationFactory, QuestionFactory, SpecialtyFactory, UserFactory
from tests.pictures import jpeg

PDF = {"name": "licence.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a licence %%EOF"}
PHOTO = {"name": "back.jpg", "mimeType": "image/jpeg", "buffer": jpeg(size=(800, 600))}


@pytest.mark.parametrize("javascript", [True, False])
def test_a_doctor_applies_is_asked_answers_and_works(open_window, javascript):
    SpecialtyFactory(name="Neurology")
    user = UserFactory()
    doctor = Pointer(open_window(user=user, javascript=javascript, width=360, phone=True))
    doctor.page.goto("/")
    doctor.follow("For doctors", within="footer")
    doctor.page.locator("[name=proof]").set_input_files(PDF)
    press(doctor.page, "Send to the admins")
    expect(doctor.page.get_by_text("Your file is here already.")).to_be_visible()
    for name, words in {"name": "Ada Example", "number": "A-1", "issuing_body": "Council"}.items():
        doctor.write(name, words)
    doctor.page.locator("[name=expires_on]").fill((timezone.localdate() + timedelta(400)).isoformat())
    doctor.page.get_by_label("Neurology").check()
    press(doctor.page, "Send to the admins")
    expect(doctor.page.get_by_text("Waits for an admin")).to_be_visible()

    admin = open_window(user=UserFactory(admin=True), javascript=javascript)
    admin.goto("/admin/")
    admin.locator(".desks").get_by_role("link", name="Applications").click()
    admin.locator("#result_list").get_by_role("link", name="Ada Example").click()
    with admin.expect_download() as download:
        admin.get_by_role("link", name="Download the PDF").click()
    assert download.value.path().read_bytes() == PDF["buffer"]
    admin.get_by_label("Ask for more: the applicant reads the note and answers").check()
    admin.get_by_label("Note:").fill("And the back?")
    press(admin, "Decide")

    doctor.page.reload()
    expect(doctor.page.get_by_text("And the back?")).to_be_visible()
    doctor.write("answer", "Here it is.")
    doctor.page.locator("[name=proof]").set_input_files(PHOTO)
    press(doctor.page, "Send to the admins")

    admin.reload()
    expect(admin.get_by_text("Here it is.")).to_be_visible()
    expect(admin.get_by_role("img", name=re.compile("The licence"))).to_have_js_property("naturalWidth", 800)
    admin.get_by_label("Verify: the licence is checked, the doctor may work").check()
    press(admin, "Decide")
    expect(admin.get_by_text("Done. The applicant is told.")).to_be_visible()

    doctor.page.reload()
    doctor.follow("Go to the dashboard", within="main")
    assert doctor.page.url.endswith("/dashboard/")
    assert doctor.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_admin_verifies_and_suspends_by_keyboard(open_window):
    specialty = SpecialtyFactory(name="Neurology")
    ApplicationFactory(name="Ada Example", specialties=[specialty])
    admin = Keyboard(open_window(user=UserFactory(admin=True)))
    admin.page.goto("/admin/")

    admin.follow("Applications", within=".desks")
    admin.follow("Ada Example", within="#result_list")
    admin.reach(admin.page.get_by_label("Verify: the licence is checked, the doctor may work"))
    admin.page.keyboard.press("Space")
    admin.press("Decide")
    assert Application.objects.get().state == "verified"

    admin.follow("Dr. Ada Example")
    admin.reach(admin.page.get_by_label("Suspend: the dashboard is closed at once"))
    admin.page.keyboard.press("Space")
    admin.enter(admin.page.get_by_label("Reason:"), "A complaint.")
    admin.press("Change the standing")

    expect(admin.page.get_by_text("Done. The doctor is told.")).to_be_visible()
    assert Doctor.objects.get().standing == "suspended"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_doctor_who_is_suspended_while_writing_loses_no_word(open_window, javascript):
    clinic = open_clinic()
    question = QuestionFactory(specialty=clinic.specialty)
    doctor = Pointer(open_window(user=clinic.doctor.user, javascript=javascript))
    doctor.page.goto(f"/dashboard/questions/{question.pk}/")
    if javascript:
        at_work(doctor.page)
    doctor.write("public_title", "Twitching eyelids")
    doctor.write("text", "It is harmless. Sleep more.")
    clinic.doctor.suspend(by=UserFactory(admin=True), reason="A complaint.")

    press(doctor.page, "Publish")

    expect(doctor.page.get_by_text("An admin has suspended your work here.")).to_be_visible()
    expect(doctor.page.get_by_label("Your reply")).to_have_value("It is harmless. Sleep more.")
    question.refresh_from_db()
    assert question.state == "waiting"


@pytest.mark.parametrize("hand", [Pointer, Keyboard])
def test_a_doctor_stops_working_here(open_window, hand):
    clinic = open_clinic()
    doctor = hand(open_window(user=clinic.doctor.user))
    doctor.page.goto("/accounts/doctor/")

    doctor.activate(doctor.page.locator("summary", has_text="Stop working here"))
    doctor.press("Stop working here")

    expect(doctor.page.get_by_text("You no longer work here. Thank you")).to_be_visible()
    doctor.page.goto(clinic.earlier.get_absolute_url())
    expect(doctor.page.locator(".reply .former")).to_have_text("No longer active here")
