"""The place of specialties in the tree."""

from functools import partial

import pytest

from forum.specialties.models import Specialty, SpecialtyEvent
from forum.specialties.ordering import ChangedMeanwhile, TooDeep, Way, place_specialty, step_specialty
from tests.factories import SpecialtyFactory, UserFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return UserFactory(admin=True)


@pytest.fixture(autouse=True)
def tree():
    """A, with B and C under it, then D and E; all of the same position, as in a site that nobody has put in order."""
    top = SpecialtyFactory(name="A")
    for name, parent in (("B", top), ("C", top), ("D", None), ("E", None)):
        SpecialtyFactory(name=name, parent=parent)


def named(name: str) -> Specialty | None:
    return Specialty.objects.get(name=name) if name else None


def order() -> str:
    """As readers see it, a level in lower case."""
    return "".join(each.name.lower() if each.parent_id else each.name for each in Specialty.objects.in_tree_order())


@pytest.mark.parametrize(
    ("name", "way", "expected"),
    [
        ("D", Way.UP, "DAbcE"),
        ("A", Way.DOWN, "DAbcE"),
        ("D", Way.DOWN, "AbcED"),
        ("C", Way.UP, "AcbDE"),
        ("B", Way.DOWN, "AcbDE"),
        ("D", Way.IN, "AbcdE"),
        ("E", Way.IN, "AbcDe"),
        ("B", Way.OUT, "AcBDE"),
        ("C", Way.OUT, "AbCDE"),
    ],
)
def test_a_step_leads_one_place_further(admin, name, way, expected):
    assert step_specialty(specialty=named(name), by=admin, way=way) is True

    assert order() == expected


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("A", Way.UP),
        ("E", Way.DOWN),
        ("B", Way.UP),
        ("C", Way.DOWN),
        ("A", Way.IN),
        ("A", Way.OUT),
        ("B", Way.IN),
    ],
)
def test_a_step_that_leads_nowhere_changes_nothing(admin, name, way):
    assert step_specialty(specialty=named(name), by=admin, way=way) is False

    assert order() == "AbcDE"
    assert SpecialtyEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "parent", "before", "expected"),
    [
        ("E", "", "A", "EAbcD"),
        ("A", "", "", "DEAbc"),
        ("B", "D", "", "AcDbE"),
        ("E", "A", "C", "AbecD"),
        ("C", "A", "B", "AcbDE"),
        ("C", "", "A", "CAbDE"),
    ],
)
def test_a_specialty_is_put_in_front_of_another_or_last(admin, name, parent, before, expected):
    assert place_specialty(specialty=named(name), by=admin, parent=named(parent), before=named(before)) is True

    assert order() == expected


def test_put_where_it_stands_nothing_changes(admin):
    for _time in range(2):
        place_specialty(specialty=named("B"), by=admin, parent=named("A"), before=named("C"))
        step_specialty(specialty=named("E"), by=admin, way=Way.DOWN)

    assert (order(), SpecialtyEvent.objects.count()) == ("AbcDE", 0)


@pytest.mark.parametrize(("name", "parent"), [("A", "D"), ("D", "B"), ("D", "D")])
def test_a_third_level_is_refused(admin, name, parent):
    with pytest.raises(TooDeep):
        place_specialty(specialty=named(name), by=admin, parent=named(parent))

    assert order() == "AbcDE"


def test_in_under_the_one_above_is_refused_to_what_has_children(admin):
    step_specialty(specialty=named("D"), by=admin, way=Way.UP)

    with pytest.raises(TooDeep):
        step_specialty(specialty=named("A"), by=admin, way=Way.IN)


def test_what_has_gone_or_stands_elsewhere_by_now_is_told(admin):
    gone = named("E")
    Specialty.objects.filter(pk=gone.pk).delete()

    for to in (
        {"before": gone},
        {"parent": gone},
        {"before": named("B")},
        {"parent": named("A"), "before": named("D")},
    ):
        with pytest.raises(ChangedMeanwhile):
            place_specialty(specialty=named("D"), by=admin, **to)
    with pytest.raises(ChangedMeanwhile):
        step_specialty(specialty=gone, by=admin, way=Way.UP)

    assert order() == "AbcD"


def test_only_what_changed_its_place_stands_in_the_history(admin):
    step_specialty(specialty=named("E"), by=admin, way=Way.UP)
    before = SpecialtyEvent.objects.count()

    step_specialty(specialty=named("E"), by=admin, way=Way.UP)

    assert order() == "EAbcD"
    events = SpecialtyEvent.objects.order_by("pgh_id")[before:]
    assert {(event.name, event.position) for event in events} == {("E", 1), ("A", 0)}
    assert [event.pgh_context for event in events] == [{"act": "place", "by": admin.pk}] * 2


@pytest.mark.django_db(transaction=True)
def test_what_two_admins_move_at_once_is_moved_by_both(admin):
    steps = [("E", Way.UP), ("E", Way.UP), ("C", Way.UP), ("D", Way.DOWN)]

    done = at_once(*(partial(step_specialty, specialty=named(name), by=admin, way=way) for name, way in steps))

    assert set(done) <= {True, False}
    assert order() == "EAcbD"
