"""A doctor applies in the browser: what is asked for, what becomes of the file, one open application a person."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts.models import Application, LooseProof, ProofFile, User, read_proof
from forum.uploads.documents import read_document
from forum.uploads.pictures import MOST_BYTES
from tests.factories import ApplicationFactory, DoctorFactory, SpecialtyFactory, UserFactory, proof_of
from tests.html import parse
from tests.pictures import camera_exif, jpeg
from tests.races import at_once

pytestmark = pytest.mark.django_db

PAGE = "/accounts/doctor/"
PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form(**changes) -> dict:
    """All that is asked for; a value of None leaves it out."""
    typed = {
        "act": "send",
        "name": "Ada Example",
        "number": "A-1",
        "issuing_body": "Council",
        "expires_on": (timezone.localdate() + timedelta(400)).isoformat(),
        "hospital": "Example Hospital",
        "proof": SimpleUploadedFile("licence.pdf", PDF),
        **changes,
    }
    return {name: value for name, value in typed.items() if value is not None}


def files() -> list[str]:
    return default_storage.listdir("proofs")[1] if default_storage.exists("proofs") else []


@pytest.fixture
def neurology():
    return SpecialtyFactory(name="Neurology")


def test_an_application_is_sent_in_with_its_proof(neurology):
    user = UserFactory()

    answer = browser(user).post(PAGE, form(specialties=[neurology.pk]), follow=True)

    sent = Application.objects.get()
    assert (sent.user, sent.kind, sent.state, sent.name, sent.number) == (
        user,
        "first",
        "waiting",
        "Ada Example",
        "A-1",
    )
    assert list(sent.specialties.all()) == [neurology]
    assert (read_proof(sent.proof), files(), LooseProof.objects.count()) == (PDF, [sent.proof], 0)
    assert "You will hear from an admin by e-mail and under News." in parse(answer).text


def test_an_application_of_a_verified_doctor_is_a_renewal(neurology):
    doctor = DoctorFactory(name="Ada Example", specialties=[neurology])

    page = parse(browser(doctor.user).get(PAGE))
    browser(doctor.user).post(PAGE, form(specialties=[neurology.pk]))

    assert page.one("input", id="id_name").attrs["value"] == "Ada Example"
    assert Application.objects.get().kind == "renewal"


WRONG = {
    "no name": ({"name": ""}, "name"),
    "no number": ({"number": ""}, "number"),
    "no specialty": ({"specialties": None}, "specialties"),
    "a licence that has ended": ({"expires_on": "2020-01-01"}, "expires_on"),
    "no day": ({"expires_on": "soon"}, "expires_on"),
    "no proof": ({"proof": None}, "proof"),
    "an empty file": ({"proof": b""}, "proof"),
    "a program named as a PDF": ({"proof": b"MZ\x90\x00"}, "proof"),
    "a page of HTML": ({"proof": b"<html><script>alert(1)</script>"}, "proof"),
    "a PDF behind other words": ({"proof": b"x%PDF-1.7 %%EOF"}, "proof"),
    "a PDF that is cut off": ({"proof": b"%PDF-1.7" + b"x" * 2000}, "proof"),
    "a PDF that is too large": ({"proof": b"%PDF-" + b"x" * MOST_BYTES + b"%%EOF"}, "proof"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(neurology, what):
    changes, field = WRONG[what]
    if isinstance(changes.get("proof"), bytes):
        changes = {"proof": SimpleUploadedFile("licence.pdf", changes["proof"])}

    answer = browser(UserFactory()).post(PAGE, form(**{"specialties": [neurology.pk], **changes}))

    page = parse(answer)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert page.one("input", id="id_hospital").attrs["value"] == "Example Hospital"
    assert Application.objects.count() == 0


def test_a_good_file_need_not_be_chosen_again_when_something_else_is_wrong(neurology):
    client = browser(UserFactory())

    refused = parse(client.post(PAGE, form(specialties=[neurology.pk], name="")))
    kept = next(field.attrs["value"] for field in refused.all("input") if field.attrs.get("name") == "kept")
    client.post(PAGE, form(specialties=[neurology.pk], proof=None, kept=kept))

    assert read_proof(Application.objects.get().proof) == PDF
    assert "Your file is here already." in refused.text


def test_a_kept_file_of_somebody_else_is_not_taken(neurology):
    refused = parse(browser(UserFactory()).post(PAGE, form(specialties=[neurology.pk], name="")))
    kept = next(field.attrs["value"] for field in refused.all("input") if field.attrs.get("name") == "kept")

    answer = browser(UserFactory()).post(PAGE, form(specialties=[neurology.pk], proof=None, kept=kept))

    assert (answer.status_code, Application.objects.count()) == (422, 0)


def test_a_photo_becomes_a_picture_that_holds_nothing_but_its_pixels(neurology):
    photo = SimpleUploadedFile("licence.pdf", jpeg(exif=camera_exif()))

    browser(UserFactory()).post(PAGE, form(specialties=[neurology.pk], proof=photo))

    sent = Application.objects.get()
    assert sent.proof.endswith(".jpg")
    assert b"SecretPhone" not in read_proof(sent.proof)


def test_a_pdf_is_kept_as_it_came(tmp_path):
    path = tmp_path / "licence"
    path.write_bytes(PDF)

    with path.open("rb") as file:
        assert read_document(file) == (PDF, "pdf")


def test_sent_twice_it_is_there_once(neurology):
    client = browser(UserFactory())
    client.post(PAGE, form(specialties=[neurology.pk]))

    client.post(PAGE, form(specialties=[neurology.pk]))

    assert Application.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sent_from_two_windows_at_once_it_is_there_once(neurology):
    user = UserFactory()
    windows = [browser(user), browser(user)]

    at_once(*(lambda window=window: window.post(PAGE, form(specialties=[neurology.pk])) for window in windows))

    assert Application.objects.open().filter(user=user).count() == 1


def test_the_database_takes_one_open_application_a_person():
    first = ApplicationFactory()
    ApplicationFactory(user=first.user, withdrawn=True)

    with pytest.raises(IntegrityError, match="application_one_open_a_user"):
        ApplicationFactory(user=first.user, asked=True)


def test_withdrawing_deletes_the_file_at_once(neurology, django_capture_on_commit_callbacks):
    application = ApplicationFactory(specialties=[neurology])
    proof_of(application)

    with django_capture_on_commit_callbacks(execute=True):
        browser(application.user).post(PAGE, {"act": "withdraw"})

    application.refresh_from_db()
    assert (application.state, application.proof, files()) == ("withdrawn", "", [])


def test_withdrawing_what_is_decided_changes_nothing():
    application = ApplicationFactory(refused=True)

    browser(application.user).post(PAGE, {"act": "withdraw"})

    application.refresh_from_db()
    assert application.state == "refused"


def test_an_applicant_reads_what_is_asked_answers_and_replaces_the_proof(neurology, django_capture_on_commit_callbacks):
    application = ApplicationFactory(asked=True, specialties=[neurology], note="Please send the back as well.")
    old = proof_of(application)
    client = browser(application.user)

    asked = parse(client.get(PAGE))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(PAGE, form(specialties=[neurology.pk], answer="Here it is.", number="A-2"))

    application.refresh_from_db()
    assert "Please send the back as well." in asked.text
    assert (application.state, application.answer, application.number) == ("waiting", "Here it is.", "A-2")
    assert (files(), application.proof != old, application.version) == ([application.proof], True, 2)


def test_an_answer_without_a_file_leaves_the_proof(neurology):
    application = ApplicationFactory(asked=True, specialties=[neurology])
    proof = proof_of(application)

    browser(application.user).post(PAGE, form(specialties=[neurology.pk], answer="Nothing more.", proof=None))

    application.refresh_from_db()
    assert (application.state, application.proof) == ("waiting", proof)


def test_a_refused_applicant_reads_why_and_may_apply_again(neurology):
    application = ApplicationFactory(refused=True)
    client = browser(application.user)

    page = parse(client.get(PAGE))
    client.post(PAGE, form(specialties=[neurology.pk]))

    assert "The number is not in the register." in page.text
    assert Application.objects.waiting().count() == 1


def test_files_that_no_application_took_are_deleted_a_day_later():
    gone, waiting = (LooseProof.objects.keep(ProofFile(PDF, "pdf")) for _number in range(2))
    LooseProof.objects.filter(name=gone).update(delete_at=timezone.now() - timedelta(seconds=1))

    LooseProof.objects.delete_files()

    assert files() == [waiting]


def test_too_many_sendings_are_refused(settings, neurology):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"apply": "1/h/key"}
    client = browser(UserFactory())
    client.post(PAGE, form(specialties=[neurology.pk], name=""))

    answer = client.post(PAGE, form(specialties=[neurology.pk]))

    assert (answer.status_code, Application.objects.count()) == (429, 0)


def test_everybody_finds_the_way_to_apply():
    footer = parse(Client().get("/")).one("footer")

    assert ("For doctors", PAGE) in footer.links()
