"""After publishing: a reply is corrected and compared, More Info is reviewed."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from forum.articles.models import Article
from forum.replies.models import Reply
from tests.browser.hands import Keyboard, Pointer
from tests.browser.scenes import full_thread, open_clinic
from tests.browser.steps import summary_takes_focus
from tests.factories import ArticleFactory, QuestionFactory, UserFactory

NEW = "It is most likely harmless.\n\nSleep more, and drink no coffee."


@pytest.fixture
def clinic():
    return open_clinic()


@pytest.fixture
def thread(clinic):
    return full_thread(clinic)


def today() -> str:
    return timezone.localdate().strftime("%Y/%m/%d")


@pytest.mark.parametrize("javascript", [True, False])
def test_reply_is_corrected_looked_at_first_and_seen_by_readers(open_window, clinic, thread, javascript):
    doctor = Pointer(open_window(user=clinic.doctor.user, javascript=javascript))
    doctor.page.goto(f"/dashboard/questions/{thread.pk}/")
    doctor.follow("Correct your reply")
    doctor.write("text", NEW)
    doctor.choose("reason", "It could be misunderstood")

    doctor.press("Show what changes")

    changes = doctor.page.locator(".changes")
    expect(changes).to_be_focused()
    expect(changes.locator("del")).to_contain_text(["less"])
    expect(changes.locator("ins")).to_contain_text(["no"])
    expect(doctor.field("text")).to_have_value(NEW)
    assert Reply.objects.filter(corrected_at=None).count() == Reply.objects.count()
    doctor.press("Publish the correction")
    expect(doctor.page.get_by_role("status")).to_have_text("Corrected. Readers see the day.")
    reader = open_window(javascript=javascript)
    reader.goto(thread.get_absolute_url())
    reply = reader.locator(".reply").first
    expect(reply).to_contain_text("drink no coffee")
    expect(reply.locator(".reply__corrected")).to_have_text(f"Corrected: {today()}")


def test_revisions_are_compared_by_an_admin(open_window, clinic, thread):
    reply = thread.replies.get(doctor=clinic.doctor)
    for text in ("Second.", "Third."):
        reply.correct(by=clinic.doctor, text=text, reason="wrong")
    admin = Pointer(open_window(user=UserFactory(admin=True)))
    admin.page.goto(f"/admin/questions/question/{thread.pk}/change/")
    with admin.page.expect_navigation():
        admin.page.get_by_role("link", name=f"Reply #{reply.pk}").click()
    expect(admin.page.locator(".difference del")).to_contain_text("Second")

    admin.choose("from", f"1 · {reply.replied_on:%Y/%m/%d} · Dr. Wu Mukhan")
    admin.press("Compare")

    expect(admin.page.get_by_role("heading", level=2)).to_have_text("From version 1 to version 3")
    expect(admin.page.locator(".difference del").first).to_contain_text("It is most likely harmless")
    expect(admin.page.locator(".difference ins").first).to_contain_text("Third")


def test_second_window_is_told_and_keeps_its_words(open_window, clinic, thread):
    first = Pointer(open_window(user=clinic.doctor.user))
    first.page.goto(f"/dashboard/questions/{thread.pk}/")
    first.follow("Correct your reply")
    second = Pointer(first.page.context.new_page())
    second.page.goto(first.page.url)
    first.write("text", "Of the first window.")
    first.press("Publish the correction")

    second.write("text", "Of the second window.")
    second.press("Publish the correction")

    summary = second.page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("heading")).to_have_text("It was changed since you opened it")
    expect(second.page.locator(".difference")).to_contain_text("first")
    expect(second.field("text")).to_have_value("Of the second window.")
    second.press("Publish the correction")
    expect(second.page.locator(".reply").first).to_contain_text("Of the second window.")


def test_review_list_is_worked_through_by_keyboard(open_window, clinic):
    older, newer = (
        ArticleFactory(
            question=QuestionFactory(published=True, specialty=clinic.specialty, public_title=title),
            signed=True,
            reviewed_on=f"{year}-03-04",
        )
        for title, year in (("Older", 2020), ("Newer", 2021))
    )
    doctor = Keyboard(open_window(user=clinic.doctor.user))
    doctor.page.goto("/dashboard/")
    doctor.follow("More Info to review: 2")
    expect(doctor.page.locator(".queue__title")).to_have_text(["Older", "Newer"])

    doctor.follow("Older")
    doctor.press("Still right")
    expect(doctor.page.get_by_role("status")).to_have_text("Reviewed. Readers see today's date.")
    doctor.follow("Newer")
    doctor.activate(doctor.page.locator("summary", has_text="Correct it"))
    doctor.write("more_info", "## Causes of it")
    expect(doctor.page.locator("#preview-body h2")).to_have_text("Causes of it")
    doctor.press("Sign and publish")
    summary_takes_focus(doctor.page, "More Info is published only with your signature.")
    expect(doctor.field("more_info")).to_have_value("## Causes of it")
    doctor.tick("signed")
    doctor.press("Sign and publish")

    expect(doctor.page.get_by_role("heading", name="Nothing to review")).to_be_visible()
    assert list(Article.objects.order_by("pk").values_list("reviewed_on", "text")) == [
        (timezone.localdate(), older.text),
        (timezone.localdate(), "## Causes of it"),
    ]
    assert Article.objects.get(pk=newer.pk).signed_by == clinic.doctor


def test_article_of_an_archive_is_signed_without_scripts(open_window, clinic):
    ArticleFactory(question=clinic.earlier)
    doctor = Pointer(open_window(user=clinic.doctor.user, javascript=False))
    doctor.page.goto("/dashboard/articles/?show=unsigned")
    doctor.follow(clinic.earlier.public_title)
    doctor.page.get_by_label("I have read the More Info as it stands here").first.check()
    doctor.press("Sign it as it stands")

    reader = open_window(javascript=False)
    reader.goto(clinic.earlier.get_absolute_url())
    expect(reader.locator(".article-signed")).to_have_text(f"Signed by Dr. Wu Mukhan. Last reviewed: {today()}")
