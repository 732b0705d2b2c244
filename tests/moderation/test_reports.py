"""Readers report what should not stand as it does; nobody but admins learns of it."""

import pytest
from django.core.cache import caches
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from forum.archive.own_data import forget_account, own_data
from forum.moderation.models import Report
from forum.moderation.reporting import report_thing, sender_digest
from forum.moderation.things import thing_named
from tests.asking import browser, send_form
from tests.factories import (
    ArticleFactory,
    DoctorFactory,
    FollowUpFactory,
    QuestionFactory,
    ReplyFactory,
    ReportFactory,
    UserFactory,
    published_thread,
)
from tests.html import parse
from tests.people import ROLES, make_cast
from tests.races import at_once

pytestmark = pytest.mark.django_db
THANKS = "Thank you. An admin will look at it; nobody else learns of your report."


@pytest.fixture
def thread():
    """A thread with everything on it that can be reported."""
    question = published_thread(public_title="Twitching", reply__doctor__name="Wu Mukhan", reply__text="Drink lead.")
    FollowUpFactory(question=question, answered=True, text="Really?", answer="Really.")
    ArticleFactory(question=question, text="## Lead")
    return question


def anchors(question) -> list[str]:
    return ["thread", f"reply-{question.replies.get().pk}", "follow-up-1", "more-info"]


def path(question, what: str = "thread") -> str:
    return f"/questions/{question.pk}/report/?what={what}"


def send(client: Client, question, what: str = "thread", **typed: str):
    return send_form(client, path(question, what), **{"reason": "danger", **typed})


def test_every_part_of_a_thread_page_has_its_link_to_the_report(thread):
    page = parse(Client().get(thread.get_absolute_url()))

    links = [link for link in page.one("main").links() if link[0].startswith("Report")]

    bare = f"/questions/{thread.pk}/report/"
    reply = f"reply-{thread.replies.get().pk}"
    assert links == [
        ("Report this reply", f"{bare}?what={reply}"),
        ("Report this follow-up", f"{bare}?what=follow-up-1"),
        ("Report this article", f"{bare}?what=more-info"),
        ("Report this page", bare),
    ]
    assert [len(page.all(id=anchor)) for anchor in ("follow-up-1", "more-info", reply)] == [1, 1, 1]


def test_the_form_shows_what_is_reported(thread):
    names = [parse(Client().get(path(thread, what))).one(id="reported").text for what in anchors(thread)]

    assert names == [f"What you report: {n}" for n in ("Thread", "Reply by Dr. Wu Mukhan", "Follow-up", "More Info")]
    assert "Drink lead." in parse(Client().get(path(thread, anchors(thread)[1]))).one("blockquote").text


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("role", ["visitor", "other_patient", "doctor", "admin"])
def test_any_reader_reports_any_part(thread, role, place):
    client = make_cast().browser(role, enforce_csrf_checks=True)
    what = anchors(thread)[place]

    response = send(client, thread, what, words="It kills.", email="eve@example.org")

    report = Report.objects.get()
    assert (report.question, report.what, report.reason, report.words) == (thread, what, "danger", "It kills.")
    assert (report.email, report.urgent, report.outcome) == ("eve@example.org", True, "")
    assert response["Location"] == thread.get_absolute_url()
    assert parse(client.get(response["Location"])).one(class_="messages").text == THANKS


def test_a_report_without_words_and_address_is_one_too(thread):
    send(browser(), thread, reason="copyright")

    report = Report.objects.get()
    assert (report.reason, report.words, report.email, report.urgent) == ("copyright", "", "", False)


def test_the_same_report_again_is_thanked_for_and_changes_nothing(thread):
    reader = browser()
    send(reader, thread, words="First")
    before = list(Report.objects.values())

    again = send(reader, thread, words="Second", email="late@example.org")

    assert list(Report.objects.values()) == before
    assert parse(reader.get(again["Location"])).one(class_="messages").text == THANKS


