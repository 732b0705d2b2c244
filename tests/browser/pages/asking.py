"""The ask form."""

from playwright.sync_api import Page

from tests.browser.pages.opening import ENDLESS, Window, page_of, press, visit
from tests.browser.scenes import more_answers, open_clinic, suggested
from tests.pictures import jpeg


@page_of
def ask(window):
    open_clinic()
    return visit(window, "/ask/?specialty=neurology")


@page_of
def ask_with_errors(window):
    open_clinic()
    return press(visit(window, "/ask/"), "Send my question")


TYPED = {"headline": "My eyelid is twitching", "text": "My eyelid keeps twitching."}


def typed(page: Page) -> Page:
    for name, words in TYPED.items():
        page.locator(f"[name={name}]").fill(words)
    return page


def with_images(page: Page, *files: tuple[str, str]) -> Page:
    """Choose these images (colour and description) in the form of the page."""
    page.locator("summary", has_text="Add images").click()
    for number, (colour, words) in enumerate(files, 1):
        if number > 1:
            page.locator(".add-images__slot > summary").nth(number - 1).click()
        file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": jpeg(colour, (640, 480))}
        page.locator(f"[name=image_{number}]").set_input_files(file)
        page.locator(f"[name=image_{number}_description]").fill(words)
    return page


@page_of
def ask_with_images_kept_and_errors(window):
    open_clinic()
    page = with_images(visit(window, "/ask/"), ("teal", "A rash on the left arm"), ("maroon", ""))
    page.locator(".add-images__slot > summary").nth(2).click()
    page.locator("[name=image_3_description]").fill(ENDLESS)
    return press(page, "Send my question")


@page_of
def ask_with_answers_found_while_typing(window):
    clinic = open_clinic()
    more_answers(clinic)
    page = typed(visit(window, "/ask/"))
    page.locator("#similar-answers h2").wait_for()
    return page


@page_of
def ask_with_a_red_flag(window):
    open_clinic()
    page = visit(window, "/ask/")
    page.locator("[name=text]").fill("Her face is drooping and her speech is slurred. I want to end my life.")
    page.locator(".red-flags").wait_for()
    page.locator(".red-flags summary").click()
    return page


@page_of
def ask_with_specialties_to_choose_from(window):
    more_answers(open_clinic())
    with suggested("ophthalmology", "neurology"):
        page = typed(visit(window, "/ask/"))
        page.get_by_role("button", name="Neurology").click()
    return page


def looked(window: Window, **words: str) -> Page:
    """The page that the button for those without scripts leads to; axe itself needs them."""
    page = window()
    page.route("**/js/ask*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/ask/")
    for name, text in words.items():
        page.locator(f"[name={name}]").fill(text)
    return press(page, "See whether this has been answered")


@page_of
def ask_with_answers_without_scripts(window):
    more_answers(open_clinic())
    return looked(window, **TYPED)


@page_of
def ask_without_answers_without_scripts(window):
    open_clinic()
    return looked(window, text="nothing of the kind")


@page_of
def ask_while_no_specialty_takes_questions(window):
    return visit(window, "/ask/")


TELLS = {"headline": "Mrs. Chen asks", "text": "I am 34. Call me on 0912 345 678, or write to chen@example.org."}


@page_of
def ask_with_personal_data_found_while_typing(window):
    open_clinic()
    page = visit(window, "/ask/")
    for name, words in TELLS.items():
        page.locator(f"[name={name}]").fill(words)
    page.locator(".personal-checks mark").first.wait_for()
    return page


@page_of
def ask_with_personal_data_sent(window):
    open_clinic()
    page = window()
    page.route("**/ask/check/personal/", lambda route: route.abort())
    page.goto("/ask/?specialty=neurology")
    for name, words in TELLS.items():
        page.locator(f"[name={name}]").fill(words)
    page.locator("[name=consent]").check()
    return press(page, "Send my question")


@page_of
def ask_with_personal_data_replaced(window):
    return press(ask_with_personal_data_sent(window), "Replace them")
