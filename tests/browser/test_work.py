"""The doctor's desk: the live preview, and what is typed into it."""

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Pointer
from tests.browser.scenes import open_clinic
from tests.factories import FollowUpFactory, QuestionFactory

HOSTILE = """## Causes <img src=x onerror="document.title='taken'">

1. **Tiredness**: [sleep](javascript:document.title='taken'), see [MedlinePlus](https://medlineplus.gov/).

<script>document.title = 'taken'</script><style>body { display: none }</style>"""


@pytest.fixture
def doctor(open_window):
    """At work on the one question that waits."""
    clinic = open_clinic()
    waiting = QuestionFactory(specialty=clinic.specialty)
    hand = Pointer(open_window(user=clinic.doctor.user))
    hand.page.goto(f"/dashboard/questions/{waiting.pk}/")
    return hand


def test_preview_follows_the_typing(doctor):
    preview = doctor.page.locator("#preview")
    expect(preview).to_be_hidden()

    doctor.field("more_info").press_sequentially("## Causes")
    expect(preview.get_by_role("heading", name="Causes")).to_be_visible()
    doctor.field("more_info").press_sequentially(" and cures")
    expect(preview.get_by_role("heading", name="Causes and cures")).to_be_visible()
    doctor.write("more_info", "")
    expect(preview).to_be_hidden()


def test_preview_holds_nothing_but_harmless_markup(doctor):
    title = doctor.page.title()
    doctor.write("more_info", HOSTILE)

    body = doctor.page.locator("#preview-body")
    expect(body.get_by_role("link", name="MedlinePlus")).to_have_attribute("rel", "noopener nofollow")
    tags = body.evaluate("body => [...new Set([...body.querySelectorAll('*')].map(e => e.localName))].sort()")
    assert tags == ["a", "h2", "li", "ol", "p", "strong"]
    addresses = body.evaluate("body => [...body.querySelectorAll('a')].map(link => link.getAttribute('href'))")
    assert addresses == ["https://medlineplus.gov/"]
    expect(doctor.page).to_have_title(title)


def test_work_keeps_what_was_typed_through_a_reload_but_not_the_signature(doctor):
    doctor.write("text", "It is most likely harmless.")
    doctor.write("more_info", "## Causes")
    doctor.tick("signed")

    doctor.page.reload()

    expect(doctor.field("text")).to_have_value("It is most likely harmless.")
    expect(doctor.field("more_info")).to_have_value("## Causes")
    expect(doctor.page.locator("#preview").get_by_role("heading", name="Causes")).to_be_visible()
    expect(doctor.field("signed")).not_to_be_checked()


def test_on_a_phone_a_link_leads_past_the_question_to_the_answer(doctor):
    link = doctor.page.get_by_role("link", name="Go to your answer")
    expect(link).to_be_hidden()  # both stand side by side

    doctor.page.set_viewport_size({"width": 360, "height": 740})
    heading = doctor.page.get_by_role("heading", name="Your answer")
    expect(heading).not_to_be_in_viewport()
    link.click()

    expect(heading).to_be_in_viewport()


def test_draft_saved_elsewhere_is_newer_than_what_this_window_kept(doctor):
    doctor.write("text", "Typed here.")
    elsewhere = Pointer(doctor.page.context.new_page())
    elsewhere.page.goto(doctor.page.url)
    elsewhere.write("text", "Saved elsewhere, later.")
    elsewhere.press("Save draft")

    doctor.page.reload()

    expect(doctor.field("text")).to_have_value("Saved elsewhere, later.")


def test_enter_in_a_field_saves_and_never_publishes(doctor):
    doctor.write("text", "It is most likely harmless.")
    doctor.field("topics").fill("Twitching")

    with doctor.page.expect_navigation():
        doctor.field("topics").press("Enter")

    expect(doctor.page.get_by_role("status")).to_have_text("Draft saved.")


def test_empty_answer_to_a_follow_up_is_refused_with_the_focus_on_why(open_window):
    clinic = open_clinic()
    FollowUpFactory(question=clinic.earlier)
    hand = Pointer(open_window(user=clinic.doctor.user))
    hand.page.goto(f"/dashboard/questions/{clinic.earlier.pk}/")

    hand.press("Publish the answer")

    expect(hand.page.locator(".error-summary")).to_be_focused()
    expect(hand.field("answer")).to_have_attribute("aria-invalid", "true")


def test_draft_is_there_after_closing_the_window(doctor, open_window):
    doctor.write("text", "It is most likely harmless.")
    doctor.press("Save draft")
    expect(doctor.page.get_by_role("status")).to_have_text("Draft saved.")

    doctor.page.goto("/dashboard/")
    expect(doctor.page.locator(".queue__meta")).to_contain_text("Draft saved")
    doctor.follow(doctor.page.locator(".queue__title").inner_text())

    expect(doctor.field("text")).to_have_value("It is most likely harmless.")


def test_reply_that_comes_too_late_is_given_back(doctor):
    question_url = doctor.page.url
    other = doctor.page.context.new_page()
    other.goto(question_url)
    first, second = Pointer(other), doctor
    first.page.get_by_text("Decline this question").click()
    first.press("Decline and tell the patient")
    second.write("public_title", "Twitching")
    second.write("text", "Written at length.")
    second.press("Publish")

    expect(second.page.get_by_role("status")).to_contain_text("It is no longer waiting")
    expect(second.page.get_by_label("Your reply")).to_have_value("Written at length.")
