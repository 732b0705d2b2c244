"""The admins' queue of doctors' applications: verify, ask for more, refuse; what the applicant hears."""

from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import Application, ApplicationChanged, ApplicationClosed, Doctor, LooseProof
from accounts.permissions import can_work_as_doctor
from forum.moderation.applications import (
    KEEP_PROOF,
    OwnApplication,
    ask_applicant,
    delete_old_proofs,
    refuse_application,
    verify_application,
)
from forum.notifications.models import Notice
from tests.factories import (
    ApplicationFactory,
    DoctorFactory,
    LicenceFactory,
    SpecialtyFactory,
    UserFactory,
    proof_of,
)
from tests.html import parse
from tests.pictures import jpeg
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_user():
    return UserFactory(admin=True)


@pytest.fixture
def office(admin_user):
    client = Client()
    client.force_login(admin_user)
    return client


def screen(application: Application) -> str:
    return f"/admin/accounts/application/{application.pk}/change/"


def decide(office: Client, application: Application, outcome: str, note: str = "", version: int = 0):
    typed = {"outcome": outcome, "note": note, "version": version or application.version}
    return office.post(screen(application), typed, follow=True)


def told(application: Application) -> list[str]:
    return list(Notice.objects.filter(user=application.user).order_by("pk").values_list("kind", flat=True))


