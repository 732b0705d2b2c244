"""Doctors and the work of colleagues: a second reply, an agreement, a look before publishing."""

import pytest
from playwright.sync_api import expect

from forum.moderation.models import LookRequest
from forum.replies.models import Draft
from tests.browser.hands import Keyboard, Pointer
from tests.browser.scenes import full_thread, open_clinic
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory

MINE = "I would also look at the thyroid."


@pytest.fixture
def clinic():
    return open_clinic()


@pytest.fixture
def colleague(clinic):
    return DoctorFactory(name="Ada Lin", specialties=[SpecialtyFactory(name="Dermatology")])


@pytest.mark.parametrize("javascript", [True, False])
def test_a_doctor_of_another_specialty_adds_a_reply_that_readers_see(open_window, clinic, colleague, javascript):
    doctor = Pointer(open_window(user=colleague.user, javascript=javascript))
    doctor.page.goto(clinic.earlier.get_absolute_url())

    doctor.follow("For doctors: give a second opinion")
    doctor.press("Publish")
    expect(doctor.page.locator(".error-summary li")).to_have_text("Your reply: Please write a reply.")
    doctor.write("text", MINE)
    doctor.press("Publish")

    expect(doctor.page.get_by_role("status")).to_have_text("Published. The patient will be told.")
    reader = open_window(javascript=javascript)
    reader.goto(clinic.earlier.get_absolute_url())
    expect(reader.locator("#replies h3")).to_have_text(
        ["Dr. Wu Mukhan reply Neurology", "Dr. Ada Lin reply Dermatology"]
    )
    expect(reader.locator("#replies .reply").nth(1)).to_contain_text(MINE)


def test_the_draft_of_a_second_reply_saves_itself(open_window, clinic, colleague):
    page = open_window(user=colleague.user)
    page.goto(f"/dashboard/questions/{clinic.earlier.pk}/opinion/")

    page.locator("[name=text]").fill(MINE)
    expect(page.locator("#draft-saved")).to_contain_text("Saved")

    assert Draft.objects.get().text == MINE
    page.goto("/dashboard/")
    page.goto(f"/dashboard/questions/{clinic.earlier.pk}/opinion/")
    expect(page.locator("[name=text]")).to_have_value(MINE)


@pytest.mark.parametrize(("hand", "javascript"), [(Pointer, True), (Keyboard, True), (Pointer, False)])
def test_a_doctor_agrees_by_name_and_takes_it_back(open_window, clinic, colleague, hand, javascript):
    thread = full_thread(clinic)
    doctor, reader = hand(open_window(user=colleague.user, javascript=javascript)), open_window(javascript=javascript)
    doctor.page.goto(f"/dashboard/questions/{thread.pk}/opinion/")

    doctor.press("I agree with Dr. Wu Mukhan, by name")
    reader.goto(thread.get_absolute_url())
    expect(reader.locator(".reply").first.locator(".reply__agreed")).to_have_text("Dr. Ada Lin agrees")
    reader.get_by_role("link", name="Ada Lin").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Dr. Ada Lin")

    doctor.press("Take back my agreement with Dr. Wu Mukhan")
    reader.goto(thread.get_absolute_url())
    expect(reader.locator(".reply__agreed")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_colleague_looks_at_a_draft_and_the_doctor_reads_the_comment(open_window, clinic, colleague, javascript):
    asked = QuestionFactory(specialty=clinic.specialty, headline="My eyelid twitches")
    doctor = Pointer(open_window(user=clinic.doctor.user, javascript=javascript))
    other = Pointer(open_window(user=colleague.user, javascript=javascript))

    doctor.page.goto(f"/dashboard/questions/{asked.pk}/")
    doctor.write("text", "Sleep more.")
    doctor.page.get_by_text("Ask a colleague to look").click()
    doctor.write("colleague_name", "ada")
    doctor.write("look_note", "Is that all?")
    doctor.press("Save and ask")
    expect(doctor.page.locator(".look")).to_contain_text("Dr. Ada Lin Has not looked yet")
    expect(doctor.field("text")).to_have_value("Sleep more.")

    other.page.goto("/dashboard/")
    other.follow("My eyelid twitches", within="#looks")
    expect(other.page.locator(".work__editor .notice")).to_have_text("Is that all?")
    expect(other.page.locator(".work__editor .reply")).to_contain_text("Sleep more.")
    other.write("answer", "Mention coffee.")
    other.press("Send the comment")
    expect(other.page.get_by_role("status")).to_have_text("Dr. Wu Mukhan sees it beside the draft.")

    doctor.page.goto(f"/dashboard/questions/{asked.pk}/")
    expect(doctor.page.locator(".look .prose")).to_have_text("Mention coffee.")
    assert LookRequest.objects.get().note == "Is that all?"


def test_a_colleague_is_chosen_from_the_list_by_keyboard(open_window, clinic, colleague):
    asked = QuestionFactory(specialty=clinic.specialty)
    doctor = Keyboard(open_window(user=clinic.doctor.user))
    doctor.page.goto(f"/dashboard/questions/{asked.pk}/")

    doctor.activate(doctor.page.locator("summary", has_text="Ask a colleague to look"))
    doctor.choose("colleague", "Ada Lin (Dermatology)")
    doctor.press("Save and ask")

    expect(doctor.page.locator(".look")).to_contain_text("Dr. Ada Lin")
    assert LookRequest.objects.get().colleague == colleague
