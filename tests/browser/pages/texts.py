"""The pages about the site, and the admins' screens for its texts."""

from forum.texts.services import newest_numbers, save_text
from tests.browser.pages.opening import ENDLESS, page_of, press, visit
from tests.browser.pages.workplace import admins
from tests.browser.scenes import full_thread, open_clinic
from tests.factories import UserFactory


def say(code: str, reason: str = "Clearer", language: str = "en", **words: str) -> None:
    by, seen = UserFactory(admin=True), newest_numbers(code)
    save_text(code=code, words={language: words}, by=by, reason=reason, seen=seen)


@page_of
def about(window):
    return visit(window, "/about/")


@page_of
def privacy(window):
    return visit(window, "/privacy/")


@page_of
def thread_with_a_banner(window):
    say("notice.banner", text=f"Until Monday answers take longer than they usually do. {ENDLESS}")
    return visit(window, full_thread(open_clinic()).get_absolute_url())


@page_of
def texts(window):
    say("notice.footer", text="Not a doctor.")
    say("notice.footer", language="zh-hant", text="不是醫師。")
    return admins(window, "/admin/texts/")


@page_of
def text_of_a_mail(window):
    return admins(window, "/admin/texts/mail.digest/")


@page_of
def text_of_numbers(window):
    return admins(window, "/admin/texts/numbers.TW/")


@page_of
def text_of_a_page(window):
    return admins(window, "/admin/texts/page.privacy/")


@page_of
def text_with_mistakes(window):
    page = text_of_a_mail(window)
    page.locator("[name=en-text]").fill(f"{{lnk}}\n{ENDLESS}")
    return press(page, "Save")


@page_of
def text_in_preview(window):
    page = text_of_a_mail(window)
    page.locator("[name=en-text]").fill(f"{ENDLESS} {{number}}\n{{link}}")
    return press(page, "Preview")


@page_of
def text_changed_meanwhile(window):
    page = admins(window, "/admin/texts/notice.footer/")
    say("notice.footer", text=f"The other admin's. {ENDLESS}")
    page.locator("[name=en-text]").fill("Mine.")
    page.locator("[name=reason]").fill("Shorter")
    return press(page, "Save")


@page_of
def history_of_a_text(window):
    say("notice.footer", text="Not a doctor.")
    say("notice.footer", reason=ENDLESS, text=f"No doctor. {ENDLESS}")
    return admins(window, "/admin/texts/notice.footer/history/")
