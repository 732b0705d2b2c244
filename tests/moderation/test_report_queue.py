"""The admins' queue of reports, in the admin site."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from forum.moderation.models import Report
from forum.questions.models import Question
from tests.factories import ArticleFactory, FollowUpFactory, ReportFactory, UserFactory, published_thread
from tests.html import parse
from tests.moderation.desk import decisions

pytestmark = pytest.mark.django_db
LIST = "/admin/moderation/report/"


@pytest.fixture
def admin():
    return UserFactory(admin=True)


@pytest.fixture
def browser(admin):
    client = Client()
    client.force_login(admin)
    return client


def address(report: Report) -> str:
    return f"{LIST}{report.pk}/change/"


def press(browser, report: Report, act: str, **typed):
    return browser.post(address(report), {"act": act, **typed}, follow=True)


def rows(browser, query: str = "") -> list[str]:
    """The report ids in the list, in order."""
    page = parse(browser.get(f"{LIST}{query}"))
    return [int(box.attrs["value"]) for box in page.all("input", name="_selected_action")]


def test_open_reports_stand_urgent_and_oldest_first(browser):
    now = timezone.now()
    made = [("other", 3), ("danger", 1), ("personal_data", 2), ("copyright", 5), ("danger", 0)]
    reports = [ReportFactory(reason=reason, reported_at=now - timedelta(days=days)) for reason, days in made]
    ReportFactory(decided=True)

    assert rows(browser) == [reports[place].pk for place in (2, 1, 4, 3, 0)]


def test_a_row_tells_what_why_how_often_and_who_is_at_it(browser, admin):
    question = published_thread(public_title="Twitching", reply__doctor__name="Wu Mukhan")
    what = f"reply-{question.replies.get().pk}"
    ReportFactory(question=question, what=what, reason="danger", words="Lead kills.", claimed=True, claimed_by=admin)
    ReportFactory(question=question, what=what)
    ReportFactory(question=question)

    row = parse(browser.get(LIST)).one(id="result_list").one("tbody").all("tr")[0]

    assert row.one(class_="field-about").text == "Reply by Dr. Wu MukhanTwitching"
    assert row.one(class_="field-said").text == "Wrong or dangerous adviceLead kills."
    assert row.one(class_="field-number").text == "2"
    assert row.one(class_="field-held").text.startswith(f"{admin}, ")


def test_the_list_asks_the_same_however_long_it_is(browser, django_assert_num_queries):
    for number in (1, 30):
        for _ in range(number):
            question = published_thread()
            FollowUpFactory(question=question, answered=True)
            ArticleFactory(question=question)
            for what in ("thread", "more-info", "follow-up-1", f"reply-{question.replies.get().pk}"):
                ReportFactory(question=question, what=what)
        with django_assert_num_queries(7):
            browser.get(LIST)


def test_decided_ones_are_found_under_their_decision(browser):
    report = ReportFactory(decided=True)

    assert (rows(browser), rows(browser, "?outcome=hide"), rows(browser, "?outcome=keep")) == ([], [], [report.pk])


def test_the_screen_shows_the_thing_in_its_context(browser):
    question = published_thread(public_title="Twitching", text="It twitches.", reply__text="Drink lead.")
    what = f"reply-{question.replies.get().pk}"
    report = ReportFactory(question=question, what=what, reason="danger", words="Lead kills.", email="e@example.org")
    ReportFactory(question=question, what=what, reason="offensive", words="And it is rude.")

    response = browser.get(address(report))
    content = parse(response).one(id="content")

    for words in ("Drink lead.", "It twitches.", "Lead kills.", "And it is rude.", "Wrong or dangerous advice"):
        assert words in content.text
    assert ("See it on the site", f"{question.get_absolute_url()}#{what}") in content.links()
    assert "e@example.org" not in response.content.decode()
    assert parse(response).all("style") == []


def test_opening_changes_nothing(browser):
    report = ReportFactory()
    before = Report.objects.values().get()

    browser.get(LIST)
    browser.get(address(report))

    assert Report.objects.values().get() == before


def test_an_admin_claims_releases_and_decides(browser, admin):
    question = published_thread()
    report = ReportFactory(question=question, reason="danger")

    press(browser, report, "claim")
    held = Report.objects.get().claimed_by
    press(browser, report, "release")
    free = Report.objects.get().claimed_by
    answer = press(browser, report, "decide", outcome="hide", ground="danger", note="Lead kills.")

    assert (held, free, Report.objects.get().outcome) == (admin, None, "hide")
    assert parse(answer).texts("li", class_="success") == ["Decided."]
    assert decisions(question) == [("hide", admin.pk, "published", "hidden", "danger")]


def test_what_was_hidden_is_restored_from_its_report(browser):
    question = published_thread()
    report = ReportFactory(question=question)
    press(browser, report, "decide", outcome="hide", ground="danger")

    answer = press(browser, report, "restore")

    assert Question.objects.get(pk=question.pk).state == "published"
    assert parse(answer).texts("li", class_="success") == ["Restored: readers see it again."]


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"outcome": "", "ground": "danger"}, "This field is required."),
        ({"outcome": "burn", "ground": "danger"}, "Select a valid choice. burn is not one of the available choices."),
        ({"outcome": "correct", "ground": "danger"}, "Please tell the doctor what to correct."),
    ],
)
def test_half_a_decision_is_none(browser, typed, error):
    report = ReportFactory(question=published_thread())

    answer = press(browser, report, "decide", **typed)

    assert error in parse(answer).texts("li")
    assert Report.objects.open().count() == 1


def test_what_a_colleague_is_at_is_left_to_her(browser):
    report = ReportFactory(claimed=True)

    answer = press(browser, report, "decide", outcome="keep", ground="other")

    (said,) = parse(answer).texts("li", class_="error")
    assert said.casefold().startswith(f"{report.claimed_by} is at report #{report.pk} until ")
    assert Report.objects.open().count() == 1


@pytest.mark.parametrize(("action", "outcome"), [("keep_chosen", "keep"), ("hide_chosen", "hide")])
def test_many_are_listed_first_and_decided_then(browser, action, outcome):
    chosen = [ReportFactory(question=published_thread(public_title=f"Title {n}")) for n in range(3)]
    left = ReportFactory(question=published_thread())
    sent = {"action": action, "_selected_action": [report.pk for report in chosen], "index": "0"}

    asked = parse(browser.post(LIST, sent))
    before = Report.objects.open().count()
    boxes = {"_selected_action": [box.attrs["value"] for box in asked.all("input", name="_selected_action")]}
    done = browser.post(
        LIST, {"action": action, "confirmed": "1", "outcome": outcome, "ground": "advertisement", **boxes}, follow=True
    )

    listed = asked.one(id="content").one("ol").texts("li")
    assert [f"Title {n}" in line for n, line in enumerate(listed)] == [True] * 3
    assert (before, list(Report.objects.open())) == (4, [left])
    assert set(Report.objects.exclude(outcome="").values_list("outcome", "ground")) == {(outcome, "advertisement")}
    assert parse(done).texts("li", class_="success") == ["3 decisions were made."]


def test_of_many_those_that_cannot_be_decided_are_told(browser):
    held = ReportFactory(claimed=True)
    gone = ReportFactory(what="reply-987654321")
    good = ReportFactory(question=published_thread())
    sent = {"action": "hide_chosen", "_selected_action": [held.pk, gone.pk, good.pk], "confirmed": "1"}

    done = parse(browser.post(LIST, {**sent, "outcome": "hide", "ground": "other"}, follow=True))

    assert set(Report.objects.open()) == {held, gone}
    assert done.texts("li", class_="warning") == [f"#{gone.pk} is not in a state that allows this."]
    assert (len(done.texts("li", class_="error")), done.texts("li", class_="success")) == (1, ["1 decision was made."])


def test_a_member_of_the_staff_who_may_only_look_decides_nothing():
    report = ReportFactory(question=published_thread())
    looker = UserFactory(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_report"))
    client = Client()
    client.force_login(looker)

    answers = [client.get(address(report)), press(client, report, "decide", outcome="hide", ground="other")]

    assert [answer.status_code for answer in answers] == [200, 403]
    assert Report.objects.open().count() == 1


def test_nobody_adds_or_deletes_a_report_there(browser):
    report = ReportFactory()

    assert browser.get(f"{LIST}add/").status_code == 403
    assert browser.post(f"{LIST}{report.pk}/delete/", {"post": "yes"}).status_code == 403
