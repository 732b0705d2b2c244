"""The public thread page in a reader's window: its weight, its share links, on paper."""

import gzip
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.scenes import full_thread, open_clinic

MOST_REQUESTS = 6
MOST_BYTES = 100_000
ON_PAPER = ("h1", "#question", ".reply", "#follow-ups", "#more-info", ".article-sources", ".standing-notice")
NOT_ON_PAPER = (".site-nav", ".site-search", ".site-ask", "#share", "#similar", "#related-faq", ".site-footer nav")


@pytest.fixture
def thread(transactional_db):
    return full_thread(open_clinic())


def loaded(page: Page, path: str) -> list[Response]:
    """Everything a window gets for a page, the icon too, which a browser without a screen leaves out."""
    responses = []
    page.on("response", lambda response: responses.append(response))
    page.goto(path, wait_until="networkidle")
    icon = page.locator("link[rel=icon]").evaluate("link => link.href")
    if icon not in [response.url for response in responses]:
        responses.append(page.request.get(icon))
    return responses


def test_thread_page_is_light_and_comes_from_one_host(thread, open_window, live_server):
    responses = loaded(open_window(width=360), thread.get_absolute_url())

    assert [response.status for response in responses] == [200] * len(responses)
    assert {urlsplit(response.url).netloc for response in responses} == {urlsplit(live_server.url).netloc}
    assert len(responses) <= MOST_REQUESTS
    assert sum(len(gzip.compress(response.body())) for response in responses) < MOST_BYTES


def test_thread_page_sets_no_cookie_for_a_reader(thread, open_window):
    page = open_window()

    page.goto(thread.get_absolute_url())

    assert page.context.cookies() == []


def test_copy_link_copies_the_canonical_address(thread, open_window, live_server):
    page = open_window()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{thread.get_absolute_url()}?from=mail#replies")

    page.get_by_role("button", name="Copy link").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{live_server.url}{thread.get_absolute_url()}"


def test_share_sheet_and_print_are_offered_where_the_device_has_them(thread, open_window, live_server):
    page = open_window()
    page.add_init_script(
        "navigator.share = async data => { window.shared = data; }; window.print = () => { window.printed = true; };"
    )
    page.goto(thread.get_absolute_url())

    page.get_by_role("button", name="Share…").click()
    page.get_by_role("button", name="Print").click()

    assert page.evaluate("window.shared.url") == f"{live_server.url}{thread.get_absolute_url()}"
    assert page.evaluate("window.printed") is True


def test_share_sheet_is_hidden_where_the_device_has_none(thread, open_window):
    page = open_window()
    page.add_init_script("delete Navigator.prototype.share; delete Navigator.prototype.clipboard;")
    page.goto(thread.get_absolute_url())

    expect(page.get_by_role("button", name="Print")).to_be_visible()
    expect(page.locator("#share button:visible")).to_have_text(["Print"])


def test_share_links_work_without_scripts_and_buttons_are_hidden(thread, open_window):
    page = open_window(javascript=False)
    page.goto(thread.get_absolute_url())

    expect(page.locator("#share a:visible")).to_have_text(["E-mail", "LINE", "Facebook", "X", "WhatsApp"])
    expect(page.locator("#share button:visible")).to_have_count(0)


def test_thread_on_paper_is_a_leaflet(thread, open_window):
    page = open_window()
    page.goto(thread.get_absolute_url())

    page.emulate_media(media="print")

    for selector in ON_PAPER:
        expect(page.locator(selector).first).to_be_visible()
    for selector in NOT_ON_PAPER:
        expect(page.locator(selector).first).to_be_hidden()
    expect(page.locator("form")).not_to_have_count(0)
    expect(page.locator("form:visible")).to_have_count(0)
