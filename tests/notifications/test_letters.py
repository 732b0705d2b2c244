"""One mail to an address that nothing else knows: sent like any other, and forgotten."""

import pytest
from django.db import IntegrityError

from forum.archive.own_data import forget_account
from forum.moderation.models import Report
from forum.moderation.reporting import decide_report
from forum.notifications.keeping import forget_person
from forum.notifications.models import Kind, Notice
from forum.notifications.services import send_letter
from tests.factories import DoctorFactory, NoticeFactory, QuestionFactory, ReportFactory, UserFactory, published_thread
from tests.notifications.post import AwayMail, RefusingMail, break_mail, make_all_due, told, worker_comes

pytestmark = pytest.mark.django_db
EVE = "eve@example.net"
SAID = {
    "keep": "decided that what you reported stays as it is.",
    "correct": "asked for a correction of what you reported.",
    "hide": "taken what you reported off the site.",
    "remove": "taken what you reported off the site.",
}


def addresses() -> list[str]:
    return list(Notice.objects.values_list("email", flat=True))


@pytest.mark.parametrize("outcome", SAID)
def test_a_reporter_who_left_an_address_hears_the_outcome_once_and_is_forgotten(mailoutbox, outcome):
    question = published_thread(public_title="Twitching", reply__doctor=DoctorFactory(name="Wu Mukhan"))
    report = ReportFactory(question=question, email=EVE)
    ReportFactory(question=question)
    decision = {"outcome": outcome, "ground": "danger", "note": "Ten times too much."}

    for _time in range(2):
        decide_report(report=report, by=UserFactory(admin=True), **decision)
    make_all_due()
    worker_comes()
    worker_comes()

    (mail,) = [mail for mail in mailoutbox if mail.to == [EVE]]
    assert SAID[outcome] in mail.body
    assert [word for word in ("Twitching", "Wu Mukhan", "Ten times", "http") if word in mail.body] == []
    report.refresh_from_db()
    assert (report.email, [each for each in addresses() if each]) == ("", [])


def test_what_the_mail_server_does_not_take_is_tried_again(mailoutbox, settings):
    working = settings.EMAIL_BACKEND
    send_letter(EVE, Kind.REPORT_KEPT)
    break_mail(settings, AwayMail)
    worker_comes()
    waiting = (told(), addresses())

    settings.EMAIL_BACKEND = working
    make_all_due()
    worker_comes()

    assert waiting == ([("report_kept", "due")], [EVE])
    assert ([mail.to for mail in mailoutbox], told(), addresses()) == ([[EVE]], [("report_kept", "sent")], [""])


def test_what_is_refused_for_good_can_be_tried_again_by_an_admin(mailoutbox, settings):
    working = settings.EMAIL_BACKEND
    send_letter(EVE, Kind.REPORT_KEPT)
    break_mail(settings, RefusingMail)
    worker_comes()
    given_up = told()

    settings.EMAIL_BACKEND = working
    Notice.objects.get().try_again()
    worker_comes()

    assert (given_up, told()) == ([("report_kept", "given_up")], [("report_kept", "sent")])


def test_whoever_deletes_the_account_gets_no_letter_any_more(mailoutbox):
    patient = UserFactory(email=EVE)
    send_letter(EVE.upper(), Kind.REPORT_KEPT)
    send_letter("other@example.net", Kind.REPORT_KEPT)

    forget_person(user=patient)

    assert addresses() == ["other@example.net"]


@pytest.mark.parametrize("fields", [{"kind": Kind.ANSWERED, "email": EVE}, {"kind": Kind.REPORT_KEPT, "email": EVE}])
def test_an_address_stands_in_letters_alone_which_lead_to_nobody(fields):
    with pytest.raises(IntegrityError):
        NoticeFactory(question=QuestionFactory(published=True, asker=UserFactory()), **fields)


@pytest.mark.parametrize("outcome", SAID)
def test_a_reporter_who_had_signed_in_finds_the_outcome_under_news_once(client, mailoutbox, outcome):
    question = published_thread(public_title="Twitching", reply__doctor=DoctorFactory(name="Wu Mukhan"))
    reporter = UserFactory()
    client.force_login(reporter)
    client.post(f"/questions/{question.pk}/report/", {"reason": "danger", "words": "Lead kills."})
    report = Report.objects.get()
    known = report.reporter

    for _time in range(2):
        decide_report(report=report, by=UserFactory(admin=True), outcome=outcome, ground="danger", note="Too much.")
    make_all_due()
    worker_comes()

    page = client.get("/accounts/news/").content.decode()
    assert (known, Report.objects.get().reporter) == (reporter, None)
    assert [mail for mail in mailoutbox if mail.to == [reporter.email]] == []
    assert page.count("An admin has looked at your report: ") == 1
    assert [word for word in ("Twitching", "Wu Mukhan", "Too much.") if word in page] == []


def test_a_reporter_who_left_an_address_as_well_is_told_there_alone(client, mailoutbox):
    question, reporter = published_thread(), UserFactory()
    client.force_login(reporter)
    client.post(f"/questions/{question.pk}/report/", {"reason": "danger", "email": EVE})

    decide_report(report=Report.objects.get(), by=UserFactory(admin=True), outcome="keep", ground="danger")
    worker_comes()

    assert [mail.to for mail in mailoutbox] == [[EVE]]
    assert Notice.objects.filter(user=reporter).count() == 0


def test_an_account_that_is_deleted_is_forgotten_by_its_reports():
    reporter = UserFactory()
    report = ReportFactory(question=published_thread(), reporter=reporter)

    forget_account(reporter)

    report.refresh_from_db()
    assert (report.reporter, report.is_open) == (None, True)
