"""How the pages of this package are opened."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

TOKEN = "a-private-link-for-tests"
ENDLESS = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 4
Window = Callable[..., Page]
PAGES: dict[str, Callable[[Window], Page]] = {}


def page_of(scene: Callable[[Window], Page]) -> Callable[[Window], Page]:
    PAGES[scene.__name__] = scene
    return scene


def visit(window: Window, path: str, **person) -> Page:
    page = window(**person)
    page.goto(path)
    return page


def press(page: Page, words: str) -> Page:
    """Press a button that leads to a page."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=words, exact=True).click()
    return page


def at_work(page: Page) -> Page:
    """A doctor's page whose scripts ask for nothing more: the question is claimed, and drafts are saved by nobody."""
    page.route("**/draft/", lambda route: route.abort())
    expect(page.locator("[data-claim='mine']")).to_be_attached()
    return page
