"""When something is not as expected."""

from django.template.loader import render_to_string
from playwright.sync_api import Page

from tests.browser.pages.opening import Window, page_of, press, visit
from tests.browser.scenes import open_clinic


@page_of
def not_found(window):
    return visit(window, "/questions/999/no-such-thread/")


@page_of
def form_had_expired(window):
    open_clinic()
    page = visit(window, "/ask/")
    page.context.clear_cookies()
    return press(page, "Send my question")


def in_place_of_home(window: Window, template: str) -> Page:
    """A page that no address leads to, as it would be answered at the home page's."""
    page = window()
    html = render_to_string(template)
    page.route("**/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.goto("/")
    return page


@page_of
def not_allowed(window):
    return in_place_of_home(window, "403.html")


@page_of
def bad_request(window):
    return in_place_of_home(window, "400.html")


@page_of
def too_many_requests(window):
    return in_place_of_home(window, "429.html")


@page_of
def something_went_wrong(window):
    return in_place_of_home(window, "500.html")
