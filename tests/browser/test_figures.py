"""The admins' figures: chosen, read as a table and taken away as a sheet, by mouse and by keyboard, without scripts."""

import pytest
from playwright.sync_api import expect

from forum.moderation.figures.weeks import this_week
from tests.browser.hands import Keyboard, Pointer
from tests.browser.pages.figures import half_a_year
from tests.factories import UserFactory


@pytest.mark.parametrize("hand", [Pointer, Keyboard])
def test_an_admin_reads_the_figures_of_a_doctor_and_takes_them_away(open_window, hand):
    half_a_year()
    admin = hand(open_window(javascript=False, user=UserFactory(admin=True)))
    page = admin.page
    page.goto("/admin/")

    admin.follow("Figures", within=".desks")
    admin.choose("doctor", "Wu Mukhan")
    admin.press("Show")
    expect(admin.field("doctor").locator("option:checked")).to_have_text("Wu Mukhan")
    expect(page.locator(".totals dd").first).to_have_text("247")

    admin.activate(page.locator("summary", has_text="Table: Time to answer, in hours"))
    row = page.locator(".plot", has_text="Table: Time to answer").get_by_role("row").last
    expect(row.locator("th, td")).to_have_text([str(this_week()), "3.42", "8.92"])

    with page.expect_download() as download:
        admin.activate(page.get_by_role("link", name="by week"))
    *_rows, last = download.value.path().read_text("utf-8-sig").splitlines()
    assert last.startswith(f"{this_week()},8,3.42,8.92,")
