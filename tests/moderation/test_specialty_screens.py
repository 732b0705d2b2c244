"""The admins' tree of specialties and the screens below it."""

from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.moderation.specialties import change_specialty, edition_of, values_of
from forum.search.services import default_topics, set_default_topics
from forum.specialties.models import Specialty, SpecialtyEvent, SpecialtyMerge, SpecialtyRedirect
from forum.specialties.services import merge_specialty
from tests.factories import (
    DoctorFactory,
    QuestionFactory,
    ReplyFactory,
    SpecialtyFactory,
    SubscriptionFactory,
    TopicFactory,
    UserFactory,
    published_thread,
)
from tests.html import Element, parse
from tests.people import ROLES, make_cast
from tests.races import at_once

pytestmark = pytest.mark.django_db
TREE = "/admin/specialties/"


@pytest.fixture
def admin():
    return UserFactory(admin=True)


@pytest.fixture
def browser(admin) -> Client:
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def neurology():
    return SpecialtyFactory(name="Neurology", name_zh_hant="神經科", slug="neurology", position=0)


@pytest.fixture
def dermatology():
    return SpecialtyFactory(name="Dermatology", slug="dermatology", position=1)


def rows(page: Element) -> list[str]:
    return [each.all("a")[0].text for each in page.one(id="tree").all(class_="tree__row")]


def said(page: Element) -> list[tuple[str, str]]:
    return [(each.attrs["class"], each.text) for each in page.one("ul", class_="messagelist").all("li")]


def focused(page: Element) -> str:
    (element,) = [each for each in page.walk() if "autofocus" in each.attrs]
    return element.attrs.get("aria-label", element.text)


def typed(browser: Client, path: str, **changes: str) -> dict:
    """The form as it stands on the page, with these changes."""
    form = browser.get(path).context["form"]
    values = {field.html_name: field.value() for field in form}
    return {name: "" if value is None else value for name, value in (values | changes).items()}


def refusals(page: Element) -> dict[str, str]:
    """What is said beside each field."""
    lists = page.all("ul", class_="errorlist")
    return {each.attrs["id"].removeprefix("id_").removesuffix("_error"): each.text for each in lists}


# The tree


def test_the_desk_leads_to_the_tree(browser):
    assert ("Specialties", TREE) in parse(browser.get("/admin/")).one("ul", class_="desks").links()


def test_the_tree_shows_names_state_limits_and_what_waits(browser, neurology, dermatology):
    child = SpecialtyFactory(name="Headache", parent=neurology, is_open=False, target_hours=1, review_months=6)
    QuestionFactory(specialty=neurology), QuestionFactory(specialty=neurology), published_thread(specialty=neurology)
    QuestionFactory(specialty=child), QuestionFactory(specialty=child, needs_info=True)

    page = parse(browser.get(TREE))

    assert rows(page) == ["Neurology", "Headache", "Dermatology"]
    assert page.one(lang="zh-hant").text == "神經科"
    assert [each.one("p").text for each in page.all(class_="tree__name")] == [
        "Open · answer within 24 hours · More Info reviewed after 24 months · 2 questions wait",
        "Closed for asking · answer within 1 hour · More Info reviewed after 6 months · 1 question waits",
        "Open · answer within 24 hours · More Info reviewed after 24 months",
    ]


def test_the_tree_costs_the_same_however_large_it_is(browser, neurology):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(TREE).status_code == 200
        return len(captured)

    few = cost()
    for _top in range(5):
        top = SpecialtyFactory()
        QuestionFactory(specialty=SpecialtyFactory(parent=top))
        merge_specialty(source=SpecialtyFactory(), target=top, by=UserFactory(admin=True))

    assert cost() == few


def test_an_empty_tree_says_what_to_do(browser):
    page = parse(browser.get(TREE))

    assert "There is no specialty yet. Patients can ask once you have added one and opened it." in page.text
    assert page.all(id="tree") == []


