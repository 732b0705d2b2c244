"""What a doctor sees of a patient's images, and which of them become public."""

import pytest
from django.db import connection
from django.test import Client

from forum.questions.models import Question
from forum.search.services import renew_similar
from tests.factories import DoctorFactory, QuestionFactory, UserFactory, image_of, published_thread
from tests.html import parse
from tests.moderation.desk import address, browser, decisions, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    return QuestionFactory()


@pytest.fixture
def doctor(question):
    return DoctorFactory(specialties=[question.specialty])


def ticks(page) -> list[tuple[str, bool]]:
    boxes = parse(page).all("input", name="public_images")
    return [(box.attrs["value"], "checked" in box.attrs) for box in boxes]


def public(question: Question) -> list[str]:
    return list(question.images.public().values_list("name", flat=True))


def test_work_page_shows_the_images_with_a_box_where_the_patient_allows(question, doctor):
    private = image_of(question, description="The whole arm")
    wanted = image_of(question, picture="blue", description="The spot alone", public_wanted=True)

    page = browser(doctor).get(address(question))

    section = parse(page).one("section", id="images")
    assert section.links() == [
        ("The whole arm", private.get_absolute_url()),
        ("The spot alone", wanted.get_absolute_url()),
    ]
    assert [image.attrs["src"] for image in section.all("img")] == [private.thumbnail_url, wanted.thumbnail_url]
    assert ticks(page) == [(wanted.name, False)]
    assert section.one("input", type="checkbox").attrs["form"] == "work-form"


def test_publishing_shows_what_was_ticked_and_nothing_else(question, doctor):
    private = image_of(question)
    left, ticked = (image_of(question, picture=colour, public_wanted=True) for colour in ("blue", "green"))
    other = image_of(QuestionFactory(), public_wanted=True)

    send(browser(doctor), question, "publish", public_images=[private.name, ticked.name, other.name])

    assert (public(question), public(other.question)) == ([ticked.name], [])
    assert decisions(question)[-2:] == [
        ("publish", doctor.user_id, "waiting", "published", ""),
        ("show_image", doctor.user_id, "", "", "image 3"),
    ]
    assert left.name not in public(question)


def test_publishing_without_a_tick_shows_none(question, doctor):
    image_of(question, public_wanted=True)

    send(browser(doctor), question, "publish")

    assert public(question) == []


def test_tick_outlives_a_refusal(question, doctor):
    image = image_of(question, public_wanted=True)

    page = send(browser(doctor), question, "publish", signed="", public_images=[image.name])

    assert (page.status_code, ticks(page)) == (422, [(image.name, True)])
    assert public(question) == []


def test_images_stay_private_where_publishing_fails(question, doctor, monkeypatch):
    image = image_of(question, public_wanted=True)
    monkeypatch.setattr("forum.moderation.services.set_topics", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        send(browser(doctor), question, "publish", public_images=[image.name])

    assert public(question) == []


def answered_with_image(**image):
    question = published_thread()
    return question, image_of(question, public=True, **image)


def test_doctor_takes_an_image_off_the_public_page():
    question, image = answered_with_image()
    doctor = DoctorFactory(specialties=[question.specialty])
    client = browser(doctor)
    assert "hide_image" in [button.attrs.get("value") for button in parse(client.get(address(question))).all("button")]

    page = client.post(address(question), {"act": "hide_image", "image": image.name}, follow=True)

    assert (
        parse(page).one("div", class_="messages").text == "The image is off the public page. The doctors still see it."
    )
    assert "Not on the public page" in parse(page).one("section", id="images").text
    assert Client().get(image.get_absolute_url()).status_code == 404
    assert decisions(question) == [("hide_image", doctor.user_id, "", "", "image 1")]


@pytest.mark.parametrize("name", ["", "x", "of another"])
def test_doctor_takes_off_no_image_of_another_question(name):
    question, _image = answered_with_image()
    _other, others = answered_with_image()
    client = browser(DoctorFactory(specialties=[question.specialty]))
    sent = others.name if name == "of another" else name

    assert client.post(address(question), {"act": "hide_image", "image": sent}).status_code == 404
    others.refresh_from_db()
    assert others.is_public


def test_admin_finds_the_images_of_a_question(question):
    image = image_of(question, description="A <spot>")
    admin = Client()
    admin.force_login(UserFactory(admin=True))

    page = parse(admin.get(f"/admin/questions/question/{question.pk}/change/"))

    assert page.one("div", class_="field-sent_images").links() == [("A <spot>", image.get_absolute_url())]


def thread_images(question: Question) -> list[dict]:
    page = Client().get(question.get_absolute_url())
    return [image.attrs for image in parse(page).one("section", id="question").all("img")]


def test_thread_page_shows_the_public_images_under_the_patients_words():
    question, image = answered_with_image(description='A "red" spot <here>')
    image_of(question, picture="blue", public_wanted=True)

    page = parse(Client().get(question.get_absolute_url())).one("section", id="question")

    assert page.one("ul", class_="image-list").links() == [("", image.get_absolute_url())]
    assert page.one("img").attrs == {
        "src": image.thumbnail_url,
        "alt": 'A "red" spot <here>',
        "width": "64",
        "height": "48",
        "loading": "lazy",
    }


def test_thread_page_without_public_images_has_no_list():
    question = published_thread()
    image_of(question)

    assert thread_images(question) == []
    assert "image-list" not in Client().get(question.get_absolute_url()).content.decode()


def test_kept_thread_page_is_renewed_when_an_image_comes_or_goes():
    question = published_thread(text="My eyelid twitches.")
    published_thread(text="My eyelid twitches at night.", specialty=question.specialty)
    renew_similar(question)
    image = image_of(question, public_wanted=True)
    assert thread_images(question) == []

    image.show(by=DoctorFactory())
    shown = thread_images(question)
    image.hide(by=None)

    assert (len(shown), thread_images(question)) == (1, [])


@pytest.mark.parametrize("images", [0, 1, 4])
def test_thread_page_with_images_takes_one_statement(images, django_assert_num_queries):
    question = published_thread(text="My eyelid twitches.")
    published_thread(text="My eyelid twitches at night.", specialty=question.specialty)
    renew_similar(question)
    for colour in ("red", "green", "blue", "white")[:images]:
        image_of(question, picture=colour, public=True)
    connection.ensure_connection()

    with django_assert_num_queries(1):
        assert len(thread_images(question)) == images
