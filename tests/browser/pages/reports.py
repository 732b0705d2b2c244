"""Reporting, and the admins' queue of reports."""

from django.utils import timezone

from forum.moderation.models import Report
from forum.questions.models import Question, RemovalRequest
from tests.browser.pages.opening import ENDLESS, page_of, press, visit
from tests.browser.pages.workplace import admins
from tests.browser.scenes import full_thread, open_clinic
from tests.factories import CorrectionFactory, RemovalRequestFactory, ReportFactory, UnclearFactory, UserFactory


def reported() -> Report:
    """A report on a reply, another one on the same, one on the thread."""
    thread = full_thread(open_clinic())
    what = f"reply-{thread.replies.first().pk}"
    ReportFactory(question=thread, reason="copyright", words=ENDLESS)
    ReportFactory(question=thread, what=what, reason="offensive", words="Rather rude, too.")
    return ReportFactory(
        question=thread, what=what, reason="danger", words="Coffee is not the cause.\nIt is dangerous."
    )


@page_of
def report(window):
    thread = full_thread(open_clinic())
    return visit(window, f"/questions/{thread.pk}/report/?what=reply-{thread.replies.first().pk}")


@page_of
def report_with_errors(window):
    return press(report(window), "Send the report")


@page_of
def thread_after_a_report(window):
    page = report(window)
    page.get_by_label("Wrong or dangerous advice").check()
    return press(page, "Send the report")


@page_of
def reports_queue(window):
    reported()
    return admins(window, "/admin/moderation/report/")


@page_of
def reports_about_to_be_hidden(window):
    reported()
    page = admins(window, "/admin/moderation/report/")
    for box in page.locator("[name=_selected_action]").all():
        box.check()
    page.locator("[name=action]").select_option("hide_chosen")
    with page.expect_navigation():
        page.get_by_role("button", name="Run").or_(page.get_by_role("button", name="Go")).click()
    return page


@page_of
def report_to_decide(window):
    return admins(window, f"/admin/moderation/report/{reported().pk}/change/")


@page_of
def report_half_decided(window):
    page = report_to_decide(window)
    return press(page, "Decide")


@page_of
def report_decided(window):
    report = reported()
    admin = UserFactory(admin=True)
    report.question.replies.first().hide(by=admin, reason="danger")
    decided = {"outcome": "hide", "ground": "danger", "decided_at": timezone.now(), "decided_by": admin}
    Report.objects.filter(pk=report.pk).update(**decided, note="Not the cause.")
    return admins(window, f"/admin/moderation/report/{report.pk}/change/")


def wanted_gone() -> RemovalRequest:
    """Of a thread in which something tells whose it is, refused once before."""
    thread = full_thread(open_clinic())
    Question.objects.filter(pk=thread.pk).update(text=f"I am 34. Call 0912 345 678. {ENDLESS}")
    RemovalRequestFactory(question=thread, refused=True)
    return RemovalRequestFactory(question=thread, anonymise=True, words=ENDLESS)


@page_of
def removal_requests_queue(window):
    wanted_gone()
    return admins(window, "/admin/questions/removalrequest/")


@page_of
def removal_request_to_decide(window):
    page = admins(window, f"/admin/questions/removalrequest/{wanted_gone().pk}/change/")
    page.get_by_label("Refuse it, with a reason").check()
    return press(page, "Decide")


@page_of
def removal_request_decided(window):
    wanted_gone()
    refused = RemovalRequest.objects.get(outcome="refused")
    return admins(window, f"/admin/questions/removalrequest/{refused.pk}/change/")


@page_of
def work_with_unclear_points(window):
    clinic = open_clinic()
    UnclearFactory(reply=clinic.earlier.replies.first(), text=ENDLESS)
    return visit(window, f"/dashboard/questions/{clinic.earlier.pk}/", user=clinic.doctor.user)


@page_of
def dashboard_with_corrections(window):
    clinic = open_clinic()
    CorrectionFactory(question=clinic.earlier, doctor=clinic.doctor, what="thread")
    CorrectionFactory(question=full_thread(clinic), doctor=clinic.doctor, note=ENDLESS, what="more-info")
    return visit(window, "/dashboard/", user=clinic.doctor.user)
