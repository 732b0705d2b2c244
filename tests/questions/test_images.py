"""Who sees an image of a question, what comes with it, and that it goes with the question."""

from io import BytesIO

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from PIL import Image

from accounts.models import User
from forum.questions.models import DiscardedImage, Question, QuestionImage
from forum.questions.services import add_images
from tests.factories import DoctorFactory, QuestionFactory, UserFactory, image_of
from tests.people import ROLES, make_cast

pytestmark = pytest.mark.django_db
TOKEN = "abcdefghijklmnopqrstuv"

# visitor, asker by token (at the address for accounts), asker, other patient, doctor of the specialty, doctor of
# another one, unverified doctor, doctor whose licence has expired, admin
WHO_SEES = """
waiting     private  404 404 200 404 200 404 404 404 200
needs_info  private  404 404 200 404 200 404 404 404 200
published   private  404 404 200 404 200 404 404 404 200
published   wanted   404 404 200 404 200 404 404 404 200
published   public   200 200 200 200 200 200 200 200 200
declined    private  404 404 200 404 200 404 404 404 200
hidden      public   404 404 200 404 200 404 404 404 200
merged      public   404 404 200 404 200 404 404 404 200
withdrawn   public   404 404 404 404 404 404 404 404 404
"""
ROWS = [line.split() for line in WHO_SEES.strip().splitlines()]
KINDS = {"private": {}, "wanted": {"public_wanted": True}, "public": {"public": True}}


def in_state(state: str, **fields) -> Question:
    return QuestionFactory(**({} if state == "waiting" else {state: True}), token=TOKEN, **fields)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:2]))
@pytest.mark.parametrize("end", ["", "small/"])
def test_image_is_shown_to_whoever_may_see_it(row, end):
    state, kind, *expected = row
    cast = make_cast()
    image = image_of(in_state(state, specialty=cast.specialty, asker=cast.users["asker"]), **KINDS[kind])

    answers = [cast.browser(role).get(image.get_absolute_url() + end).status_code for role in ROLES]

    assert answers == [int(status) for status in expected]


@pytest.mark.parametrize("state", ["waiting", "needs_info", "published", "declined", "hidden", "merged"])
@pytest.mark.parametrize("end", ["", "small/"])
def test_image_is_shown_to_the_asker_by_secret_link(client, state, end):
    image = image_of(in_state(state))

    answer = client.get(f"/status/{TOKEN}/images/{image.name}/{end}")

    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store, private")


def test_secret_link_opens_no_image_of_another_question(client):
    in_state("waiting")
    other = image_of(QuestionFactory(), public=True)

    assert client.get(f"/status/{TOKEN}/images/{other.name}/").status_code == 404
    assert client.get(f"/status/nobodys/images/{other.name}/").status_code == 404


@pytest.mark.parametrize("state", ["hidden", "published"])
def test_address_of_an_image_belongs_to_its_question(client, state):
    image = image_of(in_state("published"), public=True)
    other = QuestionFactory(published=True)

    assert client.get(f"/questions/{other.pk}/images/{image.name}/").status_code == 404
    assert client.get(f"/questions/{image.question_id}/images/{'0' * 32}/").status_code == 404


def test_image_that_no_question_has_is_shown_to_nobody():
    image = image_of(None)
    admin = Client()
    admin.force_login(UserFactory(admin=True))

    assert admin.get(f"/questions/1/images/{image.name}/").status_code == 404


