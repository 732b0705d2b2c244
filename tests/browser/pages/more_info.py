"""The More Info of a question at work: what it may begin with, and its tools."""

from playwright.sync_api import Page

from forum.questions.models import Question
from forum.replies.models import Draft
from forum.search.services import set_topics
from tests.browser.pages.opening import ENDLESS, Window, page_of, press, visit
from tests.browser.scenes import open_clinic
from tests.factories import ArticleFactory, MachineDraftFactory, QuestionFactory, SourceLinkFactory, published_thread

LIKE = "My eyelid keeps twitching in the evening. Is that a muscle problem, or a nerve?"


def with_articles(window: Window, *, drafted: str = "") -> Page:
    """A doctor's window on a question that two signed articles are like; `drafted`: with a machine's draft so far."""
    clinic = open_clinic()
    for title in ("Twitching of the Eyelid Explained", ENDLESS):
        thread = published_thread(specialty=clinic.specialty, text=LIKE, public_title=title)
        set_topics(thread, ["Muscle twitching"])
        ArticleFactory(question=thread, signed=True, signed_by=clinic.doctor)
    asked = QuestionFactory(specialty=clinic.specialty, text=LIKE)
    if drafted:
        draft = Draft.objects.create(question=asked, doctor=clinic.doctor, based_on=[thread.pk], machine_drafted=True)
        MachineDraftFactory(draft=draft, **{drafted: True})
    return visit(window, f"/dashboard/questions/{asked.pk}/", user=clinic.doctor.user)


def opened(page: Page) -> Page:
    page.get_by_text("Start the More Info from").click()
    return page


@page_of
def work_with_articles_to_start_from(window):
    return opened(with_articles(window))


@page_of
def work_without_an_article_to_start_from(window):
    clinic = open_clinic()
    asked = QuestionFactory(specialty=clinic.specialty)
    return opened(visit(window, f"/dashboard/questions/{asked.pk}/", user=clinic.doctor.user))


@page_of
def work_with_a_draft_being_written(window):
    return with_articles(window, drafted="writing")


@page_of
def work_with_a_draft_that_is_ready(window):
    return with_articles(window, drafted="ready")


@page_of
def work_with_a_draft_that_failed(window):
    return with_articles(window, drafted="failed")


@page_of
def work_with_an_article_in_the_editor(window):
    page = opened(with_articles(window))
    SourceLinkFactory(broken=True, url="https://medlineplus.gov/")
    page.get_by_role("radio", name="Twitching of the Eyelid Explained").check()
    return press(page, "Put the article into the editor")


@page_of
def thread_based_on_another(window):
    clinic = open_clinic()
    bases = [ArticleFactory(signed=True, question__public_title=title).question for title in ("Eyelids", ENDLESS)]
    fields = {"signed": True, "signed_by": clinic.doctor, "machine_drafted": True}
    ArticleFactory(question=clinic.earlier, based_on=[base.pk for base in bases], **fields)
    return visit(window, Question.objects.get(pk=clinic.earlier.pk).get_absolute_url())
