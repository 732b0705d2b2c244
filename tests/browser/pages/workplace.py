"""The admins' workplace."""

from playwright.sync_api import Page

from tests.browser.pages.opening import Window, page_of, press, visit
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


@page_of
def workplace_hiding_threads(window):
    full_thread(open_clinic())
    page = admins(window, "/admin/questions/question/")
    page.locator("#result_list .action-select").first.check()
    page.get_by_label("Action:").select_option("Hide the chosen threads")
    return press(page, "Go")
