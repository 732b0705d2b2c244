"""An admin changes the words of the site, by mouse and by keyboard, with and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Keyboard, Pointer
from tests.browser.scenes import full_thread, open_clinic
from tests.factories import UserFactory


@pytest.mark.parametrize("hand", [Pointer, Keyboard])
@pytest.mark.parametrize("javascript", [True, False])
def test_an_admin_looks_at_a_standing_notice_then_saves_it_and_takes_it_back(hand, javascript, open_window):
    thread = full_thread(open_clinic())
    reader = open_window()
    admin = hand(open_window(user=UserFactory(admin=True), javascript=javascript))
    admin.page.goto("/admin/")

    admin.follow("Site texts", within="main")
    admin.follow("Below every thread")
    admin.write("en-emergency", "Dial {emergncy}.")
    admin.press("Preview")
    expect(admin.page.locator("#id_en-emergency_error li").first).to_have_text(
        "Line 1: there is no {emergncy}. Did you mean {emergency}?"
    )
    admin.write("en-emergency", "Dial {emergency}.")
    admin.press("Preview")
    preview = admin.page.frame_locator("#preview iframe >> nth=0")
    expect(preview.locator(".standing-notice p").last).to_have_text("Dial 119.")
    admin.write("reason", "Shorter")
    admin.press("Save")

    reader.goto(thread.get_absolute_url())
    expect(reader.locator(".standing-notice p").last).to_have_text("Dial 119.")
    expect(reader.get_by_role("link", name="119")).to_have_attribute("href", "tel:119")

    admin.follow("History", within="main")
    admin.choose("version", "English 0: the site's own words")
    admin.write("reason", "Was better")
    admin.press("Restore")
    reader.reload()
    expect(reader.locator(".standing-notice p").last).to_have_text("In an emergency call 119 now.")
