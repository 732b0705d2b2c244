"""The admins' workplace."""

from playwright.sync_api import Page

from tests.browser.pages.opening import Window, page_of, visit
from tests.browser.scenes import full_thread, open_clinic
from tests.factories import RemovalRequestFactory, ReportFactory, UserFactory


def admins(window: Window, path: str) -> Page:
    return visit(window, path, user=UserFactory(admin=True))


@page_of
def workplace(window):
    thread = full_thread(open_clinic())
    ReportFactory(question=thread)
    RemovalRequestFactory(question=thread)
    return admins(window, "/admin/")