@pytest.mark.parametrize(
    ("way", "order", "focus"),
    [
        ("down", ["Dermatology", "Neurology", "Headache"], "Move Neurology down"),
        ("up", ["Neurology", "Dermatology", "Headache"], "Move Neurology down"),
        ("in", ["Neurology", "Dermatology", "Headache"], "Move Neurology down"),
    ],
)
def test_a_step_keeps_the_focus_on_the_button_or_on_one_that_is_left(
    browser, neurology, dermatology, way, order, focus
):
    SpecialtyFactory(name="Headache", position=2)

    page = parse(browser.post(f"{TREE}{neurology.pk}/move/", {"way": way}, follow=True))

    assert (rows(page), focused(page)) == (order, focus)


def test_a_step_in_and_out_again(browser, neurology, dermatology):
    page = parse(browser.post(f"{TREE}{dermatology.pk}/move/", {"way": "in"}, follow=True))
    assert said(page) == [("success", "“Dermatology” is number 1 of 1 under “Neurology” now.")]
    assert focused(page) == "Move Dermatology out to the top level"

    page = parse(browser.post(f"{TREE}{dermatology.pk}/move/", {"way": "out"}, follow=True))
    assert said(page) == [("success", "“Dermatology” is number 2 of 2 now.")]
    assert focused(page) == "Move Dermatology under the one above it"


def test_a_drop_puts_it_there(browser, neurology, dermatology):
    where = {"specialty": dermatology.pk, "parent": "", "before": neurology.pk}

    page = parse(browser.post(f"{TREE}place/", where, follow=True))

    assert (rows(page), focused(page)) == (["Dermatology", "Neurology"], "Dermatology")


def test_a_drop_that_is_no_longer_possible_is_told(browser, neurology, dermatology):
    SpecialtyFactory(parent=dermatology)
    refused = [
        ({"specialty": dermatology.pk, "parent": neurology.pk}, "There are two levels at most"),
        ({"specialty": 987654, "parent": ""}, "The tree was changed meanwhile"),
        ({"specialty": neurology.pk, "parent": dermatology.pk, "before": neurology.pk}, "The tree was changed"),
    ]

    for where, words in refused:
        ((kind, text),) = said(parse(browser.post(f"{TREE}place/", where, follow=True)))
        assert (kind, text[: len(words)]) == ("error", words)

    assert Specialty.objects.filter(parent=None).count() == 2


def test_an_unknown_button_changes_nothing(browser, neurology):
    page = parse(browser.post(f"{TREE}{neurology.pk}/move/", {"way": "sideways"}, follow=True))

    assert said(page) == [("error", "The site did not understand that button. Nothing was changed.")]


# Add and edit


def test_a_new_one_is_closed_last_and_has_an_address_and_topics(browser, admin, neurology):
    SpecialtyFactory(parent=neurology, position=4)
    form = typed(browser, f"{TREE}add/", name="Sleep medicine", name_zh_hant="睡眠醫學", parent=neurology.pk)

    page = parse(browser.post(f"{TREE}add/", form | {"topics": "Insomnia, Snoring"}, follow=True))

    made = Specialty.objects.get(name="Sleep medicine")
    assert (made.slug, made.name_zh_hant, made.parent) == ("sleep-medicine", "睡眠醫學", neurology)
    assert (made.position, made.is_open, default_topics(made)) == (5, False, ["Insomnia", "Snoring"])
    assert said(page) == [("success", "“Sleep medicine” was added. Patients can ask in it once you open it.")]
    (event,) = SpecialtyEvent.objects.all()
    assert (event.pgh_label, event.name, event.pgh_context) == ("add", made.name, {"act": "add", "by": admin.pk})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": ""}, {"name": "This field is required."}),
        ({"name": "  NEUROLOGY "}, {"name": "There is a specialty of this name already."}),
        ({"name": "New", "slug": "neurology"}, {"slug": "Another specialty has this address."}),
        ({"name": "New", "target_hours": "0"}, {"target_hours": "Ensure this value is greater than or equal to 1."}),
        ({"name": "New", "topics": ",".join("abcdefghijklm")}, {"topics": "Twelve topics at most, please."}),
    ],
)
def test_errors_stand_beside_the_field_and_nothing_typed_is_lost(browser, neurology, changes, expected):
    form = typed(browser, f"{TREE}add/", description="Of sleep.", **changes)

    response = browser.post(f"{TREE}add/", form)

    page = parse(response)
    assert (response.status_code, refusals(page)) == (422, expected)
    assert page.one("textarea", name="description").text == "Of sleep."
    assert Specialty.objects.count() == 1


