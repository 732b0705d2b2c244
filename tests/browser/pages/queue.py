"""The admins' one queue of reports, requests and proposals."""

from forum.moderation.models import Report
from forum.search.models import TopicProposal
from tests.browser.pages.opening import ENDLESS, page_of, press, visit
from tests.browser.pages.reports import reported
from tests.browser.pages.workplace import admins
from tests.factories import RemovalRequestFactory, TopicProposalFactory, UserFactory


def proposed() -> TopicProposal:
    """With three threads."""
    report = reported()
    return TopicProposalFactory(
        name="Twitching of the eyelid", specialty=report.question.specialty, threads=[report.question]
    )


@page_of
def admin_queue(window):
    removal = RemovalRequestFactory(question=proposed().questions.get(), anonymise=True, words=ENDLESS)
    admin = UserFactory(admin=True)
    removal.claim(by=admin)
    return visit(window, "/admin/queue/", user=admin)


@page_of
def admin_queue_empty(window):
    return admins(window, "/admin/queue/?mine=1")


def chosen(window, query: str):
    page = admins(window, f"/admin/queue/{query}")
    for box in page.locator("[name=task]").all():
        box.check()
    return press(page, "Go on with the chosen ones …")


@page_of
def admin_queue_mixed_choice(window):
    proposed()
    return chosen(window, "")


@page_of
def admin_queue_choice_with_errors(window):
    reported()
    Report.objects.filter(reason="copyright").update(words=ENDLESS)
    page = chosen(window, "?kind=report")
    page.get_by_label("Hide what they are about").check()
    return press(page, "Do it with all of these")


@page_of
def topic_proposal_to_decide(window):
    return admins(window, f"/admin/search/topicproposal/{proposed().pk}/change/")


@page_of
def topic_proposal_decided(window):
    page = topic_proposal_to_decide(window)
    page.get_by_label("Reason").fill(ENDLESS)
    return press(page, "Reject")
