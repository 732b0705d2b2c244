"""The queue and the saved replies."""

from datetime import timedelta

from django.utils import timezone

from forum.moderation.services import claim_question
from forum.replies.models import Draft
from tests.browser.pages.opening import ENDLESS, page_of, press, visit
from tests.browser.scenes import open_clinic
from tests.factories import (
    DoctorFactory,
    FollowUpFactory,
    InfoRequestFactory,
    QuestionFactory,
    SavedReplyFactory,
    SpecialtyFactory,
    UserFactory,
)


@page_of
def dashboard(window):
    clinic = open_clinic()
    drafted = QuestionFactory(specialty=clinic.specialty)
    QuestionFactory(specialty=clinic.specialty, language="zh-hant", headline="肌肉一直跳動")
    Draft.objects.create(question=drafted, doctor=clinic.doctor, text="Begun")
    FollowUpFactory(question=clinic.earlier)
    return visit(window, "/dashboard/?specialty=neurology", user=clinic.doctor.user)


@page_of
def dashboard_with_every_mark(window):
    clinic = open_clinic()
    colleague = DoctorFactory(name="Ada Lin", specialties=[clinic.specialty])
    ask = {"specialty": clinic.specialty}
    waited = [QuestionFactory(**ask, created_at=timezone.now() - timedelta(hours=hours)) for hours in (90, 30, 20, 1)]
    for question, holder in zip(waited, (colleague, clinic.doctor), strict=False):
        claim_question(question=question, doctor=holder)
    InfoRequestFactory(question=waited[2], asked_by=clinic.doctor, answered=True)
    waited[3].flag(["stroke", "self_harm"])
    waited[3].transfer(by=colleague, to=SpecialtyFactory(parent=clinic.specialty))
    return visit(window, "/dashboard/", user=clinic.doctor.user)


@page_of
def dashboard_with_the_keys_shown(window):
    page = dashboard(window)
    page.get_by_role("button", name="Keyboard").click()
    return page


@page_of
def dashboard_narrowed_to_nothing(window):
    return visit(window, "/dashboard/?show=mine&q=eye", user=open_clinic().doctor.user)


@page_of
def dashboard_with_endless_words(window):
    clinic = open_clinic()
    QuestionFactory(specialty=clinic.specialty, headline=ENDLESS)
    FollowUpFactory(question=clinic.earlier, text=ENDLESS)
    return visit(window, "/dashboard/", user=clinic.doctor.user)


@page_of
def dashboard_empty(window):
    return visit(window, "/dashboard/", user=open_clinic().doctor.user)


@page_of
def dashboard_for_a_patient(window):
    return visit(window, "/dashboard/", user=UserFactory())


@page_of
def saved_replies(window):
    clinic = open_clinic()
    SavedReplyFactory(owner=clinic.doctor, title="Tired muscles")
    SavedReplyFactory(owner=clinic.doctor, title=ENDLESS[:100], text=ENDLESS)
    SavedReplyFactory(shared=True, title="疲勞", text="{name}您好：", language="zh-hant")
    page = visit(window, "/dashboard/saved-replies/", user=clinic.doctor.user)
    page.get_by_text("Tired muscles").click()
    return page


@page_of
def saved_replies_with_errors(window):
    page = visit(window, "/dashboard/saved-replies/", user=open_clinic().doctor.user)
    return press(page, "Add")


@page_of
def edit_saved_reply(window):
    saved = SavedReplyFactory()
    return visit(window, f"/dashboard/saved-replies/{saved.pk}/", user=saved.owner.user)
