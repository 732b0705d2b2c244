"""An admin finds out what happened: by mouse, by keyboard, without JavaScript."""

import json

import pytest
from playwright.sync_api import expect

from forum.history.models import Export
from tests.browser.hands import Keyboard, Pointer
from tests.browser.pages.history import much_has_happened
from tests.factories import UserFactory


@pytest.mark.parametrize(("hand", "javascript"), [(Pointer, True), (Keyboard, True), (Pointer, False)])
def test_an_admin_finds_what_a_doctor_did_compares_it_and_takes_it_along(open_window, hand, javascript):
    much_has_happened()
    admin = hand(open_window(user=UserFactory(admin=True), javascript=javascript))
    page = admin.page
    page.goto("/admin/")

    admin.follow("What happened", within="main")
    admin.write("name", "Mukhan")
    admin.press("Only what this person did")
    twice = [act for act in ("Reply corrected", "Declined", "Transferred to another specialty") for _of in "dr"]
    expect(page.locator(".history__list strong")).to_have_text(twice)  # the decision, and the row it changed
    admin.write("words", "examination")
    admin.press("Show")
    expect(page.locator(".history__list strong")).to_have_text(["Declined"])
    with page.expect_download() as download:
        admin.activate(page.get_by_role("button", name="Download as JSON Lines"))
    (line,) = download.value.path().read_text().splitlines()
    admin.follow("Show everything", within="main")
    admin.follow(page.locator("a", has_text="Compare the versions of reply").first.inner_text(), within="main")

    expect(page.locator(".difference del")).to_have_count(1)
    expect(page.locator(".difference ins")).to_contain_text("often")
    assert (json.loads(line)["act"], json.loads(line)["name"]) == ("decline", "Wu Mukhan")
    assert Export.objects.get().filters["words"] == "…"
