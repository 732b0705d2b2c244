"""Writing a More Info: its tools by keyboard, another article or a machine's draft to start from."""

import threading

import pytest
from django.db import connection
from playwright.sync_api import expect

from forum.articles.models import Article, MachineDraft
from forum.articles.tasks import write_machine_draft
from forum.replies.models import Draft
from tests.browser.hands import Keyboard, Pointer
from tests.browser.scenes import open_clinic
from tests.chat import DONE, chat, event, stream
from tests.factories import ArticleFactory, QuestionFactory, published_thread

__all__ = ["chat"]
LIKE = "My eyelid keeps twitching in the evening. Is that a muscle problem, or a nerve?"
TEXT = "## Causes\n\n1. **Tiredness**: an eyelid that twitches is nearly always a tired one."
PUT_IN = "It is in the editor, below what stood there."


@pytest.fixture
def clinic():
    return open_clinic()


@pytest.fixture
def question(clinic):
    return QuestionFactory(specialty=clinic.specialty, text=LIKE)


@pytest.fixture
def article(clinic):
    thread = published_thread(specialty=clinic.specialty, text=LIKE, public_title="Twitching of the Eyelid Explained")
    return ArticleFactory(question=thread, signed=True, signed_by=clinic.doctor, text=TEXT)


def at_work(hand, open_window, clinic, question, **window):
    hand = hand(open_window(user=clinic.doctor.user, **window))
    hand.page.goto(f"/dashboard/questions/{question.pk}/")
    return hand


def open_block(doctor) -> None:
    doctor.page.get_by_text("Start the More Info from").click()


# The tools


class Tools:
    """The tools above the editor, used by keyboard alone."""

    def __init__(self, doctor: Keyboard) -> None:
        self.doctor, self.page = doctor, doctor.page
        self.area = doctor.field("more_info")
        self.bar = self.page.get_by_role("toolbar", name="Format the More Info")

    def type(self, text: str, *, choose: str = "") -> None:
        """Put this into the editor; choose some of it."""
        self.doctor.write("more_info", text)
        start = text.index(choose) if choose else len(text)
        self.area.evaluate("(area, [start, end]) => area.setSelectionRange(start, end)", [start, start + len(choose)])

    def use(self, name: str) -> None:
        """Back to the tools, by arrows to the one, and press it; the focus is in the editor again."""
        here = self.bar.locator("[tabindex='0']")
        self.doctor.reach(here)
        self.page.keyboard.press("Home")
        for _arrow in range(6):
            if self.bar.get_by_role("button", name=name, exact=True).evaluate("b => b === document.activeElement"):
                break
            self.page.keyboard.press("ArrowRight")
        expect(self.bar.get_by_role("button", name=name, exact=True)).to_be_focused()
        self.page.keyboard.press("Enter")
        expect(self.area).to_be_focused()

    def has(self, text: str) -> None:
        expect(self.area).to_have_value(text)


@pytest.fixture
def tools(open_window, clinic, question) -> Tools:
    return Tools(at_work(Keyboard, open_window, clinic, question))


@pytest.mark.parametrize(
    ("tool", "typed", "chosen", "made"),
    [
        ("Heading", "Causes", "", "## Causes"),
        ("Heading", "### Causes", "", "## Causes"),
        ("Heading", "## Causes", "", "Causes"),
        ("Subheading", "Rare ones", "", "### Rare ones"),
        ("1. Numbered", "One\nTwo\n\nThree", "One\nTwo\n\nThree", "1. One\n2. Two\n\n3. Three"),
        ("1. Numbered", "1. One\n2. Two", "1. One\n2. Two", "One\nTwo"),
        ("1. Numbered", "1. One\nTwo", "", "1. One\n2. Two"),
        ("• Bullet", "1. One\nTwo", "One\nTw", "- One\n- Two"),
        ("Bold", "Drink less coffee.", "less ", "Drink **less** coffee."),
        ("Bold", "Drink **less** coffee.", "less", "Drink less coffee."),
        ("Bold", "", "", "****"),
        ("Link", "See NHS.", "NHS", "See [NHS](https://)."),
        (
            "Link",
            "See https://www.nhs.uk/ there.",
            "https://www.nhs.uk/",
            "See [words of the link](https://www.nhs.uk/) there.",
        ),
        ("Link", "", "", "[words of the link](https://)"),
    ],
)
def test_tool_makes_and_takes_back_its_mark(tools, tool, typed, chosen, made):
    tools.type(typed, choose=chosen)

    tools.use(tool)

    tools.has(made)


