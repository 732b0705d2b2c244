"""After publishing: corrections, revisions, More Info to review."""

from datetime import date

from accounts.models import Doctor
from forum.questions.models import Question
from tests.browser.pages.opening import ENDLESS, page_of, press, visit
from tests.browser.scenes import full_thread, open_clinic
from tests.factories import ArticleFactory, QuestionFactory


def thread_and_doctor() -> tuple[Question, Doctor]:
    """A thread with everything, and the doctor of its first reply."""
    clinic = open_clinic()
    return full_thread(clinic), clinic.doctor


def correct_page(window):
    thread, doctor = thread_and_doctor()
    reply = thread.replies.get(doctor=doctor)
    return visit(window, f"/dashboard/questions/{thread.pk}/replies/{reply.pk}/correct/", user=doctor.user)


@page_of
def correct_a_reply(window):
    return correct_page(window)


@page_of
def correct_a_reply_with_errors(window):
    page = correct_page(window)
    page.locator("[name=text]").fill("")
    return press(page, "Publish the correction")


@page_of
def correct_a_reply_and_look(window):
    page = correct_page(window)
    page.locator("[name=text]").fill(f"It is harmless, says Mrs. Chen, 0912 345 678.\n\nSleep more. {ENDLESS}")
    return press(page, "Show what changes")


@page_of
def correct_a_reply_that_was_changed_meanwhile(window):
    page = correct_page(window)
    reply = Doctor.objects.get(slug="wu-mukhan").replies.order_by("-pk").first()
    reply.correct(by=reply.doctor, text="Typed in another window.", reason="wording")
    page.locator("[name=text]").fill("Typed here.")
    return press(page, "Publish the correction")


@page_of
def revisions_of_a_reply(window):
    thread, doctor = thread_and_doctor()
    reply = thread.replies.get(doctor=doctor)
    for text in (f"{reply.text} {ENDLESS}", "It is harmless.\n\nSleep more, and drink no coffee."):
        reply.correct(by=doctor, text=text, reason="unclear")
    return visit(window, f"/dashboard/questions/{thread.pk}/replies/{reply.pk}/revisions/", user=doctor.user)


@page_of
def revisions_of_an_article_that_has_one(window):
    thread, doctor = thread_and_doctor()
    return visit(window, f"/dashboard/questions/{thread.pk}/article/revisions/", user=doctor.user)


@page_of
def articles_to_review(window):
    thread, doctor = thread_and_doctor()
    endless = QuestionFactory(published=True, specialty=thread.specialty, public_title=ENDLESS)
    chinese = QuestionFactory(published=True, specialty=thread.specialty, public_title="肌肉跳動", language="zh-hant")
    ArticleFactory(question=endless, signed=True)
    ArticleFactory(question=chinese, signed=True, reviewed_on=date(2020, 1, 2))
    return visit(window, "/dashboard/articles/", user=doctor.user)


@page_of
def articles_without_a_signature(window):
    clinic = open_clinic()
    ArticleFactory(question=clinic.earlier)
    return visit(window, "/dashboard/articles/?show=unsigned", user=clinic.doctor.user)


@page_of
def articles_to_review_none(window):
    return visit(window, "/dashboard/articles/", user=open_clinic().doctor.user)


@page_of
def dashboard_with_articles_to_review(window):
    clinic = open_clinic()
    ArticleFactory(question=clinic.earlier, signed=True)
    return visit(window, "/dashboard/", user=clinic.doctor.user)


@page_of
def review_an_article(window):
    thread, doctor = thread_and_doctor()
    return visit(window, f"/dashboard/questions/{thread.pk}/article/", user=doctor.user)


@page_of
def review_an_article_with_errors(window):
    clinic = open_clinic()
    ArticleFactory(question=clinic.earlier)
    page = visit(window, f"/dashboard/questions/{clinic.earlier.pk}/article/", user=clinic.doctor.user)
    return press(page, "Sign it as it stands")


@page_of
def correct_an_article_and_look(window):
    page = review_an_article(window)
    page.get_by_text("Correct it").click()
    page.locator("[name=more_info]").fill(f"## Causes\n\n1. **Stress**: rest more, says Mrs. Chen.\n\n{ENDLESS}")
    return press(page, "Preview")


@page_of
def correct_an_article_without_signing(window):
    page = review_an_article(window)
    page.get_by_text("Correct it").click()
    page.locator("[name=sources]").fill("no address")
    return press(page, "Sign and publish")
