"""A doctor's work on one question."""

from playwright.sync_api import Page

from accounts.models import Doctor
from forum.moderation.services import claim_question
from forum.questions.models import DeclineReason, Question
from forum.replies.models import Draft
from tests.browser.pages.opening import ENDLESS, Window, at_work, page_of, press, visit
from tests.browser.pages.status import answered_question
from tests.browser.scenes import open_clinic
from tests.factories import (
    DoctorFactory,
    InfoRequestFactory,
    QuestionFactory,
    SavedReplyFactory,
    SpecialtyFactory,
    image_of,
    published_thread,
)


def work_page(window: Window, **question) -> Page:
    """A doctor's window on a question with all that a patient can say."""
    clinic = open_clinic()
    asked = QuestionFactory(
        specialty=clinic.specialty,
        duration="one week",
        medication="Ibuprofen",
        conditions="Asthma",
        seen_doctor="no",
        **question,
    )
    return visit(window, f"/dashboard/questions/{asked.pk}/", user=clinic.doctor.user)


@page_of
def work_on_an_urgent_question(window):
    clinic = open_clinic()
    question = QuestionFactory(specialty=clinic.specialty)
    question.flag(["stroke", "self_harm"])
    return visit(window, f"/dashboard/questions/{question.pk}/", user=clinic.doctor.user)


@page_of
def work_on_a_waiting_question(window):
    return work_page(window)


@page_of
def work_on_a_question_with_images(window):
    clinic = open_clinic()
    asked = QuestionFactory(specialty=clinic.specialty)
    image_of(asked, picture="teal", description="The whole arm, on Monday")
    image_of(asked, picture="maroon", description=ENDLESS[:200], public_wanted=True)
    return visit(window, f"/dashboard/questions/{asked.pk}/", user=clinic.doctor.user)


@page_of
def work_on_an_answered_question_with_images(window):
    clinic = open_clinic()
    image_of(clinic.earlier, picture="teal", public=True)
    image_of(clinic.earlier, picture="maroon", public_wanted=True)
    return visit(window, f"/dashboard/questions/{clinic.earlier.pk}/", user=clinic.doctor.user)


@page_of
def work_on_a_question_in_chinese(window):
    return work_page(window, language="zh-hant", headline="肌肉一直跳動", text="我的眼皮一直跳動。")


@page_of
def work_on_a_question_that_is_different(window):
    seen = [published_thread(public_title=title).pk for title in ("Twitching Eyelids", ENDLESS)]
    return work_page(window, similar_seen=seen, different_because="I am older than they are.")


@page_of
def work_with_errors(window):
    page = work_page(window)
    page.locator("[name=more_info]").fill("## Causes")
    page.locator("[name=sources]").fill("no address")
    return press(page, "Publish")


@page_of
def work_that_is_no_longer_open(window):
    page = at_work(work_page(window))
    page.get_by_label("Your reply").fill(ENDLESS)
    Question.objects.update(specialty=SpecialtyFactory(name="Dermatology"))
    return press(page, "Save draft")


@page_of
def work_on_words_that_have_changed(window):
    page = work_page(window)
    page.get_by_label("Public title").fill("A title")
    page.get_by_label("Your reply").fill("An answer.")
    Question.objects.update(text="It has become much worse since.")
    return press(page, "Publish")


@page_of
def work_with_the_preview(window):
    page = work_page(window)
    page.locator("[name=more_info]").fill("## Causes\n\n1. **Tiredness**: sleep more.")
    return press(page, "Save and preview More Info")


@page_of
def work_about_to_decline(window):
    page = work_page(window)
    page.get_by_text("Decline this question").click()
    return page


@page_of
def work_about_to_pass_it_on(window):
    SpecialtyFactory(name="Dermatology")
    page = work_page(window)
    page.get_by_text("Pass it on to another specialty").click()
    page.get_by_text("Ask the patient for more").click()
    return press(page, "Ask the patient")


@page_of
def work_on_what_a_colleague_holds(window):
    clinic = open_clinic()
    asked = QuestionFactory(specialty=clinic.specialty)
    claim_question(question=asked, doctor=DoctorFactory(name="Ada Lin", specialties=[clinic.specialty]))
    return visit(window, f"/dashboard/questions/{asked.pk}/", user=clinic.doctor.user)


