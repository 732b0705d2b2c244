"""An admin looks after the site: by mouse, by keyboard, without JavaScript."""

import pytest
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import expect

from tests.browser.hands import Keyboard, Pointer
from tests.factories import TaskFactory, UserFactory


@pytest.mark.parametrize(("hands", "javascript"), [(Pointer, True), (Keyboard, True), (Pointer, False)])
def test_admin_tries_failed_tasks_again(open_window, hands, javascript):
    TaskFactory.create_batch(3, failed=True)
    admin = hands(open_window(user=UserFactory(admin=True), javascript=javascript))
    admin.page.goto("/admin/")

    admin.follow("Health", within=".desks")
    expect(admin.page.locator(".findings .soon h2", has_text="Failed tasks")).to_be_visible()
    admin.follow("Try all 3 of “Find threads like one that changed” again")
    admin.press("Try again")

    expect(admin.page.locator(".messagelist")).to_have_text("3 tasks are tried again.")
    expect(admin.page.get_by_text("None within a week.")).to_be_visible()
    assert DBTaskResult.objects.ready().count() == 3