def test_another_part_another_reader_and_a_later_time_make_another_report(thread):
    reader = browser()
    send(reader, thread)
    send(reader, thread, "more-info")
    send(browser(), thread)
    admin = UserFactory(admin=True)
    Report.objects.update(outcome="keep", ground="other", decided_at=timezone.now(), decided_by=admin)
    send(reader, thread)

    assert sorted(Report.objects.values_list("what", flat=True)) == ["more-info", "thread", "thread", "thread"]


@pytest.mark.django_db(transaction=True)
def test_of_the_same_report_sent_twice_at_once_one_is_kept(thread):
    thing = thing_named(thread, "thread")
    given = {"thing": thing, "sender": sender_digest("browser:x", thing), "reason": "danger"}

    taken = at_once(*[lambda: report_thing(**given)] * 4)

    assert sorted(taken) == [False, False, False, True]
    assert Report.objects.count() == 1


def test_nothing_kept_of_a_reporter_ties_two_reports_together(thread):
    patient = UserFactory()
    client = browser()
    client.force_login(patient)
    send(client, thread)
    send(client, thread, "more-info")

    first, second = Report.objects.values("sender", "email", "claimed_by", "decided_by")

    assert first["sender"] != second["sender"]
    assert [{**row, "sender": ""} for row in (first, second)] == [
        {"sender": "", "email": "", "claimed_by": None, "decided_by": None}
    ] * 2


@pytest.mark.parametrize("state", ["waiting", "needs_info", "declined", "withdrawn", "hidden", "merged"])
def test_what_is_not_public_is_reported_as_little_as_what_never_was(state):
    question = QuestionFactory(**({} if state == "waiting" else {state: True}))
    never = Client().get("/questions/987654321/report/")

    answers = [Client().get(path(question)), Client().post(path(question), {"reason": "danger"})]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == never.content
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    "what",
    [
        "",
        "x",
        "reply",
        "reply-0",
        "reply-x",
        "reply-987654321",
        "reply-" + "9" * 30,
        "follow-up-2",
        "follow-up-0",
        "%00",
    ],
)
def test_what_names_nothing_is_not_found(thread, what):
    assert Client().get(path(thread, what)).status_code == 404