@page_of
def work_on_a_question_that_came_back(window):
    clinic = open_clinic()
    asked = QuestionFactory(specialty=SpecialtyFactory(), text="My eyelid keeps twitching in the evening.")
    asked.transfer(by=DoctorFactory(), to=clinic.specialty, note="Rather yours than mine.")
    InfoRequestFactory(question=asked, asked_by=clinic.doctor, answered=True)
    return visit(window, f"/dashboard/questions/{asked.pk}/", user=clinic.doctor.user)


@page_of
def work_on_a_question_that_is_with_the_patient(window):
    return work_page(window, needs_info=True)


@page_of
def work_on_a_declined_question(window):
    return work_page(window, declined=True)


@page_of
def work_with_endless_words(window):
    return work_page(window, headline=ENDLESS, text=ENDLESS, pseudonym=ENDLESS[:40])


@page_of
def work_with_the_history_open(window):
    clinic = open_clinic()
    asked = QuestionFactory(specialty=clinic.specialty)
    asked.decline(by=clinic.doctor, reason=DeclineReason.EXAMINATION, note="Please see a doctor.")
    page = visit(window, f"/dashboard/questions/{asked.pk}/", user=clinic.doctor.user)
    page.get_by_text("History").click()
    return page


@page_of
def work_on_a_published_question(window):
    question = answered_question()
    return visit(window, f"/dashboard/questions/{question.pk}/", user=question.replies.get().doctor.user)


@page_of
def work_with_an_empty_answer_to_a_follow_up(window):
    question = answered_question()
    page = visit(window, f"/dashboard/questions/{question.pk}/", user=question.replies.get().doctor.user)
    return press(page, "Publish the answer")


WANTS_ALL = "My eyelid twitches. Should I worry? Can I drink coffee? Is it my muscle, or a nerve?"
NAMES_SOMEBODY = (
    "Please call Mrs. Chen on 0912 345 678. Notwithstanding considerable diagnostic uncertainty, electromyographic "
    "examination substantiates idiopathic fasciculation, characteristically self-limiting, necessitating reassurance "
    "and, where appropriate, subsequent reevaluation."
)


@page_of
def work_with_the_aids_open(window):
    clinic = open_clinic()
    SavedReplyFactory(owner=clinic.doctor, title="Tired muscles")
    SavedReplyFactory(shared=True, title=ENDLESS[:100])
    asked = QuestionFactory(specialty=clinic.specialty, text=WANTS_ALL)
    page = visit(window, f"/dashboard/questions/{asked.pk}/", user=clinic.doctor.user)
    page.get_by_text("Outline and saved replies").click()
    page.get_by_text("What the patient asks").click()
    page.locator("[name=text]").fill(NAMES_SOMEBODY)
    page.locator("#advice mark").first.wait_for()
    return page


@page_of
def work_with_questions_left_open(window):
    page = work_page(window, text=WANTS_ALL)
    page.locator("[name=public_title]").fill("Twitching")
    page.locator("[name=text]").fill("It is harmless.")
    return press(page, "Publish")


@page_of
def work_with_two_versions(window):
    page = work_page(window)
    page.locator("[name=text]").fill("Typed here.")
    Draft.objects.create(
        question=Question.objects.waiting().get(), doctor=Doctor.objects.get(slug="wu-mukhan"), text=ENDLESS
    )
    page.get_by_role("button", name="Keep mine").wait_for()
    return page


@page_of
def work_with_personal_data(window):
    page = work_page(window, headline="Mrs. Chen asks", text="Call me on 0912 345 678.")
    page.locator("[name=public_title]").fill("Twitching")
    page.locator("[name=text]").fill("It is harmless, Mrs. Chen.")
    return press(page, "Publish")


@page_of
def work_with_personal_data_in_a_follow_up(window):
    question = answered_question()
    question.follow_ups.filter(answered_at=None).update(text="Call me on 0912 345 678.")
    page = visit(window, f"/dashboard/questions/{question.pk}/", user=question.replies.get().doctor.user)
    page.locator("[name=answer]").fill("Yes, Mrs. Chen.")
    return press(page, "Publish the answer")