def test_a_child_is_not_offered_as_a_parent(browser, neurology):
    SpecialtyFactory(name="Headache", parent=neurology)

    page = parse(browser.get(f"{TREE}add/"))

    assert page.one("select", name="parent").texts("option") == ["nothing", "Neurology"]


def test_it_is_renamed_and_its_old_address_leads_to_the_new_one(browser, admin, neurology):
    form = typed(
        browser, f"{TREE}{neurology.pk}/", name="Nerves", name_zh_hant="神經", slug="nerves", review_months="6"
    )

    page = parse(browser.post(f"{TREE}{neurology.pk}/", form, follow=True))

    neurology.refresh_from_db()
    assert (neurology.name, neurology.name_zh_hant, neurology.review_months) == ("Nerves", "神經", 6)
    assert said(page) == [("success", "“Nerves” was saved.")]
    answer = Client().get("/specialties/neurology/")
    assert (answer.status_code, answer.url) == (301, "/specialties/nerves/")
    (event,) = SpecialtyEvent.objects.all()
    assert (event.name, event.slug, event.pgh_context) == ("Neurology", "neurology", {"act": "edit", "by": admin.pk})


def test_renamed_and_back_it_has_its_first_address(browser, neurology):
    for slug in ("nerves", "neurology"):
        browser.post(f"{TREE}{neurology.pk}/", typed(browser, f"{TREE}{neurology.pk}/", slug=slug))

    assert list(SpecialtyRedirect.objects.values_list("old_slug", flat=True)) == ["nerves"]
    assert Client().get("/specialties/nerves/").url == "/specialties/neurology/"


def test_saved_without_a_change_nothing_is_written(browser, neurology):
    set_default_topics(specialty=neurology, names=["Migraine"], by=UserFactory(admin=True))

    browser.post(f"{TREE}{neurology.pk}/", typed(browser, f"{TREE}{neurology.pk}/"))

    assert SpecialtyEvent.objects.count() == 0


@pytest.mark.parametrize("changed", ["name", "topics"])
def test_of_two_admins_who_edit_the_second_is_told_and_can_go_on(browser, admin, neurology, changed):
    path = f"{TREE}{neurology.pk}/"
    mine = typed(browser, path, name="Mine", description="My words.", topics="Sleep")
    if changed == "name":
        Specialty.objects.update(name="Theirs")
    else:
        set_default_topics(specialty=neurology, names=["Migraine"], by=admin)

    response = browser.post(path, mine)

    page = parse(response)
    neurology.refresh_from_db()
    assert (response.status_code, neurology.description) == (409, "")
    shown = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert shown == {
        "Name (English)": "Theirs" if changed == "name" else "Neurology",
        "What belongs here (English)": "–",
        "Default topics": "–" if changed == "name" else "Migraine",
    }
    again = {each.attrs["name"]: each.attrs.get("value", "") for each in page.one("main").all("input", type="hidden")}
    assert browser.post(path, mine | {"edition": again["edition"]}).status_code == 302
    neurology.refresh_from_db()
    assert (neurology.name, neurology.description, default_topics(neurology)) == ("Mine", "My words.", ["Sleep"])


