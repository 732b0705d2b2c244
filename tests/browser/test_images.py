"""Images from a patient's phone to the public page, with and without scripts."""

import pytest
from playwright.sync_api import expect

from forum.questions.models import Question
from tests.browser import steps
from tests.browser.hands import Pointer
from tests.browser.pages.asking import with_images
from tests.browser.scenes import open_clinic
from tests.factories import QuestionFactory, image_of

ARM = "A rash on the left arm"
IS_LOADED = "image => image.complete && image.naturalWidth > 0"
CHOSEN = "field => field.files.length"


@pytest.fixture
def clinic():
    return open_clinic()


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_image_goes_from_the_phone_to_the_public_page(open_window, clinic, javascript):
    patient = Pointer(open_window(width=360, height=740, phone=True, javascript=javascript))
    page = patient.page
    page.goto("/ask/")
    steps.fill_in_question(patient)
    with_images(page, ("teal", ARM))
    patient.tick("image_1_public")
    patient.press("Send my question")  # the consent is missing

    expect(page.get_by_text("This image is here already.")).to_be_visible()
    expect(page.locator(".add-images__kept img")).to_be_visible()
    patient.tick("consent")
    patient.press("Send my question")
    own = page.locator(".image-list img")
    own.scroll_into_view_if_needed()
    expect(page.locator(".image-list")).to_contain_text(ARM)
    assert own.evaluate(IS_LOADED)

    doctor = Pointer(open_window(user=clinic.doctor.user, javascript=javascript))
    question = Question.objects.get(headline=steps.HEADLINE)
    doctor.page.goto(f"/dashboard/questions/{question.pk}/")
    expect(doctor.page.locator("#images img")).to_be_visible()
    doctor.tick("public_images")
    doctor.write("public_title", steps.TITLE)
    doctor.write("text", steps.REPLY)
    doctor.press("Publish")
    doctor.press("Publish anyway")

    reader = open_window(width=360, height=740, phone=True, javascript=javascript)
    question.refresh_from_db()
    reader.goto(question.get_absolute_url())
    image = reader.get_by_alt_text(ARM)
    image.scroll_into_view_if_needed()
    expect(image).to_be_visible()
    assert image.evaluate(IS_LOADED)
    with reader.expect_navigation():
        image.click()
    assert reader.locator("img").evaluate(IS_LOADED)

    doctor.page.goto(f"/dashboard/questions/{question.pk}/")
    doctor.press("Take it off the public page")
    reader.goto(question.get_absolute_url())
    expect(reader.locator(".image-list")).to_have_count(0)


def test_reload_of_the_ask_form_keeps_the_description_and_no_file(open_window, clinic):
    page = open_window(width=360, height=740, phone=True)
    page.goto("/ask/")
    with_images(page, ("teal", ARM))

    page.reload()

    assert page.locator("[name=image_1]").evaluate(CHOSEN) == 0
    expect(page.locator("[name=image_1_description]")).to_have_value(ARM)


def test_tick_for_the_public_page_is_given_each_time(open_window, clinic):
    question = QuestionFactory(specialty=clinic.specialty)
    names = [image_of(question, picture=colour, public_wanted=True).name for colour in ("red", "blue")]
    page = open_window(user=clinic.doctor.user)
    page.goto(f"/dashboard/questions/{question.pk}/")
    page.locator("[name=public_images]").first.check()
    page.locator("[name=text]").fill("It is harmless.")

    page.reload()

    boxes = page.locator("[name=public_images]")
    assert boxes.evaluate_all("boxes => boxes.map(box => [box.value, box.checked])") == [
        [name, False] for name in names
    ]
