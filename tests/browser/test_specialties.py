"""The admins' tree of specialties: by mouse, by keyboard, and without scripts."""

import pytest
from playwright.sync_api import Locator, Page, expect

from forum.questions.models import Question
from forum.specialties.models import Specialty
from tests.browser.hands import Hand, Keyboard, Pointer
from tests.factories import QuestionFactory, SpecialtyFactory, TopicFactory, UserFactory

TREE = "/admin/specialties/"
HANDS = {
    "mouse": (Pointer, {}),
    "keyboard": (Keyboard, {}),
    "keyboard without scripts": (Keyboard, {"javascript": False}),
}


@pytest.fixture(autouse=True)
def tree(transactional_db) -> None:
    neurology = SpecialtyFactory(name="Neurology", slug="neurology", position=0)
    SpecialtyFactory(name="Headache", slug="headache", parent=neurology)
    SpecialtyFactory(name="Dermatology", slug="dermatology", position=1)
    SpecialtyFactory(name="Surgery", slug="surgery", position=2)


@pytest.fixture(params=HANDS.values(), ids=HANDS)
def admin(request, open_window) -> Hand:
    hand, options = request.param
    admin = hand(open_window(user=UserFactory(admin=True), **options))
    admin.page.goto(TREE)
    return admin


def order() -> str:
    """As it is stored, a level in small letters."""
    names = [(each.name, each.parent_id) for each in Specialty.objects.in_tree_order()]
    return " ".join(name.lower() if parent else name for name, parent in names)


def button(page: Page, words: str) -> Locator:
    return page.get_by_role("button", name=words, exact=True)


def test_an_admin_puts_the_tree_in_order_and_the_focus_stays(admin):
    admin.press("Move Surgery up")
    expect(button(admin.page, "Move Surgery up")).to_be_focused()
    admin.press("Move Surgery up")
    assert order() == "Surgery Neurology headache Dermatology"
    expect(button(admin.page, "Move Surgery down")).to_be_focused()

    admin.press("Move Dermatology under the one above it")
    assert order() == "Surgery Neurology headache dermatology"
    expect(button(admin.page, "Move Dermatology out to the top level")).to_be_focused()

    admin.press("Move Dermatology up")
    assert order() == "Surgery Neurology dermatology headache"
    expect(admin.page.get_by_text("“Dermatology” is number 1 of 2 under “Neurology” now.")).to_be_visible()


def test_an_admin_adds_a_specialty_renames_and_opens_it(admin):
    admin.follow("Add a specialty", within="main")
    admin.write("name", "Sleep")
    admin.write("topics", "Insomnia, Snoring")
    admin.press("Save")
    admin.follow("Sleep", within="main")
    admin.write("name", "Sleep medicine")
    admin.write("name_zh_hant", "睡眠醫學")
    admin.write("target_hours", "12")
    admin.press("Save")
    expect(admin.page.get_by_role("link", name="Sleep medicine", exact=True)).to_be_focused()
    admin.press("Open Sleep medicine for asking")

    made = Specialty.objects.get(slug="sleep")
    assert (made.name, made.name_zh_hant, made.target_hours, made.is_open) == ("Sleep medicine", "睡眠醫學", 12, True)
    assert set(made.topics.values_list("name", flat=True)) == {"Insomnia", "Snoring"}


def test_an_admin_closes_a_specialty_and_sends_its_questions_on(admin):
    question = QuestionFactory(specialty=Specialty.objects.get(name="Dermatology"))
    admin.follow("Close Dermatology for asking", within="main")
    admin.press("Close it")
    expect(admin.page.get_by_role("alert")).to_be_focused()
    choice = admin.page.get_by_label("go to another specialty")
    if isinstance(admin, Keyboard):
        admin.reach(admin.page.get_by_label("stay here until they are answered"))
        admin.page.keyboard.press("ArrowDown")
    else:
        choice.check()
    expect(choice).to_be_checked()
    admin.choose("to", "Surgery")
    admin.press("Close it")

    expect(admin.page.get_by_text("1 question was passed on.")).to_be_visible()
    assert Question.objects.get(pk=question.pk).specialty.name == "Surgery"