ALWAYS = {
    "Content-Type": "image/jpeg",
    "Content-Disposition": 'inline; filename="image-1.jpg"',
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


def headers(answer, wanted: dict) -> dict:
    return {name: answer.get(name) for name in wanted}


def test_public_image_is_asked_for_anew_and_sent_once(client):
    image = image_of(in_state("published"), public=True)
    expected = ALWAYS | {"Cache-Control": "public, no-cache", "ETag": f'"{image.name}"', "Set-Cookie": None}

    answer = client.get(image.get_absolute_url(), headers={"Accept-Encoding": "gzip"})
    again = client.get(image.get_absolute_url(), headers={"If-None-Match": answer["ETag"]})

    assert headers(answer, expected) == expected
    assert "Content-Encoding" not in answer
    assert Image.open(BytesIO(answer.content)).size == (64, 48)
    assert (again.status_code, again.content) == (304, b"")


def test_image_taken_off_is_gone_for_who_has_it(client):
    question = in_state("published")
    image = image_of(question, public=True)
    had = {"If-None-Match": client.get(image.get_absolute_url())["ETag"]}

    question.hide(by=UserFactory(admin=True), reason="admin")

    assert client.get(image.get_absolute_url(), headers=had).status_code == 404


def test_private_image_is_kept_nowhere():
    question = in_state("waiting", asker=UserFactory())
    asker = Client()
    asker.force_login(question.asker)
    expected = ALWAYS | {"Cache-Control": "no-store, private", "ETag": None}

    assert headers(asker.get(image_of(question).get_absolute_url()), expected) == expected


def test_image_as_a_page_may_do_nothing(client):
    answer = client.get(image_of(in_state("published"), public=True).get_absolute_url())

    assert set(answer["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "frame-ancestors 'none'",
        "sandbox",
    }


def test_image_whose_file_is_lost_is_a_page_that_does_not_exist(client):
    image = image_of(in_state("published"), public=True)
    image.path().unlink()

    assert client.get(image.get_absolute_url()).status_code == 404


def files() -> int:
    return len(list((settings.MEDIA_ROOT / "questions").iterdir()))


@pytest.mark.parametrize("state", ["waiting", "needs_info"])
def test_withdrawing_deletes_the_images_at_once(state, django_capture_on_commit_callbacks):
    question, other = in_state(state), QuestionFactory()
    for each in (question, other):
        image_of(each)

    with django_capture_on_commit_callbacks(execute=True):
        question.withdraw(by=None)

    assert QuestionImage.objects.get().question == other
    assert (files(), DiscardedImage.objects.count()) == (2, 0)


def test_withdrawing_that_fails_leaves_the_images(monkeypatch, django_capture_on_commit_callbacks):
    question = in_state("waiting")
    image_of(question)
    monkeypatch.setattr(Question, "_move", lambda *_: 1 / 0)

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):
        question.withdraw(by=None)

    assert (QuestionImage.objects.count(), files()) == (1, 2)


@pytest.mark.parametrize("by", ["the ORM", "SQL"])
def test_files_go_with_the_question_however_it_goes(by):
    question = in_state("waiting")
    image_of(question)

    if by == "SQL":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM questions_questionimage")
    else:
        question.delete()
    DiscardedImage.objects.delete_files()

    assert (files(), DiscardedImage.objects.count()) == (0, 0)


def test_files_that_cannot_be_deleted_are_tried_again(monkeypatch):
    image_of(in_state("waiting"))
    QuestionImage.objects.all().delete()
    with monkeypatch.context() as broken:
        broken.setattr("os.remove", lambda path: (_ for _ in ()).throw(PermissionError()))
        DiscardedImage.objects.delete_files()
    assert (files(), DiscardedImage.objects.count()) == (2, 1)

    DiscardedImage.objects.delete_files()

    assert (files(), DiscardedImage.objects.count()) == (0, 0)


def test_host_without_uploads_leaves_the_files_to_the_others(settings, tmp_path):
    image_of(in_state("waiting"))
    QuestionImage.objects.all().delete()
    settings.MEDIA_ROOT = tmp_path / "elsewhere"

    DiscardedImage.objects.delete_files()

    assert DiscardedImage.objects.count() == 1


def test_export_finds_the_files_of_a_question():
    question = in_state("waiting")
    first, second = image_of(question), image_of(question, picture="blue")

    assert question.images.files() == [("image-1.jpg", first.path()), ("image-2.jpg", second.path())]
    assert first.path().read_bytes()[:2] == b"\xff\xd8"


@pytest.mark.parametrize(
    "wrong",
    [
        {"description": ""},
        {"place": 5},
        {"place": None},
        {"question": None, "place": 2},
        {"place": 1},
        {"public_at": "2024-01-01T00:00:00Z", "public_wanted": True},
        {"public": True, "public_wanted": False, "public_at": "2024-01-01T00:00:00Z"},
    ],
)
def test_database_refuses_an_image_that_cannot_be(wrong):
    question = in_state("waiting")
    image_of(question)
    fields = {"question": question, **wrong}
    if fields.pop("public", None):
        fields["public_by"] = DoctorFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        image_of(fields.pop("question"), picture="blue", **fields)


def test_question_that_is_dealt_with_takes_no_image(django_capture_on_commit_callbacks):
    question, image = in_state("published"), image_of(None)
    image.description = "Too late"

    with django_capture_on_commit_callbacks(execute=True):
        add_images(question=question, images=[image])

    assert (QuestionImage.objects.count(), files()) == (0, 0)


def decisions(question: Question) -> list[tuple[str, User | None, str]]:
    return [(each.act, each.by, each.reason) for each in question.decisions.all()]


def test_show_and_hide_are_decided_once():
    image = image_of(in_state("published"), public_wanted=True)
    doctor = DoctorFactory()

    for _repeat in range(2):
        image.show(by=doctor)
    assert (image.is_public, image.public_by) == (True, doctor)
    for _repeat in range(2):
        image.hide(by=doctor.user)

    assert (image.is_public, image.public_by) == (False, None)
    assert decisions(image.question) == [
        ("show_image", doctor.user, "image 1"),
        ("hide_image", doctor.user, "image 1"),
    ]


def test_show_needs_the_patients_word():
    image = image_of(in_state("published"))

    image.show(by=DoctorFactory())

    image.refresh_from_db()
    assert (image.public_at, decisions(image.question)) == (None, [])