def said(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_verifying_makes_a_doctor_who_may_work(office, admin_user):
    neurology = SpecialtyFactory(name="Neurology")
    application = ApplicationFactory(name="Ada Example", number="A-1", specialties=[neurology])

    answer = decide(office, application, "verify")

    doctor = Doctor.objects.get()
    application.refresh_from_db()
    assert (doctor.user, doctor.name, doctor.slug) == (application.user, "Ada Example", "ada-example")
    assert (doctor.licence.number, doctor.licence.expires_on) == ("A-1", application.expires_on)
    assert (list(doctor.specialties.all()), doctor.verified_by) == ([neurology], admin_user)
    assert can_work_as_doctor(application.user) is True
    assert (application.state, application.decided_by) == ("verified", admin_user)
    assert (told(application), said(answer)) == (["application_verified"], ["Done. The applicant is told."])


def test_verifying_a_renewal_renews_the_licence_and_keeps_what_else_there_is(admin_user):
    doctor = DoctorFactory(name="Ada Example", expired=True, biography="Reads a lot.")
    Doctor.objects.note_expiry()
    verified_at, surgery = doctor.verified_at, SpecialtyFactory()
    application = ApplicationFactory(user=doctor.user, kind="renewal", name="Ada Married", specialties=[surgery])

    verify_application(application=application, by=admin_user, version=1)

    doctor = Doctor.objects.get()
    assert (doctor.name, doctor.slug, doctor.biography) == ("Ada Married", doctor.slug, "Reads a lot.")
    assert (doctor.licence.expires_on, list(doctor.specialties.all())) == (application.expires_on, [surgery])
    assert (doctor.verified_at, doctor.expired_noted_at, doctor.can_work) == (verified_at, None, True)


@pytest.mark.parametrize(("trait", "works"), [("retired", True), ("suspended", False)])
def test_a_renewal_brings_back_who_had_retired_and_lifts_no_suspension(admin_user, trait, works):
    doctor = DoctorFactory(**{trait: True})
    application = ApplicationFactory(user=doctor.user, kind="renewal")

    verify_application(application=application, by=admin_user, version=1)

    assert Doctor.objects.get().can_work is works


def test_a_number_that_another_doctor_has_is_not_verified(office):
    LicenceFactory(number="A-1", issuing_body="Council")
    application = ApplicationFactory(number="A-1", issuing_body="Council")

    answer = decide(office, application, "verify")

    assert "Another doctor has a licence of this number on record." in parse(answer).text
    assert (Doctor.objects.filter(user=application.user).exists(), told(application)) == (False, [])


def test_a_licence_that_has_ended_is_not_verified(office):
    application = ApplicationFactory(expires_on=timezone.localdate() - timedelta(1))

    answer = decide(office, application, "verify")

    assert "The licence has ended." in parse(answer).text
    assert Doctor.objects.count() == 0


def test_asking_sends_it_back_to_the_applicant(office):
    application = ApplicationFactory()

    decide(office, application, "ask", note="Please send the back as well.")

    application.refresh_from_db()
    assert (application.state, application.note) == ("asked", "Please send the back as well.")
    assert (application.decided_at, told(application)) == (None, ["application_asked"])


def test_refusing_tells_why(office, admin_user):
    application = ApplicationFactory()

    decide(office, application, "refuse", note="Not in the register.")

    application.refresh_from_db()
    assert (application.state, application.note) == ("refused", "Not in the register.")
    assert (told(application), Doctor.objects.count()) == (["application_refused"], 0)


@pytest.mark.parametrize("outcome", ["ask", "refuse"])
def test_neither_is_done_without_a_word_to_the_applicant(office, outcome):
    application = ApplicationFactory()

    answer = decide(office, application, outcome)

    application.refresh_from_db()
    assert (application.state, "Please tell the applicant" in parse(answer).text) == ("waiting", True)


ACTS = {
    "verify": verify_application,
    "ask": partial(ask_applicant, note="The back?"),
    "refuse": partial(refuse_application, note="No."),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("trait", ["refused", "withdrawn"])
def test_what_is_decided_or_withdrawn_is_not_decided_again(admin_user, act, trait):
    application = ApplicationFactory(**{trait: True})

    with pytest.raises(ApplicationClosed):
        ACTS[act](application=application, by=admin_user, version=1)

    assert (told(application), Doctor.objects.count()) == ([], 0)


@pytest.mark.parametrize("act", ACTS)
def test_what_the_applicant_has_changed_meanwhile_has_to_be_read_first(admin_user, act):
    application = ApplicationFactory(asked=True)
    Application.objects.get().give_answer(answer="Here.", specialties=[], number="B-2")

    with pytest.raises(ApplicationChanged):
        ACTS[act](application=application, by=admin_user, version=1)


@pytest.mark.parametrize("act", ACTS)
def test_nobody_decides_on_an_application_of_their_own(admin_user, act):
    application = ApplicationFactory(user=admin_user)

    with pytest.raises(OwnApplication):
        ACTS[act](application=application, by=admin_user, version=1)


def test_an_admin_who_comes_too_late_is_told(office):
    application = ApplicationFactory()
    application.withdraw()

    answer = decide(office, application, "verify")

    assert said(answer) == ["It was decided or withdrawn meanwhile. Nothing was changed."]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("others", ["verify", "refuse", "ask"])
def test_of_two_admins_at_once_one_decides(others):
    application = ApplicationFactory()
    acts = [
        partial(ACTS[act], application=application, by=UserFactory(admin=True), version=1) for act in ("verify", others)
    ]

    outcomes = at_once(*acts)

    lost = [outcome for outcome in outcomes if isinstance(outcome, ApplicationClosed | ApplicationChanged)]
    assert (len(lost), len(told(application))) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_withdrawn_at_the_moment_of_the_decision_it_is_either():
    for _round in range(4):
        application = ApplicationFactory()
        verify = partial(verify_application, application=application, by=UserFactory(admin=True), version=1)

        verified, withdrawn = at_once(verify, application.withdraw)

        assert (isinstance(verified, Doctor), withdrawn) in [(True, False), (False, True)]
        assert Doctor.objects.filter(user=application.user).exists() is not withdrawn


# The file


def test_a_pdf_is_handed_out_for_download_alone(office):
    application = ApplicationFactory()
    proof_of(application)

    answer = office.get(f"/admin/accounts/application/{application.pk}/proof/")

    assert answer["Content-Disposition"] == f'attachment; filename="application-{application.pk}.pdf"'
    assert set(answer["Content-Security-Policy"].split("; ")) == {
        *("default-src 'none'", "style-src 'unsafe-inline'", "frame-ancestors 'none'", "sandbox")
    }
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/pdf")
    assert ("no-store" in answer["Cache-Control"], answer.content) == (True, b"%PDF-1.7 a licence %%EOF")


def test_a_photo_is_shown_beside_the_decision(office):
    application = ApplicationFactory()
    proof_of(application, jpeg(), "jpg")

    page = parse(office.get(screen(application)))
    answer = office.get(page.one("img", class_="proof").attrs["src"])

    assert (answer["Content-Type"], answer["Content-Disposition"].partition(";")[0]) == ("image/jpeg", "inline")


@pytest.mark.parametrize("path", ["change/", "proof/"])
def test_staff_without_the_permission_sees_neither_application_nor_proof(path):
    application, staff, client = ApplicationFactory(), UserFactory(is_staff=True), Client()
    proof_of(application)
    client.force_login(staff)

    before = client.get(f"/admin/accounts/application/{application.pk}/{path}").status_code
    staff.user_permissions.add(Permission.objects.get(codename="view_application"))
    after = client.get(f"/admin/accounts/application/{application.pk}/{path}").status_code

    assert (before, after) == (403, 200)


def test_staff_who_may_only_look_decides_nothing():
    application, staff, client = ApplicationFactory(), UserFactory(is_staff=True), Client()
    staff.user_permissions.add(Permission.objects.get(codename="view_application"))
    client.force_login(staff)

    answer = client.post(screen(application), {"outcome": "verify", "version": 1})

    assert (answer.status_code, Doctor.objects.count()) == (403, 0)


def test_the_file_goes_90_days_after_the_decision_and_not_before():
    old, recent, waiting = ApplicationFactory(refused=True), ApplicationFactory(refused=True), ApplicationFactory()
    kept = {proof_of(application) for application in (old, recent, waiting)} - {old.proof}
    Application.objects.filter(pk=old.pk).update(decided_at=timezone.now() - KEEP_PROOF - timedelta(seconds=1))

    delete_old_proofs()

    assert (set(default_storage.listdir("proofs")[1]), LooseProof.objects.count()) == (kept, 0)


# The queue


def test_the_queue_shows_what_waits_oldest_first(office):
    now = timezone.now()
    ApplicationFactory(name="Newer", sent_at=now)
    ApplicationFactory(name="Older", sent_at=now - timedelta(1))
    ApplicationFactory(name="Asked", asked=True)
    ApplicationFactory(name="Refused", refused=True)

    def names(query: str) -> list[str]:
        rows = parse(office.get(f"/admin/accounts/application/{query}")).all(class_="field-applicant")
        return [row.one("a").text for row in rows]

    waiting, refused = names(""), names("?state=refused")
    assert (waiting, refused) == (["Older", "Newer"], ["Refused"])


def test_the_first_page_tells_how_many_wait(office):
    ApplicationFactory()
    ApplicationFactory(asked=True)

    assert '>Reports and requests</a><span class="number">1 waiting</span>' in office.get("/admin/").content.decode()