def test_an_admin_merges_sees_what_moves_and_undoes_it(admin):
    TopicFactory(specialty=Specialty.objects.get(name="Dermatology"))
    admin.follow("Merge Dermatology into another specialty", within="main")
    admin.choose("target", "Surgery")
    admin.press("Show what moves")
    expect(admin.page.get_by_role("row", name="Topics 1", exact=True)).to_be_visible()
    admin.press("Merge")
    assert order() == "Neurology headache Surgery"
    admin.press("Undo: “Dermatology” into “Surgery”")

    expect(admin.page.get_by_text("“Dermatology” is a specialty of its own again.")).to_be_visible()
    assert order() == "Neurology headache Dermatology Surgery"


# By drag


class Mouse:
    def __init__(self, page: Page) -> None:
        self.page = page

    def row(self, name: str) -> Locator:
        specialty = Specialty.objects.get(name=name)
        return self.page.locator(f"[data-specialty='{specialty.pk}'] > .tree__row")

    def take(self, name: str) -> None:
        self.row(name).locator(".tree__grip").hover()
        self.page.mouse.down()

    def carry_to(self, name: str, part: float) -> None:
        """Over so much of the height of the row."""
        box = self.row(name).bounding_box()
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * part, steps=4)

    def drag(self, name: str, onto: str, part: float) -> None:
        self.take(name)
        self.carry_to(onto, part)
        with self.page.expect_navigation():
            self.page.mouse.up()


@pytest.fixture
def mouse(open_window) -> Mouse:
    page = open_window(user=UserFactory(admin=True))
    page.goto(TREE)
    return Mouse(page)


@pytest.mark.parametrize(
    ("name", "onto", "part", "expected"),
    [
        ("Surgery", "Neurology", 0.1, "Surgery Neurology headache Dermatology"),
        ("Neurology", "Surgery", 0.9, "Dermatology Surgery Neurology headache"),
        ("Surgery", "Neurology", 0.9, "Neurology headache Surgery Dermatology"),
        ("Surgery", "Dermatology", 0.5, "Neurology headache Dermatology surgery"),
        ("Surgery", "Headache", 0.2, "Neurology surgery headache Dermatology"),
        ("Surgery", "Headache", 0.8, "Neurology headache surgery Dermatology"),
        ("Headache", "Dermatology", 0.1, "Neurology Headache Dermatology Surgery"),
    ],
)
def test_a_specialty_is_dragged_to_its_place(mouse, name, onto, part, expected):
    mouse.drag(name, onto, part)

    assert order() == expected
    expect(mouse.page.get_by_role("link", name=name, exact=True)).to_be_focused()


def test_a_drag_shows_where_it_goes_and_escape_ends_it(mouse):
    mouse.take("Surgery")
    mouse.carry_to("Dermatology", 0.5)
    expect(mouse.page.locator(".drop-inside")).to_have_count(1)
    mouse.carry_to("Neurology", 0.1)
    expect(mouse.page.locator(".drop-before")).to_have_count(1)
    expect(mouse.page.locator(".drop-inside")).to_have_count(0)

    mouse.page.keyboard.press("Escape")
    mouse.page.mouse.up()

    expect(mouse.page.locator(".drop-before, .is-dragged")).to_have_count(0)
    assert order() == "Neurology headache Dermatology Surgery"


def test_what_has_something_under_it_is_not_dropped_under_another(mouse):
    mouse.drag("Neurology", "Surgery", 0.6)

    assert order() == "Dermatology Surgery Neurology headache"


def test_without_scripts_there_is_no_grip(open_window):
    page = open_window(user=UserFactory(admin=True), javascript=False)
    page.goto(TREE)

    expect(page.locator(".tree__grip:visible")).to_have_count(0)