def test_a_reply_of_another_thread_an_unanswered_follow_up_and_what_is_hidden_are_not_found(thread):
    other = ReplyFactory()
    FollowUpFactory(question=thread)
    admin = UserFactory(admin=True)
    reply = ReplyFactory(question=thread)
    for part in (thread.article, reply):
        part.hide(by=admin, reason="danger")

    named = [f"reply-{other.pk}", "follow-up-2", "more-info", f"reply-{reply.pk}"]

    assert [Client().get(path(thread, what)).status_code for what in named] == [404] * 4


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "x"}, "reason"),
        ({"email": "x"}, "email"),
        ({"words": "x" * 2001}, "words"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_typed_is_lost(thread, typed, field):
    response = send(browser(), thread, **{"words": "My words", **typed})

    page = parse(response)
    assert (response.status_code, Report.objects.count()) == (422, 0)
    assert page.one(class_="error-summary").links()[0][1].startswith(f"#id_{field}")
    assert page.one("textarea", name="words").text == typed.get("words", "My words")


def test_programs_that_fill_in_every_field_are_caught(thread):
    response = send(browser(), thread, website="https://spam.example")

    assert (response.status_code, Report.objects.count()) == (422, 0)
    assert "This field is a trap for programs" in parse(response).one("main").text


def test_many_reports_from_one_address_have_to_wait_and_are_not_lost(thread, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "report_address": "2/h/key"}
    caches["default"].clear()
    reader = browser()
    for what in anchors(thread)[:2]:
        send(reader, thread, what)

    refused = send(reader, thread, "more-info", words="Still here")
    repeated = send(reader, thread)

    assert (refused.status_code, refused["Retry-After"], Report.objects.count()) == (429, "3600", 2)
    assert parse(refused).one("textarea", name="words").text == "Still here"
    assert repeated.status_code == 302


def test_a_form_from_elsewhere_is_refused(thread):
    assert browser().post(path(thread), {"reason": "danger"}).status_code == 403
    assert Report.objects.count() == 0


def test_the_form_is_for_no_cache_and_no_search_engine(thread):
    response = Client().get(path(thread))

    assert (response["X-Robots-Tag"], "no-store" in response["Cache-Control"]) == ("noindex", True)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_nobody_else_sees_that_there_was_a_report(role):
    cast = make_cast()
    question = published_thread(
        specialty=cast.specialty, asker=cast.users["asker"], reply__doctor=cast.users["doctor"].doctor_profile
    )
    addresses = [question.get_absolute_url(), "/", f"/questions/{question.pk}/report/", "/dashboard/"]
    addresses += [f"/dashboard/questions/{question.pk}/", f"/my/questions/{question.pk}/", "/my/questions/"]
    words = ["zebrawords", "eve@example.org", "Kept after", "offensive"]

    ReportFactory(question=question, words="zebrawords", email="eve@example.org", reason="offensive")
    question.decisions.create(act="keep", by=UserFactory(admin=True), reason="offensive")
    client = cast.browser(role)
    seen = {address: client.get(address).content.decode() for address in addresses}

    form = seen.pop(f"/questions/{question.pk}/report/")
    assert [(address, word) for address, page in seen.items() for word in words if word in page] == []
    assert [word for word in words[:3] if word in form] == []


def test_a_title_that_says_report_does_not_stand_in_the_way():
    question = published_thread(public_title="Report!")

    assert question.get_absolute_url() == f"/questions/{question.pk}/thread/"
    assert Client().get(question.get_absolute_url()).status_code == 200


def test_an_address_is_forgotten_where_its_owner_asks_and_where_it_has_served():
    ReportFactory(email="Eve@example.org", decided=True)
    ReportFactory(email="eve@example.org")
    other = ReportFactory(email="other@example.org", decided=True)

    assert Report.objects.forget_address(" eve@EXAMPLE.org") == 2
    other.forget_reporter_told()

    assert list(Report.objects.values_list("email", flat=True)) == [""] * 3


# What is always true


@pytest.mark.parametrize(
    "fields",
    [
        {"what": "everything"},
        {"what": "reply-0"},
        {"reason": "dislike"},
        {"outcome": "keep"},
        {"outcome": "burn", "decided": True},
        {"ground": "other"},
        {"claimed_at": timezone.now()},
        {"decided_at": timezone.now()},
    ],
)
def test_the_database_keeps_no_half_report(fields):
    with pytest.raises(IntegrityError, match="report_"), transaction.atomic():
        ReportFactory(**fields)


def test_the_doctor_is_who_answers_for_the_thing():
    doctor, archived = DoctorFactory(), DoctorFactory(archived=True)
    question = published_thread(reply__doctor=archived)
    signed = ArticleFactory(question=question, signed=True)
    FollowUpFactory(question=question, answered=True, answered_by=doctor)
    reply = question.replies.get()

    assert thing_named(question, "thread").doctor is None
    assert thing_named(question, f"reply-{reply.pk}").doctor is None
    assert thing_named(question, "more-info").doctor == signed.signed_by
    assert thing_named(question, "follow-up-1").doctor == doctor


def test_neither_the_export_nor_what_stays_of_an_account_tells_of_reports():
    patient = UserFactory(email="eve@example.org")
    question = published_thread(asker=patient)
    question.decisions.create(act="keep", by=UserFactory(admin=True), reason="offensive")
    ReportFactory(question=question, words="zebrawords", email="eve@example.org")

    taken_along = str(own_data(patient))
    forget_account(patient)

    assert [word for word in ("keep", "offensive", "zebrawords") if word in taken_along] == []
    assert Report.objects.get().email == ""
