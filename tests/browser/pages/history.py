"""What happened, for admins."""

from playwright.sync_api import Page

from forum.questions.models import Question
from forum.questions.services import purge_history
from forum.specialties.models import Specialty
from tests.browser.pages.opening import ENDLESS, page_of, press
from tests.browser.pages.workplace import admins
from tests.browser.scenes import Clinic, open_clinic
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory, UserFactory


def much_has_happened() -> Clinic:
    """Decisions, rows of every kind that changed, an erasure."""
    clinic = open_clinic()
    thread, doctor = clinic.earlier, clinic.doctor
    purged = QuestionFactory(specialty=clinic.specialty)
    Question.objects.filter(pk=purged.pk).update(public_title="Gone")
    purge_history([purged.pk])
    QuestionFactory(specialty=clinic.specialty).transfer(by=doctor, to=SpecialtyFactory(name=ENDLESS[:60]))
    QuestionFactory(specialty=clinic.specialty).decline(by=doctor, reason="examination", note="Please see a doctor.")
    thread.replies.get().correct(by=doctor, text="An eyelid that twitches is often tired.", reason="wrong")
    thread.hide(by=UserFactory(admin=True, email=f"{ENDLESS[:40]}@example.org"), reason="admin")
    Specialty.objects.filter(pk=clinic.specialty.pk).update(target_hours=12, description="Nerves, brain and spine.")
    return clinic


@page_of
def history(window) -> Page:
    much_has_happened()
    return admins(window, "/admin/history/")


@page_of
def history_without_any(window) -> Page:
    return admins(window, "/admin/history/?question=1&words=nothing")


@page_of
def history_with_errors(window) -> Page:
    return admins(window, "/admin/history/?since=2026-03-12&until=2026-03-11&question=0")


@page_of
def history_of_a_person(window) -> Page:
    doctor = much_has_happened().doctor
    return admins(window, f"/admin/history/?person={doctor.user_id}")


@page_of
def history_persons_to_choose(window) -> Page:
    for name in ("Wu Mukhan", f"Wu {ENDLESS}"):
        DoctorFactory(name=name)
    page = admins(window, "/admin/history/")
    page.get_by_label("Name or e-mail of a doctor or admin").fill("Wu")
    return press(page, "Only what this person did")


@page_of
def history_versions_compared(window) -> Page:
    thread = much_has_happened().earlier
    return admins(window, f"/admin/history/replyevent/{thread.replies.get().pk}/")


@page_of
def history_versions_of_a_specialty(window) -> Page:
    return admins(window, f"/admin/history/specialtyevent/{much_has_happened().specialty.pk}/")
