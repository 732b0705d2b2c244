"""The admins' one queue of reports, requests and proposals."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.claims import HeldByAnotherAdmin
from accounts.models import Application
from forum.moderation.admin.queue.reading import PAGE
from forum.moderation.applications import refuse_application
from forum.moderation.models import Report
from forum.moderation.removals import decide_removal
from forum.questions.models import RemovalRequest
from forum.search.models import Topic, TopicProposal
from forum.search.services import accept_proposal, reject_proposal
from tests.factories import (
    ApplicationFactory,
    FollowUpFactory,
    RemovalRequestFactory,
    ReportFactory,
    TopicProposalFactory,
    UserFactory,
    published_thread,
)
from tests.html import parse

pytestmark = pytest.mark.django_db
QUEUE, DECIDE = "/admin/queue/", "/admin/queue/decide/"


@pytest.fixture
def admin():
    return UserFactory(admin=True)


@pytest.fixture
def browser(admin):
    client = Client()
    client.force_login(admin)
    return client


def ago(days: int):
    return timezone.now() - timedelta(days=days)


def keys(browser, query: str = "") -> list[str]:
    page = parse(browser.get(f"{QUEUE}{query}"))
    return [box.attrs["value"] for box in page.all("input", name="task")]


def key_of(task) -> str:
    names = {Report: "report", Application: "application", RemovalRequest: "removal", TopicProposal: "topic"}
    return f"{names[type(task)]}-{task.pk}"


def decide(browser, *tasks, **typed):
    return browser.post(DECIDE, {"task": [key_of(task) for task in tasks], "confirmed": "1", **typed}, follow=True)


def test_urgent_ones_come_first_then_what_somebody_waits_for_then_proposals(browser):
    proposal = TopicProposalFactory(proposed_at=ago(90))
    young, old = ReportFactory(reported_at=ago(1)), ReportFactory(reported_at=ago(9))
    removal = RemovalRequestFactory(requested_at=ago(5))
    urgent = ReportFactory(reason="danger", reported_at=ago(0))
    application = ApplicationFactory(sent_at=ago(3))
    ApplicationFactory(asked=True)
    ReportFactory(decided=True)
    RemovalRequestFactory(refused=True)
    TopicProposalFactory(rejected=True)

    assert keys(browser) == [key_of(task) for task in (urgent, old, removal, application, young, proposal)]


def test_it_is_narrowed_by_kind_and_to_those_one_is_at(browser, admin):
    now = timezone.now()
    mine = RemovalRequestFactory(claimed_at=now, claimed_by=admin)
    RemovalRequestFactory(claimed_at=now, claimed_by=UserFactory(admin=True))
    over = RemovalRequestFactory(claimed_at=now - timedelta(minutes=31), claimed_by=admin)
    report = ReportFactory()

    assert keys(browser, "?kind=report") == [key_of(report)]
    assert keys(browser, "?mine=1") == [key_of(mine)]
    assert keys(browser, "?kind=report&mine=1") == []
    assert key_of(over) in keys(browser, "?kind=removal")


def test_a_row_tells_what_why_how_long_and_who_is_at_it(browser, admin):
    thread = published_thread(public_title="Twitching", reply__doctor__name="Wu Mukhan")
    what = f"reply-{thread.replies.get().pk}"
    ReportFactory(
        question=thread,
        what=what,
        reason="danger",
        words="Lead kills.",
        reported_at=ago(3),
        claimed=True,
        claimed_by=admin,
    )

    row = parse(browser.get(QUEUE)).one(class_="tasks__list").one("li").text

    for words in ("Reply by Dr. Wu Mukhan: Wrong or dangerous advice", "Twitching", "Lead kills.", "waits for 3 days"):
        assert words in row
    assert f"{admin} is at it until " in row


def test_pages_follow_each_other_without_a_gap(browser):
    same = ago(4)
    tasks = [
        *(ReportFactory(reported_at=same) for _ in range(PAGE // 2)),
        *(ReportFactory(reason="danger") for _ in range(3)),
        *(RemovalRequestFactory(requested_at=same) for _ in range(PAGE // 2)),
        *(TopicProposalFactory(proposed_at=same) for _ in range(PAGE // 2)),
    ]
    seen, query = [], ""
    while query is not None:
        page = parse(browser.get(f"{QUEUE}{query}"))
        seen += [box.attrs["value"] for box in page.all("input", name="task")]
        query = next((link.attrs["href"] for link in page.all("a", rel="next")), None)

    assert (len(seen), set(seen)) == (len(tasks), {key_of(task) for task in tasks})


@pytest.mark.parametrize("after", ["x", "1~2~3~4", "0~2026-01-01~0~1", "1~2026-01-01T00:00:00+00:00~9~-1"])
def test_a_spoilt_address_leads_to_the_beginning(browser, after):
    report = ReportFactory()

    assert keys(browser, f"?after={after}") == [key_of(report)]


def test_it_asks_the_same_however_long_it_is(browser, django_assert_num_queries):
    for number in (1, 20):
        for _ in range(number):
            thread = published_thread()
            FollowUpFactory(question=thread, answered=True)
            for what in ("thread", "follow-up-1", f"reply-{thread.replies.get().pk}"):
                ReportFactory(question=thread, what=what)
            RemovalRequestFactory(question=thread)
            TopicProposalFactory(threads=[thread])
            ApplicationFactory()
        with django_assert_num_queries(8):
            browser.get(QUEUE)


def test_the_chosen_are_listed_before_anything_is_done(browser):
    threads = [published_thread(public_title=f"Title {n}") for n in range(2)]
    reports = [ReportFactory(question=thread) for thread in threads]

    page = parse(browser.post(DECIDE, {"task": [key_of(report) for report in reports]}))

    listed = page.one(class_="tasks__list").texts("li")
    assert [f"Title {n}" in line for n, line in enumerate(listed)] == [True, True]
    assert [box.attrs["value"] for box in page.all("input", name="act")] == ["claim", "release", "keep", "hide"]
    assert Report.objects.open().count() == 2


ONE_KIND = [
    (RemovalRequestFactory, ["claim", "release", "refuse"]),
    (ApplicationFactory, ["claim", "release"]),
    (TopicProposalFactory, ["claim", "release", "accept", "reject"]),
]


@pytest.mark.parametrize(("factory", "acts"), ONE_KIND)
def test_each_kind_has_acts_of_its_own(browser, factory, acts):
    page = parse(browser.post(DECIDE, {"task": [key_of(factory())]}))

    assert [box.attrs["value"] for box in page.all("input", name="act")] == acts


def test_of_a_mixed_choice_what_fits_all_is_offered_and_no_decision_taken(browser, admin):
    report, removal = ReportFactory(question=published_thread()), RemovalRequestFactory()

    page = parse(browser.post(DECIDE, {"task": [key_of(report), key_of(removal)]}))
    refused = decide(browser, report, removal, act="hide", ground="danger")
    decide(browser, report, removal, act="claim")

    assert [box.attrs["value"] for box in page.all("input", name="act")] == ["claim", "release"]
    assert "They are of different kinds" in page.one(id="content").text
    assert refused.status_code == 422
    assert (Report.objects.get().claimed_by, RemovalRequest.objects.get().claimed_by) == (admin, admin)
    decide(browser, report, removal, act="release")
    assert (Report.objects.get().claimed_by, RemovalRequest.objects.get().claimed_by) == (None, None)


def test_many_reports_are_hidden_on_a_ground(browser):
    reports = [ReportFactory(question=published_thread()) for _ in range(2)]

    without = decide(browser, *reports, act="hide")
    done = decide(browser, *reports, act="hide", ground="danger", note="Seen.")

    assert without.status_code == 422
    assert set(Report.objects.values_list("outcome", "ground", "note")) == {("hide", "danger", "Seen.")}
    assert parse(done).texts("li", class_="success") == ["Done with 2 of them."]


def test_requests_are_refused_with_a_reason_that_their_askers_read(browser):
    removals = [RemovalRequestFactory(question=published_thread(email=f"p{n}@example.org")) for n in range(2)]

    without = decide(browser, *removals, act="refuse")
    decide(browser, *removals, act="refuse", note="It tells nobody who you are.")

    assert without.status_code == 422
    assert set(RemovalRequest.objects.values_list("outcome", "note")) == {("refused", "It tells nobody who you are.")}
    assert [list(r.question.notices.values_list("kind", flat=True)) for r in removals] == [["request_refused"]] * 2


@pytest.mark.parametrize(("act", "state", "topics"), [("accept", "accepted", 2), ("reject", "rejected", 0)])
def test_proposals_are_decided_with_the_reason_kept(browser, admin, act, state, topics):
    proposals = [TopicProposalFactory(threads=[published_thread()]) for _ in range(2)]

    decide(browser, *proposals, act=act, note="Often asked.")

    rows = TopicProposal.objects.values_list("state", "reason", "decided_by")
    assert (set(rows), Topic.objects.count()) == ({(state, "Often asked.", admin.pk)}, topics)


def test_what_a_colleague_holds_is_told_and_the_rest_is_done(browser):
    held = TopicProposalFactory(claimed_at=timezone.now(), claimed_by=UserFactory(admin=True))
    free = TopicProposalFactory()

    done = parse(decide(browser, held, free, act="reject"))

    assert list(TopicProposal.objects.open()) == [held]
    assert (len(done.texts("li", class_="error")), done.texts("li", class_="success")) == (1, ["Done with 1."])


def test_nothing_chosen_changes_nothing(browser):
    ReportFactory()

    answer = parse(browser.post(DECIDE, {"task": ["report-0", "nonsense", "report-x", "other-1"]}, follow=True))

    assert answer.texts("li", class_="warning") == ["None of them is open any more, or none was chosen."]


def decide_as(colleague, task):
    if isinstance(task, RemovalRequest):
        return decide_removal(removal=task, by=colleague, outcome="refused", note="No.")
    if isinstance(task, Application):
        refuse_application(application=task, by=colleague, version=task.version, note="No.")
        return True
    return reject_proposal(proposal=task, by=colleague)


@pytest.mark.parametrize("factory", [RemovalRequestFactory, TopicProposalFactory, ApplicationFactory])
def test_what_one_admin_is_at_no_other_decides_until_the_claim_ends(admin, factory):
    task, colleague = factory(), UserFactory(admin=True)
    task.claim(by=admin)
    task.claim(by=admin)

    with pytest.raises(HeldByAnotherAdmin):
        task.claim(by=colleague)
    task.release(by=colleague)
    with pytest.raises(HeldByAnotherAdmin):
        decide_as(colleague, task)
    type(task).objects.update(claimed_at=timezone.now() - timedelta(minutes=31))

    assert decide_as(colleague, task) is True


def test_a_held_proposal_is_not_accepted_either(admin):
    proposal = TopicProposalFactory(claimed_at=timezone.now(), claimed_by=UserFactory(admin=True))

    with pytest.raises(HeldByAnotherAdmin):
        accept_proposal(proposal=proposal, by=admin)

    assert Topic.objects.count() == 0


PAGES = {
    "questions/removalrequest": (RemovalRequestFactory, {"act": "decide", "outcome": "refused", "note": "No."}),
    "search/topicproposal": (TopicProposalFactory, {"act": "reject", "name": "Eyelids", "reason": "Too wide."}),
}


@pytest.mark.parametrize("place", PAGES)
def test_on_its_own_page_a_task_is_claimed_released_and_decided(browser, admin, place):
    factory, decision = PAGES[place]
    task = factory()
    address = f"/admin/{place}/{task.pk}/change/"
    holders = []
    for act in ("claim", "release"):
        browser.post(address, {"act": act})
        holders.append(type(task).objects.get().claimed_by)

    page = parse(browser.get(address))
    browser.post(address, decision)

    assert holders == [admin, None]
    assert "I am at it" in page.texts("button")
    assert type(task).objects.open().count() == 0


def test_a_proposal_is_accepted_on_its_page_under_another_name(browser):
    proposal = TopicProposalFactory(threads=[published_thread(public_title="Twitching")])
    address = f"/admin/search/topicproposal/{proposal.pk}/change/"

    page = browser.get(address)
    without = browser.post(address, {"act": "accept", "name": ""})
    browser.post(address, {"act": "accept", "name": "Eyelids", "reason": "Shorter."})

    assert "Twitching" in page.content.decode()
    assert "This field is required." in without.content.decode()
    assert [topic.name for topic in Topic.objects.all()] == ["Eyelids"]
    assert "Shorter." in browser.get(address).content.decode()


# Who may


def staff(*codenames: str) -> Client:
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def test_a_member_of_the_staff_sees_the_kinds_of_the_permission_alone():
    ReportFactory()
    proposal = TopicProposalFactory()
    looker = staff("view_topicproposal")

    page = parse(looker.get(QUEUE))

    assert [f"New topic: {proposal.name}" in row for row in page.one(class_="tasks__list").texts("li")] == [True]
    assert page.all("input", name="task") == []
    assert looker.post(DECIDE, {"task": [key_of(proposal)]}).status_code == 403
    assert (
        staff("change_topicproposal", "view_topicproposal").post(DECIDE, {"task": [key_of(proposal)]}).status_code
        == 200
    )
    assert [staff().get(QUEUE).status_code, staff().post(DECIDE).status_code] == [403, 403]