def test_what_another_admin_moves_or_closes_meanwhile_is_kept(browser, admin, neurology, dermatology):
    path = f"{TREE}{neurology.pk}/"
    mine = typed(browser, path, description="My words.")
    neurology.close(by=admin)
    browser.post(f"{TREE}{neurology.pk}/move/", {"way": "down"})

    browser.post(path, mine)

    neurology.refresh_from_db()
    assert (neurology.description, neurology.is_open, neurology.position) == ("My words.", False, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_told(admin, neurology):
    edition = edition_of(values_of(neurology))
    save = partial(change_specialty, specialty=neurology, by=admin, edition=edition)

    outcomes = at_once(*(partial(save, name="Nerves", topics=[name]) for name in ("Migraine", "Sleep")))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ChangedMeanwhile", "NoneType"]
    assert default_topics(neurology) == [["Migraine", "Sleep"][outcomes.index(None)]]


# Open, close, delete


def test_it_is_opened_with_a_warning_where_no_doctor_works(browser, neurology, dermatology):
    DoctorFactory(specialties=[dermatology])
    child = SpecialtyFactory(parent=dermatology, is_open=False)
    Specialty.objects.update(is_open=False)

    warned = [
        [kind for kind, _text in said(parse(browser.post(f"{TREE}{each.pk}/open/", follow=True)))]
        for each in (neurology, dermatology, child)
    ]

    assert warned == [["success", "warning"], ["success"], ["success"]]
    assert Specialty.objects.open().count() == 3


def test_closing_asks_where_the_questions_go(browser, neurology, dermatology):
    SpecialtyFactory(name="Shut", is_open=False)
    question = QuestionFactory(specialty=neurology)
    path = f"{TREE}{neurology.pk}/close/"
    page = parse(browser.get(path))
    assert "1 question waits for a doctor. 0 questions wait for their patients, who were asked for more." in page.text
    assert page.one("select", name="to").texts("option") == ["---------", "Dermatology"]

    for sent, expected in (
        ({}, {"waiting": "Please say what becomes of the questions that wait."}),
        ({"waiting": "move"}, {"to": "Please choose an open specialty that takes them."}),
    ):
        response = browser.post(path, sent)
        assert (response.status_code, refusals(parse(response))) == (422, expected)
        assert Specialty.objects.get(pk=neurology.pk).is_open

    page = parse(browser.post(path, {"waiting": "move", "to": dermatology.pk}, follow=True))
    question.refresh_from_db()
    assert question.specialty == dermatology
    assert said(page) == [("success", "“Neurology” is closed for asking."), ("success", "1 question was passed on.")]


def test_closing_can_leave_them(browser, neurology, dermatology):
    question = QuestionFactory(specialty=neurology)

    browser.post(f"{TREE}{neurology.pk}/close/", {"waiting": "stay", "to": dermatology.pk})

    question.refresh_from_db()
    assert (question.specialty, Specialty.objects.get(pk=neurology.pk).is_open) == (neurology, False)


def test_only_what_nothing_uses_is_deleted(browser, admin, neurology, dermatology):
    QuestionFactory(specialty=neurology)

    used = said(parse(browser.post(f"{TREE}{neurology.pk}/delete/", follow=True)))
    unused = said(parse(browser.post(f"{TREE}{dermatology.pk}/delete/", follow=True)))

    assert used == [("error", "“Neurology” is in use. Merge it into another specialty instead.")]
    assert unused == [("success", "“Dermatology” was deleted.")]
    (event,) = SpecialtyEvent.objects.all()
    assert (event.name, event.pgh_context) == ("Dermatology", {"act": "delete", "by": admin.pk})


# Merge and undo


def test_the_preview_counts_what_moves_by_kind(browser, neurology, dermatology):
    doctors = [DoctorFactory(specialties=own) for own in ([neurology], [neurology, dermatology])]
    topics = [TopicFactory(name="Migraine", specialty=each) for each in (neurology, dermatology)]
    set_default_topics(specialty=neurology, names=["Migraine", "Sleep"], by=UserFactory(admin=True))
    SubscriptionFactory(of_topic=True, topic=topics[0])
    published_thread(specialty=neurology), ReplyFactory(specialty=neurology)
    QuestionFactory(specialty=neurology), QuestionFactory(specialty=neurology, needs_info=True)
    QuestionFactory(specialty=neurology).transfer(by=doctors[0], to=dermatology)
    SpecialtyRedirect.objects.create(old_slug="nerves", specialty=neurology)

    page = parse(browser.get(f"{TREE}{neurology.pk}/merge/", {"target": dermatology.pk}))

    assert [(row.one("th").text, row.one("td").text) for row in page.one("tbody").all("tr")] == [
        ("Questions: Waiting for a doctor", "1"),
        ("Questions: More information asked", "1"),
        ("Questions: Answered", "1"),
        ("Replies given in it", "2"),
        ("Doctors", "2"),
        ("of these in both, listed once", "1"),
        ("Topics", "2"),
        ("of these made one with a topic of the same name", "1"),
        ("Followers of its topics", "1"),
        ("Default topics given up; those of the other specialty stay", "2"),
        ("Notes of questions passed on", "1"),
        ("Older addresses that lead to it", "1"),
    ]
    assert Specialty.objects.filter(pk=neurology.pk).exists()


def test_it_is_merged_and_undone(browser, admin, neurology, dermatology):
    question = QuestionFactory(specialty=neurology)

    page = parse(browser.post(f"{TREE}{neurology.pk}/merge/", {"target": dermatology.pk}, follow=True))
    assert said(page) == [("success", "“Neurology” is now part of “Dermatology”. Undo it within a day.")]
    assert rows(page) == ["Dermatology"]
    merge = SpecialtyMerge.objects.get()
    assert merge.made_by == admin

    page = parse(browser.post(page.one(class_="merges").one("form").attrs["action"], follow=True))
    question.refresh_from_db()
    assert said(page) == [("success", "“Neurology” is a specialty of its own again.")]
    assert (rows(page), question.specialty) == (["Neurology", "Dermatology"], neurology)
    assert page.all(class_="merges") == []

    again = said(parse(browser.post(f"{TREE}merges/{merge.pk}/undo/", follow=True)))
    assert again == [("warning", "That merge was undone before.")]


def test_what_stays_is_counted(browser, admin, neurology, dermatology):
    question = QuestionFactory(specialty=neurology)
    merge = merge_specialty(source=neurology, target=dermatology, by=admin)
    question.delete()

    page = parse(browser.post(f"{TREE}merges/{merge.pk}/undo/", follow=True))

    words = "1 row that the merge had moved was moved or deleted by somebody since, and stays so."
    assert said(page)[1] == ("warning", words)


def test_after_a_day_there_is_no_button_and_undoing_is_refused(browser, admin, neurology, dermatology):
    merge = merge_specialty(source=neurology, target=dermatology, by=admin)
    SpecialtyMerge.objects.update(made_at=timezone.now() - timedelta(hours=24, minutes=1))

    assert parse(browser.get(TREE)).all(class_="merges") == []
    page = parse(browser.post(f"{TREE}merges/{merge.pk}/undo/", follow=True))

    assert said(page) == [("error", "A merge can be undone for a day. This one stays.")]
    assert rows(page) == ["Dermatology"]


def test_undoing_says_what_stands_in_its_way(browser, admin, neurology, dermatology):
    merge = merge_specialty(source=neurology, target=dermatology, by=admin)
    taken = SpecialtyFactory(name="NEUROLOGY", slug="other")

    def refusal() -> str:
        return said(parse(browser.post(f"{TREE}merges/{merge.pk}/undo/", follow=True)))[0][1]

    assert refusal() == "There is another specialty called “Neurology” by now. Rename that one first."
    Specialty.objects.filter(pk=taken.pk).update(name="Nerves", slug="neurology")
    assert refusal() == "Another specialty has the address of “Neurology” by now. Change that one first."
    Specialty.objects.filter(pk=taken.pk).delete()
    merge_specialty(source=dermatology, target=SpecialtyFactory(), by=admin)
    assert refusal() == "“Dermatology” was merged into another specialty itself. Undo that first."


def test_the_merge_form_offers_only_what_can_take_it(browser, neurology, dermatology):
    SpecialtyFactory(name="Own child", parent=neurology)
    SpecialtyFactory(name="Child of another", parent=dermatology)

    page = parse(browser.get(f"{TREE}{neurology.pk}/merge/"))

    assert page.one("select", name="target").texts("option") == ["---------", "Dermatology"]


@pytest.mark.parametrize("target_of", ["itself", "nothing"])
def test_the_merge_form_refuses_what_cannot_take_it(browser, neurology, target_of):
    sent = {"target": neurology.pk if target_of == "itself" else ""}

    response = browser.post(f"{TREE}{neurology.pk}/merge/", sent)

    assert (response.status_code, list(refusals(parse(response)))) == (422, ["target"])
    assert Specialty.objects.count() == 1


# Who may

ACTS = {
    "specialties": ("GET", "", "view"),
    "move": ("POST", "{pk}/move/", "change"),
    "place": ("POST", "place/", "change"),
    "add": ("GET", "add/", "add"),
    "edit": ("GET", "{pk}/", "change"),
    "open": ("POST", "{pk}/open/", "change"),
    "close": ("GET", "{pk}/close/", "change"),
    "merge": ("GET", "{pk}/merge/", "delete"),
    "undo": ("POST", "merges/{merge}/undo/", "delete"),
    "delete": ("POST", "{pk}/delete/", "delete"),
}


@pytest.mark.parametrize("act", ACTS)
def test_staff_need_the_right_to_do_it(act, admin, neurology, dermatology):
    merge = merge_specialty(source=SpecialtyFactory(), target=neurology, by=admin)
    verb, path, right = ACTS[act]
    path = TREE + path.format(pk=dermatology.pk, merge=merge.pk)
    rights = Permission.objects.filter(content_type__app_label="specialties", content_type__model="specialty")
    permitted, others = UserFactory(is_staff=True), UserFactory(is_staff=True)
    permitted.user_permissions.set(rights.filter(codename=f"{right}_specialty"))
    others.user_permissions.set(rights.exclude(codename=f"{right}_specialty"))

    answers = []
    for user in (others, permitted):
        client = Client()
        client.force_login(user)
        answers.append(client.generic(verb, path).status_code)

    assert answers == [403, 302 if verb == "POST" else 200]


@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_nobody_else_changes_anything(role):
    cast = make_cast()
    merge = merge_specialty(source=SpecialtyFactory(), target=cast.specialty, by=cast.users["admin"])
    before = list(Specialty.objects.order_by("pk").values())
    browser = cast.browser(role)

    for _verb, path, _right in ACTS.values():
        path = TREE + path.format(pk=cast.specialty.pk, merge=merge.pk)
        answer = browser.post(path, {"way": "down", "name": "X", "waiting": "stay", "target": 1})
        assert (answer.status_code, answer.url.partition("?")[0]) in [(302, "/admin/login/")]

    assert list(Specialty.objects.order_by("pk").values()) == before


def test_staff_who_may_only_look_see_no_buttons(neurology):
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_specialty"))
    client = Client()
    client.force_login(user)

    page = parse(client.get(TREE)).one("main")

    assert (page.one(class_="tree__name").one("strong").text, page.all("button"), page.all("form")) == (
        *("Neurology", [], []),
    )
