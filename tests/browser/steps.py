"""The steps of the story, for any hand. Each ends with what the person then sees."""

from playwright.sync_api import Page, expect

from accounts.models import Doctor
from tests.browser.hands import Hand
from tests.factories import PASSWORD

HEADLINE = "My eyelid twitches all day long"
TROUBLE = "For a week my left eyelid has been twitching.\nIt is worse in the evening. Is my muscle ill?"
TITLE = "Involuntary Muscle Twitches: Causes and Solutions"
REPLY = "A twitching eyelid is most often a tired muscle.\n\nSleep more and drink less coffee."
MORE_INFO = "## Why muscles twitch\n\n1. **Tiredness**: the commonest cause.\n2. **Coffee**: drink less of it."
SOURCES = "MedlinePlus: Muscle twitching https://medlineplus.gov/ency/article/003296.htm"
FOLLOW_UP = "May I go on drinking tea?"
HELPED = "The patient said that this reply helped."
ANSWER = "Yes, two cups a day do no harm."


def summary_takes_focus(page: Page, *errors: str) -> None:
    """The summary of what is wrong with a form has these links, and the focus."""
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_contain_text(list(errors))


def sections(page: Page) -> list[str]:
    """The ids of the sections of a page, in order."""
    return page.locator("main section[id]").evaluate_all("sections => sections.map(section => section.id)")


def fill_in_question(patient: Hand, *, headline: str = HEADLINE) -> None:
    """All that the ask form wants but the consent."""
    patient.choose("specialty", "Neurology")
    patient.write("headline", headline)
    patient.write("text", TROUBLE)
    patient.write("pseudonym", "Kk")
    patient.choose("age_band", "20~29")
    patient.choose("sex", "female")
    patient.write("duration", "one week")


def ask(patient: Hand, *, headline: str = HEADLINE) -> None:
    """Ask without a mistake, to the status page."""
    patient.page.goto("/ask/")
    fill_in_question(patient, headline=headline)
    patient.tick("consent")
    patient.press("Send my question")
    expect(patient.page.get_by_role("heading", level=1)).to_have_text("Your question")


def ask_with_a_mistake_first(patient: Hand) -> str:
    """From the home page to the status page; gives the private link."""
    page = patient.page
    page.goto("/")
    patient.follow("Ask a doctor", within="header")
    fill_in_question(patient)
    patient.press("Send my question")
    summary_takes_focus(page, "Please tick this box: without it we may not take your question.")
    expect(patient.field("text")).to_have_value(TROUBLE)
    patient.tick("consent")
    patient.press("Send my question")
    expect(page.locator(".status-steps [aria-current=step]")).to_have_text("Waiting for a doctor")
    expect(page.get_by_text("Your question waits for a doctor of Neurology.")).to_be_visible()
    link = page.get_by_label("Your private link").input_value()
    assert link == page.url
    return link


def doctor_signs_in(doctor: Hand, who: Doctor) -> None:
    doctor.page.goto("/")
    doctor.follow("Sign in", within="header")
    doctor.write("login", who.user.email)
    doctor.write("password", PASSWORD)
    doctor.press("Sign In")
    expect(doctor.page.get_by_role("heading", level=1)).to_have_text("Questions that wait for you")


def doctor_answers(doctor: Hand) -> None:
    """Write it, look at the More Info, be refused without the signature, sign and publish."""
    page = doctor.page
    doctor.follow(HEADLINE)
    expect(page.locator(".question-quote")).to_contain_text("For a week my left eyelid has been twitching.")
    doctor.write("public_title", TITLE)
    doctor.write("text", REPLY)
    doctor.write("more_info", MORE_INFO)
    doctor.write("sources", SOURCES)
    doctor.write("topics", "Muscle twitching, Coffee")
    doctor.press("Save and preview More Info")
    expect(page.locator("#preview").get_by_role("heading", name="Why muscles twitch")).to_be_visible()
    doctor.press("Publish")
    summary_takes_focus(page, "More Info is published only with your signature.")
    expect(doctor.field("text")).to_have_value(REPLY)
    expect(doctor.field("sources")).to_have_value(SOURCES)
    doctor.tick("signed")
    doctor.press("Publish")
    expect(page.locator(".error-summary li")).to_have_text("Is my muscle ill?")
    doctor.press("Publish anyway")
    expect(page.get_by_role("status")).to_have_text("Published. The patient will be told.")


