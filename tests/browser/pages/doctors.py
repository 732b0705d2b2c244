"""A doctor's application and standing, as the doctor, the admins and readers see them."""

from django.utils import timezone

from accounts.models import Application, Doctor
from forum.questions.models import Question
from tests.browser.pages.opening import ENDLESS, at_work, page_of, press, visit
from tests.browser.pages.workplace import admins
from tests.browser.scenes import full_thread, open_clinic
from tests.factories import ApplicationFactory, DoctorFactory, QuestionFactory, SpecialtyFactory, UserFactory, proof_of
from tests.pictures import jpeg

PAGE = "/accounts/doctor/"


def applied(**traits) -> Application:
    """With a photo, answered once, of somebody whose name another doctor has."""
    specialty = SpecialtyFactory(name="Nerves and Muscles")
    DoctorFactory(name="Ada Applicant", specialties=[specialty])
    application = ApplicationFactory(asked=True, specialties=[specialty])
    application.give_answer(answer=f"It is on its way.\n{ENDLESS}", specialties=[specialty])
    Application.objects.filter(pk=application.pk).update(**traits)
    proof_of(Application.objects.get(pk=application.pk), jpeg(size=(1600, 1200)), "jpg")
    return Application.objects.get(pk=application.pk)


def former() -> Question:
    """A thread whose first doctor has stopped working here since."""
    thread = full_thread(open_clinic())
    Doctor.objects.filter(pk=thread.replies.first().doctor_id).update(retired_at=timezone.now())
    return thread


@page_of
def doctor_application(window):
    SpecialtyFactory(name="Nerves", parent=SpecialtyFactory(name="Neurology"))
    return visit(window, PAGE, user=UserFactory())


@page_of
def doctor_application_with_errors(window):
    return press(doctor_application(window), "Send to the admins")


@page_of
def doctor_application_that_waits(window):
    return visit(window, PAGE, user=ApplicationFactory(number=ENDLESS[:80]).user)


@page_of
def doctor_application_with_a_question(window):
    specialty = SpecialtyFactory()
    application = ApplicationFactory(asked=True, note=f"And the back?\n{ENDLESS}", specialties=[specialty])
    return visit(window, PAGE, user=application.user)


@page_of
def doctor_application_refused(window):
    return visit(window, PAGE, user=ApplicationFactory(refused=True).user)


@page_of
def doctor_application_of_a_working_doctor(window):
    page = visit(window, PAGE, user=DoctorFactory().user)
    page.get_by_text("Stop working here").first.click()
    return page


@page_of
def doctor_application_of_a_suspended_doctor(window):
    return visit(window, PAGE, user=DoctorFactory(suspended=True).user)


@page_of
def dashboard_of_a_suspended_doctor(window):
    return visit(window, "/dashboard/", user=DoctorFactory(suspended=True, suspended_because=ENDLESS).user)


@page_of
def work_of_a_doctor_suspended_while_writing(window):
    clinic = open_clinic()
    question = QuestionFactory(specialty=clinic.specialty)
    page = at_work(visit(window, f"/dashboard/questions/{question.pk}/", user=clinic.doctor.user))
    page.locator("[name=text]").fill(f"It is harmless.\n{ENDLESS}")
    clinic.doctor.suspend(by=UserFactory(admin=True), reason="A complaint.")
    return press(page, "Publish")


@page_of
def thread_of_a_former_doctor(window):
    return visit(window, former().get_absolute_url())


@page_of
def page_of_a_former_doctor(window):
    return visit(window, former().replies.first().doctor.get_absolute_url())


@page_of
def applications_queue(window):
    applied()
    return admins(window, "/admin/accounts/application/")


@page_of
def application_to_decide(window):
    return admins(window, f"/admin/accounts/application/{applied().pk}/change/")


@page_of
def application_half_decided(window):
    page = application_to_decide(window)
    page.get_by_label("Refuse, for the reason in the note").check()
    return press(page, "Decide")


@page_of
def application_decided(window):
    application = ApplicationFactory(refused=True)
    proof_of(application)
    return admins(window, f"/admin/accounts/application/{application.pk}/change/")


@page_of
def standing_of_a_doctor(window):
    doctor = DoctorFactory(name=ENDLESS[:80])
    admin = UserFactory(admin=True)
    doctor.suspend(by=admin, reason=f"A complaint.\n{ENDLESS}")
    doctor.reinstate(by=admin, reason="It was a mix-up.")
    doctor.suspend(by=admin, reason="Another complaint.")
    return admins(window, f"/admin/doctors/{doctor.pk}/standing/")


@page_of
def standing_half_changed(window):
    return press(admins(window, f"/admin/doctors/{DoctorFactory().pk}/standing/"), "Change the standing")
