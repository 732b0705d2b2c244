"""Every page for everybody: axe finds nothing, light and dark, on phone and wide screen; nothing scrolls sideways."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.hands import Keyboard
from tests.browser.pages import PAGES
from tests.browser.scenes import full_thread, open_clinic
from tests.factories import UserFactory

WIDTHS = (360, 1280)
# Each width once and each scheme once: the colours are the same at every width, the layout in both schemes.
LOOKS = ((360, "dark"), (1280, "light"))
NARROWEST = 320  # WCAG 2.2, 1.4.10: 1280 px at four times the size
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = """async rules => {
  const options = { runOnly: rules, resultTypes: ["violations"], preload: false };
  const { violations } = await axe.run(document, options);
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) =>
    `${id} (${help}): ${html.slice(0, 160)}: ${failureSummary}`));
}"""


@pytest.mark.parametrize("opened", PAGES.values(), ids=PAGES)
def test_page_is_for_everybody(opened, open_window):
    page = opened(open_window)

    expect(page).to_have_title(re.compile(r"\S"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_count(1)
    assert axe_findings(page) == {}
    assert [width for width in (NARROWEST, *WIDTHS) if scrolls_sideways(page, width)] == []


def axe_findings(page: Page) -> dict[tuple[int, str], list[str]]:
    """What axe has to say, by width and colour scheme."""
    page.evaluate(Axe().axe_script)
    found = {}
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        found[width, scheme] = page.evaluate(RUN, RULES)
    return {where: findings for where, findings in found.items() if findings}


def scrolls_sideways(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 800})
    return page.evaluate("document.documentElement.scrollWidth") > width


def test_keyboard_skips_from_the_top_to_the_content(open_window):
    reader = Keyboard(open_window())
    reader.page.goto(full_thread(open_clinic()).get_absolute_url())

    reader.page.keyboard.press("Tab")
    skip = reader.page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    reader.reach(skip)
    reader.page.keyboard.press("Enter")

    expect(reader.page.locator("main")).to_be_focused()
    reader.page.keyboard.press("Tab")
    expect(reader.page.locator(".breadcrumbs a").first).to_be_focused()


def test_keyboard_opens_the_account_menu_and_signs_out(open_window):
    patient = Keyboard(open_window(user=UserFactory()))
    patient.page.goto("/")

    patient.activate(patient.page.locator("summary", has_text="Account"))
    patient.press("Sign out", within="header")

    expect(patient.page.get_by_role("link", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("opened", [PAGES["thread"], PAGES["ask"], PAGES["work_on_a_waiting_question"]])
def test_everything_that_takes_the_focus_shows_it(opened, open_window):
    keyboard = Keyboard(opened(open_window))
    # Of a toolbar one tool is a stop of the Tab key; the arrow keys lead to the others.
    controls = keyboard.page.locator(
        "main :is(a[href], button, input, select, textarea, summary):not([tabindex='-1']):visible"
    )

    for control in controls.all():
        keyboard.reach(control)
    keyboard.reach(controls.first)