def asker_sees_the_answer(patient: Hand, link: str) -> None:
    """By the link that was kept, on to the public page."""
    patient.page.goto(link)
    expect(patient.page.locator(".notice--success")).to_contain_text("A doctor has answered.")
    expect(patient.page.locator(".reply")).to_contain_text("Sleep more and drink less coffee.")
    patient.follow("See the public page")
    expect(patient.page.get_by_role("heading", level=1)).to_have_text(TITLE)


def thread_shows_everything(page: Page, *, also: str = "") -> None:
    """All sections of thread-page.md in order, `also` the follow-ups."""
    between = [also] if also else []
    assert sections(page) == ["share", "question", "replies", *between, "more-info", "similar", "related-faq"]
    expect(page).to_have_title(f"{TITLE} - Neurology")
    expect(page.locator("#question h2")).to_have_text(HEADLINE)
    expect(page.locator("#question .asker-line")).to_contain_text("Kk, 20~29 year old female. Ask Date: ")
    expect(page.locator("#replies h3")).to_contain_text("Dr. Wu Mukhan reply Neurology")
    expect(page.locator("#more-info").get_by_role("heading", level=2)).to_have_text(["More Info", "Why muscles twitch"])
    expect(page.locator("#more-info").get_by_role("link", name="MedlinePlus: Muscle twitching")).to_be_visible()
    expect(page.locator("#more-info")).to_contain_text("Signed by Dr. Wu Mukhan. Last reviewed: ")
    expect(page.locator("#similar h3")).to_have_text("Twitching Eyelid: When to Wait and When to Worry")
    expect(page.locator("#related-faq a")).to_have_text(["Muscle twitching (Neurology)", "Coffee (Neurology)"])
    expect(page.locator(".standing-notice")).to_contain_text("In an emergency call 119 now.")


def reader_finds_it(reader: Hand) -> None:
    """By the search, with the words marked, and by the feed."""
    reader.page.goto("/")
    reader.search("eyelid evening muscle coffee")
    result = reader.page.locator(".thread-card")
    expect(result.locator("mark").first).to_be_visible()
    assert {word.lower() for word in result.locator("mark").all_text_contents()} >= {"eyelid", "coffee"}
    reader.follow(TITLE)
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    feed = reader.page.request.get("/feeds/latest.atom")
    assert TITLE in feed.text()


def asker_goes_on(patient: Hand, link: str) -> None:
    """Say that it helped, and ask further."""
    page = patient.page
    page.goto(link)
    patient.press("This helped me")
    expect(page.get_by_text(HELPED)).to_be_visible()
    patient.write("text", FOLLOW_UP)
    patient.press("Send")
    expect(page.locator(".follow-up")).to_contain_text(FOLLOW_UP)
    expect(page.locator(".follow-up .waiting-badge")).to_have_text("Waiting for the doctor")


def doctor_answers_the_follow_up(doctor: Hand) -> None:
    doctor.page.goto("/dashboard/")
    doctor.follow(TITLE)
    doctor.write("answer", ANSWER)
    doctor.press("Publish the answer")
    expect(doctor.page.get_by_role("status")).to_have_text("Answered. The patient will be told.")


def thanks_and_follow_up_are_public(page: Page) -> None:
    expect(page.locator("#replies")).to_contain_text(HELPED)
    expect(page.locator("#follow-ups .follow-up__question")).to_contain_text(FOLLOW_UP)
    expect(page.locator("#follow-ups .follow-up__answer")).to_contain_text(ANSWER)
