"""Two ways to use a page: by finger or mouse, and by the keyboard alone. Every press is expected to lead to a page."""

from abc import ABC, abstractmethod

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 120

IS_FOCUSED = "element => element === document.activeElement"
# Whether the element stands behind what has the focus, in the order of the page.
COMES_LATER = """element => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return true;
  return Boolean(focused.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
}"""
# What a person sees of the focus: a ring, within the window, with nothing over it. The browser scrolls a little later.
FOCUS = """async element => {
  const style = getComputedStyle(element);
  const seen = () => {
    const box = element.getClientRects()[0];
    const [x, y] = [box.x + Math.min(box.width / 2, 20), box.y + Math.min(box.height / 2, 12)];
    const top = document.elementFromPoint(x, y);
    return Boolean(top) && (element.contains(top) || top.contains(element));
  };
  for (let frame = 0; frame < 60 && !seen(); frame += 1) await new Promise(requestAnimationFrame);
  return { ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2, seen: seen() };
}"""


class Hand(ABC):
    """Somebody at a window. Fields go by their names in the contract, links and buttons by their words."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def field(self, name: str) -> Locator:
        return self.page.locator(f"main [name={name}]:not([type=hidden])")

    def follow(self, words: str, *, within: str = "body") -> None:
        """Follow a link."""
        link = self.page.locator(within).get_by_role("link", name=words, exact=True).first
        with self.page.expect_navigation():
            self.activate(link)

    def press(self, words: str, *, within: str = "main") -> None:
        """Press a button."""
        button = self.page.locator(within).get_by_role("button", name=words, exact=True)
        with self.page.expect_navigation():
            self.activate(button)

    def search(self, words: str) -> None:
        """Use the search box at the top of every page."""
        box = self.page.locator("#site-q")
        self.enter(box, words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, name: str, text: str) -> None:
        self.enter(self.field(name), text)
        expect(self.field(name)).to_have_value(text)

    @abstractmethod
    def activate(self, locator: Locator) -> None: ...

    @abstractmethod
    def enter(self, locator: Locator, text: str) -> None: ...

    @abstractmethod
    def choose(self, name: str, option: str) -> None: ...

    @abstractmethod
    def tick(self, name: str) -> None: ...


class Pointer(Hand):
    def activate(self, locator: Locator) -> None:
        locator.click()

    def enter(self, locator: Locator, text: str) -> None:
        locator.fill(text)

    def choose(self, name: str, option: str) -> None:
        self.field(name).select_option(label=option)

    def tick(self, name: str) -> None:
        self.field(name).check()


class Keyboard(Hand):
    """Tab, Shift+Tab, Enter, Space and letters; whatever is reached must show that it has the focus."""

    def activate(self, locator: Locator) -> None:
        self.reach(locator)
        self.page.keyboard.press("Enter")

    def enter(self, locator: Locator, text: str) -> None:
        self.reach(locator)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, name: str, option: str) -> None:
        self.reach(self.field(name))
        self.page.keyboard.type(option)
        expect(self.field(name).locator("option:checked")).to_have_text(option)

    def tick(self, name: str) -> None:
        self.reach(self.field(name))
        self.page.keyboard.press("Space")
        expect(self.field(name)).to_be_checked()

    def reach(self, locator: Locator) -> None:
        """Tab to it, forwards or backwards, and see that it shows the focus."""
        for _tab in range(MOST_TABS):
            if locator.evaluate(IS_FOCUSED):
                assert locator.evaluate(FOCUS) == {"ring": True, "seen": True}, f"the focus does not show on {locator}"
                return
            self.page.keyboard.press("Tab" if locator.evaluate(COMES_LATER) else "Shift+Tab")
        raise AssertionError(f"{locator} cannot be reached with the Tab key")
