"""The admins' tree of specialties, and the screens below it."""

from forum.search.models import DefaultTopic
from forum.specialties.models import Specialty
from forum.specialties.services import merge_specialty
from tests.browser.pages.opening import ENDLESS, page_of, press
from tests.browser.pages.workplace import admins
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory, TopicFactory, published_thread


def planted() -> Specialty:
    """A tree of two levels with questions, doctors and topics; its first specialty."""
    neurology = SpecialtyFactory(name="Neurology", name_zh_hant="神經科", slug="neurology", position=0)
    SpecialtyFactory(name="Headache", name_zh_hant="頭痛", parent=neurology, target_hours=48)
    SpecialtyFactory(name="Sleep medicine", parent=neurology, position=1, is_open=False)
    SpecialtyFactory(name="Dermatology", name_zh_hant="皮膚科", position=1)
    SpecialtyFactory(name=ENDLESS[:80], position=2, is_open=False)
    QuestionFactory(specialty=neurology), QuestionFactory(specialty=neurology, needs_info=True)
    published_thread(specialty=neurology)
    QuestionFactory(specialty=Specialty.objects.get(name="Sleep medicine"))
    DoctorFactory(specialties=[neurology])
    DefaultTopic.objects.create(topic=TopicFactory(name="Eyelid twitching", specialty=neurology), position=0)
    return neurology


@page_of
def specialty_tree(window):
    planted()
    return admins(window, "/admin/specialties/")


@page_of
def specialty_tree_of_nothing(window):
    return admins(window, "/admin/specialties/")


@page_of
def specialty_tree_after_a_merge(window):
    neurology = planted()
    merge_specialty(source=SpecialtyFactory(name=ENDLESS[:79]), target=neurology)
    page = admins(window, "/admin/specialties/")
    with page.expect_navigation():
        page.get_by_role("button", name="Move Dermatology up").click()
    return page


@page_of
def specialty_to_add(window):
    planted()
    return admins(window, "/admin/specialties/add/")


@page_of
def specialty_to_edit(window):
    return admins(window, f"/admin/specialties/{planted().pk}/")


@page_of
def specialty_with_errors(window):
    page = specialty_to_edit(window)
    page.get_by_label("Name (English)").fill("dermatology")
    page.get_by_label("Answer within (hours)").fill("0")
    return press(page, "Save")


@page_of
def specialty_changed_meanwhile(window):
    page = specialty_to_edit(window)
    Specialty.objects.filter(name="Neurology").update(description=ENDLESS, target_hours=9)
    return press(page, "Save")


@page_of
def specialty_to_close(window):
    return admins(window, f"/admin/specialties/{planted().pk}/close/")


@page_of
def specialty_half_closed(window):
    page = specialty_to_close(window)
    page.get_by_label("go to another specialty").check()
    return press(page, "Close it")


@page_of
def specialty_to_merge(window):
    planted()
    dermatology = Specialty.objects.get(name="Dermatology")
    return admins(window, f"/admin/specialties/{dermatology.pk}/merge/")


@page_of
def specialty_merge_previewed(window):
    neurology = planted()
    page = admins(window, f"/admin/specialties/{neurology.pk}/merge/")
    page.get_by_label("Merge into").select_option(label="Dermatology")
    return press(page, "Show what moves")
