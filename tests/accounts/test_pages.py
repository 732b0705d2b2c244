"""Where people land after signing in; a doctor's photo; what of a doctor is private."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from tests.factories import DoctorFactory, SpecialtyFactory, TopicFactory, UserFactory, published_thread
from tests.html import parse

pytestmark = pytest.mark.django_db

PHOTO = b"\x89PNG of a doctor"


@pytest.mark.parametrize(
    ("person", "place"),
    [
        (lambda: UserFactory(), "/my/questions/"),
        (lambda: UserFactory(admin=True), "/admin/"),
        (lambda: DoctorFactory().user, "/dashboard/"),
        (lambda: DoctorFactory(user__admin=True).user, "/dashboard/"),
        (lambda: DoctorFactory(unverified=True).user, "/my/questions/"),
        (lambda: DoctorFactory(expired=True).user, "/my/questions/"),
        (lambda: DoctorFactory(unverified=True, user__admin=True).user, "/admin/"),
    ],
    ids=["patient", "admin", "doctor", "doctor and admin", "unverified", "expired", "unverified and admin"],
)
def test_after_sign_in_leads_to_where_the_person_works(client, person, place):
    client.force_login(person())

    assert client.get("/accounts/after-sign-in/").url == place


def test_after_sign_in_asks_a_visitor_to_sign_in(client):
    assert client.get("/accounts/after-sign-in/").url == "/accounts/login/?next=/accounts/after-sign-in/"


def with_photo(**traits):
    doctor = DoctorFactory(slug="ada", **traits)
    doctor.photo.save("ada.png", ContentFile(PHOTO))
    return doctor


def test_doctor_photo_of_a_verified_doctor_is_public(client):
    with_photo()

    answer = client.get("/accounts/doctor-photos/ada/")

    assert answer.getvalue() == PHOTO
    assert answer["Content-Type"] == "image/png"


@pytest.mark.parametrize("trait", ["unverified", "archived"])
@pytest.mark.parametrize("person", [None, "patient", "admin"])
def test_doctor_photo_of_others_is_shown_to_nobody(client, trait, person):
    with_photo(**{trait: True})
    if person:
        client.force_login(UserFactory(admin=person == "admin"))

    answer = client.get("/accounts/doctor-photos/ada/")

    assert parse(answer).headings() == ["h1 There is no page here"]
    assert PHOTO not in answer.content


@pytest.mark.parametrize("slug", ["ada", "nobody", "%00", "%F0%9F%98%80"])
def test_doctor_photo_that_does_not_exist_is_a_page_that_does_not_exist(client, slug):
    DoctorFactory(slug="ada")

    answer = client.get(f"/accounts/doctor-photos/{slug}/")

    assert (answer.status_code, parse(answer).headings()) == (404, ["h1 There is no page here"])


def test_licence_of_a_doctor_stands_on_no_page_outside_the_admin_site():
    neurology = SpecialtyFactory()
    doctor = DoctorFactory(
        name="Wu Mukhan",
        slug="wu",
        specialties=[neurology],
        licence__number="LICENCE-4711",
        licence__issuing_body="Council of Secrets",
    )
    thread = published_thread(specialty=neurology, reply__doctor=doctor, public_title="Twitching eyelid")
    topic = TopicFactory(specialty=neurology)
    thread.question_topics.create(topic=topic)
    colleague = Client()
    colleague.force_login(DoctorFactory(specialties=[neurology]).user)
    paths = [
        *("/", "/doctors/", "/doctors/wu/", neurology.get_absolute_url(), topic.get_absolute_url()),
        *(thread.get_absolute_url(), "/search/?q=twitching", "/feeds/latest.atom"),
        *(f"{neurology.get_absolute_url()}feed.atom", f"/dashboard/questions/{thread.pk}/"),
    ]

    for path in paths:
        page = colleague.get(path).content.decode()
        assert "Wu Mukhan" in page, path
        assert "4711" not in page, path
        assert "Council of Secrets" not in page, path
