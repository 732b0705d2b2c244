"""The doctors' queue: by keyboard alone, two doctors at one question, without scripts, and staying new by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from forum.moderation.models import Claim
from forum.questions.models import Question
from forum.replies.models import Draft
from tests.browser.hands import Keyboard, Pointer
from tests.browser.scenes import open_clinic
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory
from tests.moderation.desk import expire


@pytest.fixture
def clinic():
    SpecialtyFactory(name="Dermatology", slug="dermatology")
    return open_clinic()


def waiting(clinic, *headlines: str) -> list[Question]:
    """Questions that wait, the first the longest."""
    now = timezone.now()
    return [
        QuestionFactory(
            specialty=clinic.specialty,
            headline=headline,
            text="My eyelid has been twitching for a week.",
            created_at=now - timedelta(hours=20 - number),
        )
        for number, headline in enumerate(headlines)
    ]


def states(questions: list[Question]) -> list[str]:
    return [Question.objects.get(pk=question.pk).state for question in questions]


def test_two_doctors_one_question(clinic, open_window):
    (question,) = waiting(clinic, "Why?")
    colleague = DoctorFactory(name="Ada Lin", specialties=[clinic.specialty])
    first, second = (Pointer(open_window(user=doctor.user)) for doctor in (colleague, clinic.doctor))
    address = f"/dashboard/questions/{question.pk}/"

    first.page.goto(address)
    expect(first.page.locator("#claim")).to_contain_text("You hold it until")
    second.page.goto("/dashboard/")
    expect(second.page.locator(".queue__row")).to_contain_text("Held by Dr. Ada Lin until")
    second.follow("Why?")
    expect(second.page.locator("#claim")).to_contain_text("Dr. Ada Lin is at work on this until")
    expect(second.page.get_by_role("button", name="Publish", exact=True)).to_be_hidden()
    second.write("text", "Written meanwhile.")
    second.press("Save draft")

    expire(question)
    second.page.reload()

    expect(second.page.locator("#claim")).to_contain_text("You hold it until")
    expect(second.field("text")).to_have_value("Written meanwhile.")
    first.write("public_title", "Too late")
    first.write("text", "Typed at length.")
    first.press("Publish")
    expect(first.page.locator(".messages")).to_contain_text("Dr. Wu Mukhan is at work on this question until")
    expect(first.field("text")).to_have_value("Typed at length.")
    second.write("public_title", "In time")
    second.press("Publish")
    assert Question.objects.get(pk=question.pk).public_title == "In time"


def test_what_a_colleague_holds_is_taken_when_the_claim_ends(clinic, open_window):
    (question,) = waiting(clinic, "Why?")
    now = timezone.now()
    Claim.objects.create(
        question=question,
        doctor=DoctorFactory(specialties=[clinic.specialty]),
        claimed_at=now,
        expires_at=now + timedelta(seconds=4),
    )
    page = open_window(user=clinic.doctor.user)
    page.goto(f"/dashboard/questions/{question.pk}/")
    expect(page.locator("#claim")).to_contain_text("is at work on this")
    expect(page.locator("#claim")).to_contain_text("You hold it until")
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_visible()


def test_three_questions_by_keyboard_alone(clinic, open_window):
    questions = waiting(clinic, "First?", "Second?", "Third?")
    doctor = Keyboard(open_window(user=clinic.doctor.user))
    page = doctor.page
    page.goto("/dashboard/")

    for _key in range(4):
        page.keyboard.press("j")
    expect(page.get_by_role("link", name="Third?")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="First?")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("o")
    expect(page.locator("#claim")).to_contain_text("You hold it until")
    doctor.write("public_title", "An answer")
    doctor.write("text", "It is harmless.")
    doctor.press("Publish")

    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("c")
    expect(page.locator("h1")).to_have_text("Second?")
    doctor.activate(page.locator("summary", has_text="Pass it on to another specialty"))
    doctor.choose("to", "Dermatology")
    doctor.press("Pass it on")

    with page.expect_navigation():
        page.keyboard.press("n")
    expect(page.locator("h1")).to_have_text("Third?")
    doctor.activate(page.locator("summary", has_text="Decline this question"))
    doctor.press("Decline and tell the patient")

    expect(page.locator(".empty-state")).to_contain_text("Nothing is waiting")
    assert states(questions) == ["published", "waiting", "declined"]
    assert Question.objects.get(headline="Second?").specialty.slug == "dermatology"


def test_keys_are_letters_while_typing_and_with_modifiers(clinic, open_window):
    waiting(clinic, "First?", "Second?")
    page = open_window(user=clinic.doctor.user)
    page.goto("/dashboard/")

    page.keyboard.press("/")
    expect(page.locator("#queue-q")).to_be_focused()
    page.keyboard.type("jnc?o")
    expect(page.locator("#queue-q")).to_have_value("jnc?o")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.locator("h1").click()
    page.keyboard.press("Control+j")
    page.keyboard.press("Alt+n")
    expect(page.locator(".queue__title:focus")).to_have_count(0)
    assert page.url.endswith("/dashboard/")


def test_keys_are_listed_and_can_be_turned_off(clinic, open_window):
    waiting(clinic, "First?")
    page = open_window(user=clinic.doctor.user)
    page.goto("/dashboard/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_contain_text("To the next free question")
    page.get_by_label("Use these keys").uncheck()
    page.get_by_role("button", name="Close").click()

    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("?")

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator(".queue__title:focus")).to_have_count(0)
    page.get_by_role("button", name="Keyboard").click()
    expect(page.get_by_label("Use these keys")).not_to_be_checked()


def test_the_queue_is_new_every_minute_and_keeps_the_focus(clinic, open_window):
    questions = waiting(clinic, "First?", "Second?")
    page = open_window(user=clinic.doctor.user)
    page.clock.install()
    page.goto("/dashboard/")
    page.get_by_role("link", name="Second?").focus()
    questions[0].withdraw(by=None)
    waiting(clinic, "A", "B", "C")

    page.clock.fast_forward(61_000)

    expect(page.locator(".queue__title")).to_have_text(["A", "Second?", "B", "C"])
    expect(page.get_by_role("link", name="Second?")).to_be_focused()


def test_without_scripts_a_doctor_answers_declines_passes_on_and_asks(clinic, open_window):
    questions = waiting(clinic, "First?", "Second?", "Third?", "Fourth?")
    doctor = Pointer(open_window(javascript=False, user=clinic.doctor.user))
    page = doctor.page
    page.goto("/dashboard/")

    doctor.press("Claim: First?")
    expect(page.locator("#claim")).to_contain_text("You hold it until")
    doctor.write("public_title", "An answer")
    doctor.write("text", "It is harmless.")
    doctor.press("Publish")
    doctor.follow("Second?")
    page.locator("summary", has_text="Decline this question").click()
    doctor.press("Decline and tell the patient")
    doctor.follow("Third?")
    page.locator("summary", has_text="Pass it on to another specialty").click()
    doctor.choose("to", "Dermatology")
    doctor.press("Pass it on")
    doctor.follow("Fourth?")
    page.locator("summary", has_text="Ask the patient for more").click()
    page.locator("#ask_info_note").fill("Since when?")
    doctor.press("Ask the patient")

    expect(page.get_by_role("status")).to_contain_text("Asked. The patient will be told")
    assert states(questions) == ["published", "declined", "waiting", "needs_info"]
    assert Draft.objects.count() == 0