def test_what_a_tool_did_can_be_undone_and_is_saved(tools):
    tools.type("Causes")
    tools.use("Heading")
    tools.has("## Causes")

    tools.page.keyboard.press("Control+Z")

    tools.has("Causes")
    tools.use("Subheading")
    expect(tools.page.locator("#draft-saved")).to_contain_text("Saved")
    assert Draft.objects.get().more_info == "### Causes"


def test_typing_goes_on_where_a_tool_leaves_off(tools):
    tools.type("See NHS", choose="NHS")
    tools.use("Link")
    tools.page.keyboard.press("End")
    tools.page.keyboard.type(" now")
    tools.has("See [NHS](https://) now")


def test_tools_are_one_stop_of_the_tab_key(tools):
    tools.doctor.reach(tools.bar.get_by_role("button", name="Heading", exact=True))
    tools.page.keyboard.press("ArrowLeft")
    expect(tools.bar.get_by_role("button", name="Link", exact=True)).to_be_focused()

    tools.page.keyboard.press("Tab")

    expect(tools.area).to_be_focused()


def test_without_scripts_there_are_no_tools(open_window, clinic, question):
    doctor = at_work(Pointer, open_window, clinic, question, javascript=False)

    expect(doctor.page.locator("[data-markdown-tools]")).to_be_hidden()


# Starting from


@pytest.mark.parametrize("javascript", [True, False])
def test_article_is_put_below_what_is_typed_and_published_with_its_source(
    open_window, clinic, question, article, javascript
):
    doctor = at_work(Pointer, open_window, clinic, question, javascript=javascript)
    doctor.write("public_title", "Eyelids")
    doctor.write("text", "It is harmless.")
    doctor.write("more_info", "My own words.")
    open_block(doctor)
    doctor.page.get_by_role("radio", name="Twitching of the Eyelid Explained").check()
    doctor.press("Put the article into the editor")

    expect(doctor.page.locator("#start-from [role=status]")).to_contain_text(PUT_IN)
    expect(doctor.page.locator("#start-from [role=status]")).to_be_in_viewport()
    expect(doctor.field("more_info")).to_have_value(f"My own words.\n\n{TEXT}")
    expect(doctor.field("sources")).to_have_value("MedlinePlus https://medlineplus.gov/")
    doctor.tick("signed")
    doctor.press("Publish")
    doctor.press("Publish anyway")

    doctor.page.goto(question.get_absolute_url())
    expect(doctor.page.locator(".article-bases")).to_have_text("Based on Twitching of the Eyelid Explained.")


def test_what_was_put_in_is_no_conflict_with_what_is_typed_next(open_window, clinic, question, article):
    doctor = at_work(Pointer, open_window, clinic, question)
    doctor.write("text", "It is harmless.")
    expect(doctor.page.locator("#draft-saved")).to_contain_text("Saved")
    open_block(doctor)
    doctor.page.get_by_role("radio", name="Twitching of the Eyelid Explained").check()
    doctor.press("Put the article into the editor")
    with doctor.page.expect_response("**/draft/"):
        doctor.write("text", "It is quite harmless.")

    expect(doctor.page.locator("#draft-saved")).to_contain_text("Saved")
    expect(doctor.page.locator("#conflict .conflict")).to_have_count(0)
    doctor.page.goto(f"/dashboard/questions/{question.pk}/")
    expect(doctor.field("more_info")).to_have_value(TEXT)
    expect(doctor.field("text")).to_have_value("It is quite harmless.")


# A draft by the chat server


@pytest.fixture
def each_piece_saved(monkeypatch) -> None:
    """Not only two a second: the server of these tests stops in the middle."""
    monkeypatch.setattr("forum.articles.services.SECONDS_BETWEEN_SAVES", 0)


