"""Admins find people, switch an account off, merge a profile and look through other eyes: by mouse and by keyboard."""

import pytest
from playwright.sync_api import expect

from accounts.models import Doctor, User
from tests.browser.hands import Hand, Keyboard, Pointer
from tests.browser.scenes import open_clinic
from tests.factories import DoctorFactory, QuestionFactory, UserFactory, published_thread


@pytest.fixture(params=[Pointer, Keyboard], ids=["mouse", "keyboard"])
def admin(request, open_window) -> Hand:
    return request.param(open_window(user=UserFactory(admin=True), javascript=request.param is Keyboard))


def find(admin: Hand, words: str) -> None:
    admin.page.goto("/admin/")
    admin.follow("People", within="main .desks")
    admin.write("words", words)
    admin.press("Find")


def test_an_account_is_found_and_switched_off_and_on_again(admin):
    user = UserFactory(email="loud@example.org")
    find(admin, "loud")
    admin.follow("loud@example.org", within="main .found")

    admin.write("reason", "Spam.")
    admin.press("Switch the account off")
    expect(admin.page.get_by_text("The account is off")).to_be_visible()
    assert not User.objects.get(pk=user.pk).is_active
    admin.write("reason", "It was not.")
    admin.press("Switch it on again")

    expect(admin.page.get_by_text("The account is on again.")).to_be_visible()
    assert User.objects.get(pk=user.pk).is_active


def test_an_archives_profile_is_found_and_merged(admin):
    source = DoctorFactory(name="Ada Same", slug="ada-archive", archived=True)
    doctor = DoctorFactory(name="Ada Same", slug="ada")
    thread = published_thread(reply__doctor=source)
    find(admin, "ada same")
    admin.follow("Merge Ada Same into a doctor's own profile", within="main .found")
    expect(admin.page.locator("main li", has_text="replies")).to_have_text("replies: 1")

    admin.tick("doctor")
    admin.write("reason", "Shown on the licence.")
    admin.press("Merge")

    expect(admin.page.get_by_text("is merged; its address leads to the doctor")).to_be_visible()
    assert list(Doctor.objects.filter(name="Ada Same")) == [doctor]
    assert thread.replies.get().doctor == doctor


def test_the_site_is_walked_through_a_doctors_eyes(admin):
    clinic = open_clinic()
    waiting = QuestionFactory(specialty=clinic.specialty, headline="A stiff neck")
    admin.page.goto("/admin/")
    admin.follow("View as", within="main .desks")
    admin.choose("role", "Neurology")
    admin.write("path", "/dashboard/")
    admin.press("Look")

    bar = admin.page.get_by_role("region", name="View as")
    expect(bar).to_contain_text("You see this as a doctor of Neurology sees it.")
    admin.follow("A stiff neck", within="main")
    expect(admin.page.locator("main")).to_contain_text(waiting.text)
    admin.search("eyelid")
    expect(bar).to_contain_text("You see this as a doctor of Neurology sees it.")
    expect(admin.page.locator("main")).to_contain_text(clinic.earlier.public_title)
    admin.follow("Back to your work", within=".view-as")

    expect(admin.page.locator("h1")).to_have_text("Site administration")
    assert not waiting.decisions.exists()


def test_nothing_is_sent_through_other_eyes(admin):
    clinic = open_clinic()
    waiting = QuestionFactory(specialty=clinic.specialty)
    admin.page.goto(f"/admin/view-as/doctor-{clinic.specialty.slug}/dashboard/questions/{waiting.pk}/")

    with admin.page.expect_navigation() as sent:
        admin.page.locator("main button[value=claim]").first.evaluate("button => button.form.requestSubmit(button)")

    assert sent.value.status == 403
    expect(admin.page.locator("h1")).to_have_text("Nothing can be sent from here")
    assert not waiting.decisions.exists()
