"""The asker's own pages."""

from playwright.sync_api import Page

from forum.moderation.services import claim_question
from forum.questions.models import DeclineReason, Question, State
from tests.browser.pages.asking import with_images
from tests.browser.pages.opening import ENDLESS, TOKEN, Window, page_of, press, visit
from tests.browser.scenes import open_clinic
from tests.factories import (
    DoctorFactory,
    FollowUpFactory,
    QuestionFactory,
    RemovalRequestFactory,
    SpecialtyFactory,
    UnclearFactory,
    UserFactory,
    image_of,
    published_thread,
)


def status_page(window: Window, **question) -> Page:
    QuestionFactory(token=TOKEN, **question)
    return visit(window, f"/status/{TOKEN}/")


@page_of
def status_waiting(window):
    return status_page(window)


@page_of
def change_my_question(window):
    status_page(window, medication="Ibuprofen", age_band="30-39")
    return visit(window, f"/status/{TOKEN}/edit/")


@page_of
def status_with_emergency_advice(window):
    QuestionFactory(token=TOKEN).flag(["stroke", "self_harm", "infant_fever"])
    return visit(window, f"/status/{TOKEN}/")


@page_of
def status_transferred(window):
    asked = QuestionFactory(token=TOKEN)
    asked.transfer(by=DoctorFactory(), to=SpecialtyFactory(name="Dermatology"), note="For the next doctor.")
    return visit(window, f"/status/{TOKEN}/")


@page_of
def status_asked_for_more(window):
    return status_page(window, needs_info=True)


@page_of
def status_asked_for_more_with_images(window):
    question = QuestionFactory(token=TOKEN, needs_info=True)
    image_of(question, picture="teal", description=ENDLESS[:200])
    image_of(question, picture="maroon", public_wanted=True)
    page = visit(window, f"/status/{TOKEN}/")
    return press(with_images(page, ("olive", "")), "Send my answer")


@page_of
def status_answered_with_a_public_image(window):
    image_of(answered_question(), public=True)
    return visit(window, f"/status/{TOKEN}/")


@page_of
def status_asked_for_more_with_errors(window):
    return press(status_asked_for_more(window), "Send my answer")


@page_of
def status_waiting_again(window):
    return press(answer_typed(status_asked_for_more(window)), "Send my answer")


def answer_typed(page: Page) -> Page:
    page.locator("[name=text]").fill("Since March.")
    return page


@page_of
def status_declined(window):
    return status_page(window, declined=True, decline_note="Please have it looked at.")


@page_of
def status_declined_as_an_emergency(window):
    return status_page(window, declined=True, decline_reason=DeclineReason.EMERGENCY)


@page_of
def status_withdrawn(window):
    return status_page(window, withdrawn=True)


@page_of
def status_hidden(window):
    return status_page(window, hidden=True)


@page_of
def status_merged(window):
    earlier = open_clinic().earlier
    return status_page(window, state=State.MERGED, merged_into=earlier)


def answered_question() -> Question:
    """Answered, with one follow-up answered and one waiting."""
    clinic = open_clinic()
    question = published_thread(specialty=clinic.specialty, token=TOKEN, reply__doctor=clinic.doctor)
    FollowUpFactory(question=question, answered=True, answered_by=clinic.doctor)
    FollowUpFactory(question=question)
    return question


@page_of
def status_answered(window):
    answered_question()
    return visit(window, f"/status/{TOKEN}/")


@page_of
def status_answered_and_helped(window):
    answered_question()
    return press(visit(window, f"/status/{TOKEN}/"), "This helped me")


@page_of
def status_in_work(window):
    question = QuestionFactory(token=TOKEN)
    claim_question(question=question, doctor=DoctorFactory())
    page = visit(window, f"/status/{TOKEN}/")
    page.get_by_text("Withdraw my question").click()
    return page


@page_of
def status_with_unclear_points(window):
    reply = answered_question().replies.get()
    UnclearFactory(reply=reply, text=ENDLESS)
    page = visit(window, f"/status/{TOKEN}/")
    page.get_by_text("Say what is unclear").click()
    return press(page, "Tell the doctor")


@page_of
def status_with_removal_errors(window):
    answered_question()
    page = visit(window, f"/status/{TOKEN}/")
    page.get_by_text("Ask for one of them").click()
    return press(page, "Send the request")


@page_of
def status_with_removal_asked(window):
    RemovalRequestFactory(question=answered_question(), words=ENDLESS, anonymise=True)
    return visit(window, f"/status/{TOKEN}/")


@page_of
def status_with_removal_refused(window):
    RemovalRequestFactory(question=answered_question(), refused=True, note=ENDLESS)
    return visit(window, f"/status/{TOKEN}/")


@page_of
def status_with_errors(window):
    answered_question()
    return press(visit(window, f"/status/{TOKEN}/"), "Send")


@page_of
def status_with_personal_data(window):
    answered_question()
    page = window()
    page.route("**/ask/check/personal/", lambda route: route.abort())
    page.goto(f"/status/{TOKEN}/")
    page.locator("[name=text]").fill("I am 34. Call me on 0912 345 678.")
    return press(page, "Send")


@page_of
def my_questions(window):
    patient = UserFactory()
    QuestionFactory(asker=patient)
    QuestionFactory(asker=patient, declined=True)
    return visit(window, "/my/questions/", user=patient)


@page_of
def my_questions_empty(window):
    return visit(window, "/my/questions/", user=UserFactory())


@page_of
def my_question(window):
    question = QuestionFactory(asker=UserFactory())
    return visit(window, f"/my/questions/{question.pk}/", user=question.asker)