class Worker:
    """A worker in a thread of its own, on the one draft there is."""

    def __init__(self) -> None:
        self.thread = threading.Thread(target=self._write, args=[MachineDraft.objects.get(state="waiting").pk])
        self.thread.start()

    def _write(self, number: int) -> None:
        write_machine_draft.call(number)
        connection.close()

    def done(self) -> None:
        self.thread.join(10)
        assert not self.thread.is_alive()


def in_two_parts(server):
    """What the server sends: the second part once it is told to."""
    yield event("## Causes\n\n")
    yield event("Tired")
    server.hold.wait(10)
    yield event(" muscles.")
    yield DONE


@pytest.mark.usefixtures("each_piece_saved")
def test_draft_comes_in_while_it_is_written_and_stays_a_machines(open_window, clinic, question, article, chat):
    chat.answer = in_two_parts(chat)
    doctor = at_work(Pointer, open_window, clinic, question)
    doctor.write("public_title", "Eyelids")
    doctor.write("text", "It is harmless.")
    open_block(doctor)
    doctor.press("Have a draft written")
    place = doctor.page.locator("#machine-draft")
    expect(place).to_contain_text("The draft waits for its turn.")
    worker = Worker()
    expect(place.locator(".machine-draft__text")).to_have_text("## Causes\n\nTired")
    expect(doctor.page.locator("#machine-draft-said")).to_have_text("The draft is being written.")
    expect(place.get_by_role("button", name="Look again")).to_have_count(0)

    chat.hold.set()
    expect(place).to_contain_text("The draft is ready.")
    worker.done()
    doctor.press("Put the draft into the editor")
    expect(doctor.field("more_info")).to_have_value("## Causes\n\nTired muscles.")
    doctor.write("more_info", "## Causes\n\nEdited beyond recognition.")
    doctor.tick("signed")
    doctor.press("Publish")
    doctor.press("Publish anyway")

    doctor.page.goto(question.get_absolute_url())
    expect(doctor.page.locator(".article-drafted")).to_contain_text(
        "First drafted by a machine, checked and signed by Dr. Wu Mukhan on"
    )
    assert Article.objects.get(question=question).machine_drafted is True


@pytest.mark.usefixtures("each_piece_saved")
def test_draft_is_cancelled_while_it_is_written(open_window, clinic, question, article, chat):
    chat.answer = in_two_parts(chat)
    doctor = at_work(Keyboard, open_window, clinic, question)
    doctor.activate(doctor.page.locator("summary", has_text="Start the More Info from"))
    doctor.press("Have a draft written")
    worker = Worker()
    expect(doctor.page.locator(".machine-draft__text")).to_have_text("## Causes\n\nTired")

    doctor.press("Cancel the draft")
    chat.hold.set()
    worker.done()

    expect(doctor.page.get_by_role("button", name="Have a draft written")).to_be_visible()
    assert MachineDraft.objects.get().state == "cancelled"


def test_draft_without_scripts_is_looked_at_again(open_window, clinic, question, article, chat):
    chat.answer = stream("A draft.")
    doctor = at_work(Pointer, open_window, clinic, question, javascript=False)
    open_block(doctor)
    doctor.press("Have a draft written")
    Worker().done()
    doctor.write("text", "Typed meanwhile.")
    doctor.press("Look again")
    expect(doctor.page.locator(".machine-draft__text")).to_have_text("A draft.")
    expect(doctor.field("text")).to_have_value("Typed meanwhile.")

    doctor.press("Put the draft into the editor")

    expect(doctor.field("more_info")).to_have_value("A draft.")


def test_server_that_fails_is_told_and_asked_again(open_window, clinic, question, article, chat):
    chat.status = 500
    doctor = at_work(Pointer, open_window, clinic, question)
    open_block(doctor)
    doctor.press("Have a draft written")
    Worker().done()
    expect(doctor.page.locator("#machine-draft .notice")).to_contain_text("The drafting server is busy")

    chat.status = 200
    doctor.press("Try again")
    Worker().done()

    expect(doctor.page.locator(".machine-draft__text")).to_have_text("## Causes\n\nTired muscles.")
