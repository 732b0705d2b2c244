"""What doctors do with the work of colleagues: second opinions, and a look before publishing."""

from accounts.models import Doctor
from forum.questions.models import Question
from forum.replies.models import Draft
from tests.browser.pages.opening import ENDLESS, Window, page_of, press, visit
from tests.browser.scenes import Clinic, full_thread, open_clinic
from tests.factories import (
    AgreementFactory,
    DoctorFactory,
    InfoRequestFactory,
    LookRequestFactory,
    QuestionFactory,
    SpecialtyFactory,
)


def skin_doctor(**fields):
    """A colleague of another specialty."""
    return DoctorFactory(name="Ada Lin", specialties=[SpecialtyFactory(name="Dermatology")], **fields)


def opinion_page(window: Window, *, agreed: bool = False):
    thread, doctor = full_thread(open_clinic()), skin_doctor()
    if agreed:
        for who in (doctor, DoctorFactory(name="Lee Other"), DoctorFactory(name=ENDLESS)):
            AgreementFactory(reply=thread.replies.first(), doctor=who)
    return visit(window, f"/dashboard/questions/{thread.pk}/opinion/", user=doctor.user)


@page_of
def second_opinion(window):
    return opinion_page(window)


@page_of
def second_opinion_of_one_who_agrees(window):
    return opinion_page(window, agreed=True)


@page_of
def second_opinion_with_errors(window):
    return press(opinion_page(window), "Publish")


@page_of
def second_opinion_with_two_versions(window):
    page = opinion_page(window)
    page.locator("[name=text]").fill("Typed here.")
    thread = Question.objects.published().latest("pk")
    Draft.objects.create(question=thread, doctor=Doctor.objects.get(name="Ada Lin"), text=ENDLESS)
    page.get_by_role("button", name="Keep mine").wait_for()
    return page


@page_of
def second_opinion_of_one_who_replied(window):
    thread = full_thread(open_clinic())
    user = thread.replies.first().doctor.user
    return visit(window, f"/dashboard/questions/{thread.pk}/opinion/", user=user)


@page_of
def thread_with_agreements(window):
    thread = full_thread(open_clinic())
    for name in ("Ada Lin", "Lee Other", ENDLESS):
        AgreementFactory(reply=thread.replies.first(), doctor__name=name)
    return visit(window, thread.get_absolute_url(), user=skin_doctor(slug="skin").user)


def asked_to_look(clinic: Clinic, **fields):
    asked = QuestionFactory(specialty=clinic.specialty, duration="one week", medication="Ibuprofen")
    Draft.objects.create(
        question=asked,
        doctor=clinic.doctor,
        public_title="Twitching Eyelids at Night",
        text="It is most likely harmless.\n\nSleep more, and drink less coffee.",
        more_info="## Causes\n\n1. **Tiredness**: sleep more.",
        sources="MedlinePlus https://medlineplus.gov/",
    )
    return LookRequestFactory(question=asked, asked_by=clinic.doctor, colleague=skin_doctor(), **fields)


@page_of
def work_about_to_ask_a_colleague(window):
    clinic = open_clinic()
    skin_doctor()
    DoctorFactory(name=ENDLESS, specialties=[clinic.specialty])
    asked = QuestionFactory(specialty=clinic.specialty)
    page = visit(window, f"/dashboard/questions/{asked.pk}/", user=clinic.doctor.user)
    page.get_by_text("Ask a colleague to look").click()
    return press(page, "Save and ask")


@page_of
def work_with_the_words_of_colleagues(window):
    clinic = open_clinic()
    look = asked_to_look(clinic, answered=True)
    here = {"question": look.question, "asked_by": clinic.doctor}
    LookRequestFactory(**here, colleague__name=ENDLESS, fine=True, answer=ENDLESS)
    LookRequestFactory(**here, colleague__name="Lee Other")
    return visit(window, f"/dashboard/questions/{look.question_id}/", user=clinic.doctor.user)


@page_of
def dashboard_of_one_who_was_asked_to_look(window):
    look = asked_to_look(open_clinic(), note=ENDLESS)
    return visit(window, "/dashboard/", user=look.colleague.user)


@page_of
def look_at_question(window):
    look = asked_to_look(open_clinic())
    InfoRequestFactory(question=look.question, asked_by=look.asked_by, answered=True)
    return visit(window, f"/dashboard/looks/{look.pk}/", user=look.colleague.user)


@page_of
def look_at_question_without_a_draft(window):
    look = LookRequestFactory(answered=True, note=ENDLESS, question__text=ENDLESS)
    return visit(window, f"/dashboard/looks/{look.pk}/", user=look.colleague.user)


@page_of
def look_at_question_with_errors(window):
    return press(look_at_question(window), "Send the comment")


@page_of
def look_at_question_too_late(window):
    page = look_at_question(window)
    page.locator("[name=answer]").fill("Typed for ten minutes.")
    Question.objects.waiting().get().withdraw(by=None)
    return press(page, "Send the comment")
