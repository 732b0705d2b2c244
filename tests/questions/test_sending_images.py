"""Images that a patient sends with a question, or with an answer to a doctor."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from forum.questions.models import Question, QuestionImage
from tests.asking import WORDS, browser, send_question
from tests.factories import QuestionFactory, SpecialtyFactory, image_of
from tests.html import Element, parse
from tests.pictures import jpeg, png_of_size
from tests.questions.private_page import PAGE, act, in_state, message

pytestmark = pytest.mark.django_db
ARM = "A rash on the left arm"


@pytest.fixture
def specialty():
    return SpecialtyFactory(slug="neurology")


def photo(name: str = "IMG_1234.jpg", data: bytes | None = None, **options) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(**options) if data is None else data, "image/jpeg")


def one(number: int = 1, *, description: str = ARM, file: SimpleUploadedFile | None = None, **more) -> dict:
    return {f"image_{number}": file or photo(), f"image_{number}_description": description, **more}


def files() -> set[str]:
    folder = settings.MEDIA_ROOT / "questions"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def stored(*names: str) -> set[str]:
    return {f"{name}{end}" for name in names for end in (".jpg", "-small.jpg")}


def errors(page) -> list[tuple[str, str]]:
    """(words, address) of what is wrong, from the summary."""
    return parse(page).one("div", class_="error-summary").links()


def kept(page) -> dict[str, str]:
    """The images that the page has kept for the next sending."""
    inputs = parse(page).all("input", type="hidden")
    return {each.attrs["name"]: each.attrs["value"] for each in inputs if each.attrs["name"].endswith("_kept")}


def test_ask_takes_up_to_four_images_in_order(specialty):
    sent = {}
    for number in range(1, 5):
        sent |= one(number, description=f"Number {number}", file=photo(size=(40 + number, 30)))

    response = send_question(browser(), specialty, **sent, image_2_public="on")

    assert response.status_code == 302
    images = Question.objects.get().images.in_order()
    assert [(each.place, each.description, each.width, each.public_wanted) for each in images] == [
        (1, "Number 1", 41, False),
        (2, "Number 2", 42, True),
        (3, "Number 3", 43, False),
        (4, "Number 4", 44, False),
    ]
    assert {each.public_at for each in images} == {None}
    assert files() == stored(*(each.name for each in images))


def test_ask_takes_no_fifth_image(specialty):
    sent = {}
    for number in range(1, 6):
        sent |= one(number, file=photo(size=(40 + number, 30)))

    send_question(browser(), specialty, **sent)

    assert Question.objects.get().images.count() == 4


def test_files_are_unguessable_and_for_the_site_alone(specialty):
    send_question(browser(), specialty, **one())

    name = QuestionImage.objects.get().name
    assert (len(name), int(name, 16) > 0) == (32, True)
    folder = settings.MEDIA_ROOT / "questions"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_ask_without_files_needs_none_of_the_fields(specialty):
    assert send_question(browser(), specialty).status_code == 302
    assert Question.objects.get().images.count() == 0


WRONG = {
    "no description": (one(description=" "), ": what it shows: Please say in a few words what this image shows."),
    "no file": ({"image_1_description": ARM}, ": Please choose the image, or empty its description."),
    "no image": (
        one(file=photo("photo.jpg", b"words")),
        ": This file is not an image that we can show. Please choose a JPEG, PNG or WebP image.",
    ),
    "empty": (one(file=photo("a.jpg", b"")), ": This file is empty. Please choose another one."),
    "bomb": (
        one(file=photo("bomb.png", png_of_size(60_000, 60_000))),
        ": This image has more than 50 megapixels. Please choose a smaller one, or a screenshot of it.",
    ),
    "too large": (
        one(file=photo("big.jpg", jpeg() + b"0" * 11_000_000)),
        ": This file is larger than 10 MB. Please choose a smaller one, or a screenshot of it.",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_ask_says_what_is_wrong_with_an_image_beside_its_field(specialty, wrong):
    sent, words = WRONG[wrong]

    page = send_question(browser(), specialty, **sent)

    field = "image_1_description" if wrong == "no description" else "image_1"
    assert page.status_code == 422
    assert errors(page) == [(f"Image 1{words}", f"#id_{field}")]
    assert parse(page).one("", id=f"error_1_id_{field}").text in words
    assert "open" in parse(page).one("details", class_="add-images").attrs
    assert Question.objects.count() == 0


def test_no_upload_fills_the_disk(specialty, monkeypatch):
    sizes = []
    monkeypatch.setattr("forum.questions.image_forms.read_picture", lambda file: sizes.append(file.size))

    send_question(browser(), specialty, **one(file=photo("big.jpg", b"0" * 30_000_000)))

    assert 10 * 1024 * 1024 < sizes[0] < 11 * 1024 * 1024


def test_an_image_is_kept_while_the_rest_of_the_form_is_mended(specialty):
    client = browser()
    refused = send_question(client, specialty, consent=None, **one(image_1_public="on"))
    kept_there = kept(refused)
    form = parse(refused).one("form", class_="ask-form")

    assert (refused.status_code, list(kept_there)) == (422, ["image_1_kept"])
    assert form.one("p", class_="add-images__kept").one("img").attrs["src"].startswith("data:image/jpeg;base64,/9j/")
    assert form.one("input", name="image_1_description").attrs["value"] == ARM
    assert "checked" in form.one("input", name="image_1_public").attrs

    typed = {"image_1_description": ARM, "image_1_public": "on", **kept_there}
    assert send_question(client, specialty, **typed).status_code == 302
    image = Question.objects.get().images.get()
    assert (image.name, image.description, image.public_wanted) == (kept_there["image_1_kept"], ARM, True)


def test_a_kept_image_can_be_left_out(specialty):
    client = browser()
    there = kept(send_question(client, specialty, consent=None, **one()))

    send_question(client, specialty, **there, image_1_description=ARM, image_1_without="on")

    assert Question.objects.get().images.count() == 0


def test_a_kept_image_can_be_replaced(specialty):
    client = browser()
    there = kept(send_question(client, specialty, consent=None, **one()))

    send_question(client, specialty, **there, **one(file=photo(size=(99, 30))))

    assert Question.objects.get().images.get().width == 99


def test_a_kept_image_is_kept_while_its_description_is_missing(specialty):
    client = browser()
    refused = send_question(client, specialty, **one(description=""))

    assert send_question(client, specialty, **kept(refused), image_1_description=ARM).status_code == 302
    assert Question.objects.get().images.get().description == ARM


def test_the_button_that_looks_for_answers_keeps_the_images(client, specialty):
    page = client.post("/ask/similar/", {**WORDS, "page": "1", **one(description="")})

    assert (page.status_code, list(kept(page))) == (200, ["image_1_kept"])
    assert parse(page).all("div", class_="error-summary") == []


@pytest.mark.parametrize("name", ["0" * 32, "../../secret", "x"])
def test_a_kept_image_that_is_gone_is_asked_for_again(specialty, name):
    page = send_question(browser(), specialty, image_1_kept=name, image_1_description=ARM)

    words = "Image 1: This image was kept for a day and is gone. Please choose it again."
    assert errors(page) == [(words, "#id_image_1")]


def test_nobody_gets_the_image_of_another_question(specialty):
    other = image_of(QuestionFactory())
    claimed = {"image_1_kept": other.name, "image_1_description": "Mine"}

    page = send_question(browser(), specialty, consent=None, **claimed)
    send_question(browser(), specialty, **claimed)

    assert kept(page) == {}
    assert "data:image" not in page.content.decode()
    assert Question.objects.latest("id").images.count() == 0
    assert QuestionImage.objects.get().description == ARM


def test_sending_twice_makes_one_question_with_one_image(specialty, django_capture_on_commit_callbacks):
    client = browser()

    with django_capture_on_commit_callbacks(execute=True):
        first = send_question(client, specialty, **one())
        again = send_question(client, specialty, **one())

    assert first["Location"] == again["Location"]
    image = Question.objects.get().images.get()
    assert (QuestionImage.objects.count(), files()) == (1, stored(image.name))


def test_sending_a_kept_image_twice_leads_to_the_same_page(specialty):
    client = browser()
    there = kept(send_question(client, specialty, consent=None, **one()))

    first = send_question(client, specialty, **there, image_1_description=ARM)
    again = send_question(client, specialty, **there, image_1_description=ARM)

    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert Question.objects.get().images.count() == 1


def test_images_may_be_added_by_asking_the_same_again(specialty):
    client = browser()
    send_question(client, specialty)

    send_question(client, specialty, **one())

    assert Question.objects.get().images.get().description == ARM


def test_too_many_sendings_of_images_are_refused_and_words_are_not(client, specialty, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"send_images": "1/h/key"}
    asked = {**WORDS, "specialty": "neurology"}
    client.post("/ask/", {**asked, **one(), "consent": ""})

    page = client.post("/ask/", {**asked, **one()})

    summary = parse(page).one("div", class_="error-summary")
    words = "Many images have come from here in a short time. Please send it without new ones, or wait an hour."
    assert (page.status_code, summary.texts("li")) == (422, [words])
    assert QuestionImage.objects.count() == 1
    assert client.post("/ask/", asked).status_code == 302


def slots(page) -> list[Element]:
    return parse(page).all("input", type="file")


def test_answer_to_a_doctor_takes_as_many_images_as_there_is_room_for(client):
    question = in_state("needs_info")
    for colour in ("blue", "green"):
        image_of(question, picture=colour)

    assert len(slots(client.get(PAGE))) == 2
    page = act(client, "answer_info", text="Since March.", **one(description="Now"))

    assert message(page) == "Your answer is sent. Your question waits for a doctor again."
    assert list(question.images.in_order().values_list("place", "description")) == [(1, ARM), (2, ARM), (3, "Now")]


def test_answer_to_a_doctor_keeps_its_images_when_the_text_is_missing(client):
    question = in_state("needs_info")

    refused = act(client, "answer_info", **one())
    assert (refused.status_code, list(kept(refused))) == (422, ["image_1_kept"])
    act(client, "answer_info", text="Since March.", image_1_description=ARM, **kept(refused))

    assert question.images.get().description == ARM


def test_answer_with_a_bad_image_is_not_sent(client):
    question = in_state("needs_info")

    page = act(client, "answer_info", text="Since March.", **one(file=photo(data=b"words")))

    assert (page.status_code, parse(page).one("textarea", name="text").text) == (422, "Since March.")
    assert Question.objects.get(pk=question.pk).needs_info


def test_there_is_no_field_for_a_fifth_image(client):
    question = in_state("needs_info")
    for colour in ("red", "green", "blue", "white"):
        image_of(question, picture=colour)

    assert slots(client.get(PAGE)) == []


def test_image_that_no_form_took_is_deleted_after_a_day(django_capture_on_commit_callbacks):
    old, new, used = image_of(None), image_of(None), image_of(QuestionFactory())
    two_days_ago = timezone.now() - timedelta(days=2)
    QuestionImage.objects.filter(pk__in=[old.pk, used.pk]).update(created_at=two_days_ago)

    with django_capture_on_commit_callbacks(execute=True):
        QuestionImage.objects.discard_unused()

    assert set(QuestionImage.objects.all()) == {new, used}
    assert files() == stored(new.name, used.name)
