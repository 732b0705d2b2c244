"""Where readers see what an admin has written."""

import pytest
from django.test import Client
from django.utils.translation import override

from forum.notifications.mail import compose
from forum.questions.help_lines import help_lines
from forum.search.services import renew_similar
from forum.texts.models import TextRevision
from forum.texts.services import newest_numbers, save_text
from tests.asking import browser, send_question
from tests.factories import (
    DoctorFactory,
    NoticeFactory,
    QuestionFactory,
    SpecialtyFactory,
    UserFactory,
    published_thread,
)
from tests.html import parse

pytestmark = pytest.mark.django_db
ALARM = "I want to end my life tonight."


def say(code: str, language: str = "en", **words: str) -> None:
    """As another process does it: what this one has read is not forgotten."""
    number = newest_numbers(code)[language] + 1
    TextRevision.objects.create(code=code, language=language, number=number, words=words, reason="Clearer")


def say_here(code: str, language: str = "en", **words: str) -> None:
    save_text(
        code=code, words={language: words}, by=UserFactory(admin=True), reason="Clearer", seen=newest_numbers(code)
    )


@pytest.fixture
def thread():
    """One whose page is kept: it has a stored similar thread."""
    specialty = SpecialtyFactory(name="Neurology")
    question = published_thread(specialty=specialty, text="My eyelid twitches.", public_title="Eyelid")
    published_thread(specialty=specialty, text="My eyelid twitches.", public_title="Another eyelid")
    renew_similar(question)
    return question


def notice_on(question) -> list[str]:
    return parse(Client().get(question.get_absolute_url())).one(class_="standing-notice").texts("p")


def test_the_standing_notice_is_the_sites_own(thread):
    assert notice_on(thread) == [
        "This page is general information. It does not replace a visit to a doctor, who can examine you.",
        "In an emergency call 119 now.",
    ]


def test_another_standing_notice_is_on_the_very_next_page_though_the_old_one_was_kept(thread):
    notice_on(thread)
    kept = Client().get(thread.get_absolute_url())

    say("notice.thread", text="Ask <your> doctor.\n\nAlways.", emergency="Dial {emergency} {{now}}.")

    page = parse(Client().get(thread.get_absolute_url()))
    assert kept.templates == []
    assert page.one(class_="standing-notice").texts("p") == ["Ask <your> doctor.", "Always.", "Dial 119 {now}."]
    assert page.one(class_="standing-notice").links() == [("119", "tel:119")]


def test_the_standing_notice_costs_no_query(thread, django_assert_num_queries):
    say("notice.thread", text="Ask your doctor.", emergency="Dial {emergency}.")
    notice_on(thread)

    with django_assert_num_queries(1):
        kept = Client().get(thread.get_absolute_url())
    Client().get("/nothing-here/")
    with django_assert_num_queries(1):
        fresh = Client().get(thread.get_absolute_url(), headers={"host": "localhost"})

    assert (kept.templates == [], fresh.templates == []) == (True, False)


def test_another_number_is_on_the_very_next_thread_page(thread):
    notice_on(thread)

    say("numbers.TW", "all", emergency="1-1-0", crisis_number="")

    assert notice_on(thread)[1] == "In an emergency call 1-1-0 now."


def test_what_all_should_know_stands_at_the_top_of_every_page_while_there_is_something(thread):
    before = [parse(Client().get(path)).all(class_="site-banner") for path in ("/", thread.get_absolute_url())]

    say_here("notice.banner", text="Answers take <longer>.")

    after = [parse(Client().get(path)).texts(class_="site-banner") for path in ("/", thread.get_absolute_url())]
    assert (before, after) == ([[], []], [["Answers take <longer>."]] * 2)


def test_the_foot_of_the_page_says_what_an_admin_wrote():
    Client().get("/")

    say_here("notice.footer", text="Not a doctor.")

    assert parse(Client().get("/")).one("footer").texts("p") == ["Not a doctor."]


def test_a_reader_in_chinese_reads_chinese_where_there_is_some(settings, thread):
    settings.LANGUAGES = [("en", "English"), ("zh-hant", "中文")]
    say("notice.thread", "zh-hant", text="請看醫師。", emergency="請撥 {emergency}。")
    path = thread.get_absolute_url()

    pages = [parse(Client().get(path, headers={"accept-language": language})) for language in ("en", "zh-hant")]

    first = [page.one(class_="standing-notice").texts("p")[0] for page in pages]
    assert first == [
        "This page is general information. It does not replace a visit to a doctor, who can examine you.",
        "請看醫師。",
    ]


# ---------------------------------------------------------------- whom to call


def call_links(page) -> list[tuple[str, str]]:
    return parse(page).one(class_="red-flags__call").links()


def test_whom_to_call_when_asking_is_what_an_admin_wrote():
    say_here(
        "numbers.TW",
        "all",
        emergency="1-1-0",
        crisis_number="0800 788 995",
        crisis_name="Lifeline",
        crisis_name_zh_hant="生命線",
        crisis_source="",
    )
    SpecialtyFactory()

    alarm = Client().post("/ask/check/", {"text": ALARM})
    form = parse(Client().get("/ask/"))

    assert call_links(alarm) == [("Call 1-1-0", "tel:110"), ("Call 0800 788 995 to talk: Lifeline", "tel:0800788995")]
    assert form.one(class_="notice--emergency").links() == [("1-1-0", "tel:110")]


def test_the_name_of_a_crisis_line_is_in_the_readers_language():
    numbers = {"emergency": "119", "crisis_number": "1925", "crisis_name": "Lifeline", "crisis_name_zh_hant": "生命線"}
    say_here("numbers.TW", "all", **numbers, crisis_source="")

    names = []
    for language in ("en", "zh-hant"):
        with override(language):
            names.append(help_lines().crisis.name)

    assert names == ["Lifeline", "生命線"]


@pytest.mark.parametrize(("country", "number"), [("TW", "119"), ("US", "911"), ("FR", "112"), ("XX", "112")])
def test_without_an_admins_words_the_numbers_are_those_the_site_knows(settings, country, number):
    settings.COUNTRY = country

    assert help_lines().emergency == number


def test_a_country_without_a_known_number_can_be_given_one(settings):
    settings.COUNTRY = "XX"
    say_here("numbers.ZZ", "all", emergency="123", crisis_number="", crisis_name="")

    assert (help_lines().emergency, help_lines("TW").emergency, help_lines().crisis) == ("123", "119", None)


# ---------------------------------------------------------------- declined


def test_a_declined_patient_reads_what_an_admin_wrote():
    QuestionFactory(declined=True, decline_reason="examination", token="secret-token")
    say_here("decline.examination", reason="it <must> be seen", next_step="Call your doctor.\n\nToday.")

    box = parse(Client().get("/status/secret-token/")).one(class_="notice--info")

    assert box.texts("p")[0] == "A doctor has read your question and cannot answer it here: it <must> be seen."
    assert box.texts("p")[-3:-1] == ["Call your doctor.", "Today."]


# ---------------------------------------------------------------- e-mail


def test_a_mail_says_what_an_admin_wrote():
    notice = NoticeFactory(kind="answered")
    say_here("mail.news", subject="News & more", text="Hello <you>,\nthere is news:\n\n{link}", button="Open")
    say_here("mail_end.asker", text="Stop: {unsubscribe}")

    mail = compose(notice, "somebody@example.net")

    html = parse(mail.alternatives[0][0]).one("body")
    address, stop = (link for _words, link in html.links())
    assert mail.subject == "News & more"
    assert mail.body == f"Hello <you>,\nthere is news:\n\n{address}\n\n-- \nStop: {stop}\n\n"
    assert html.texts("p") == ["Hello <you>,there is news:", f"Open: {address}", f"Stop: {stop}"]
    assert (f"/my/questions/{notice.question_id}/" in address, mail.extra_headers["List-Unsubscribe"]) == (
        True,
        f"<{stop}>",
    )


@pytest.mark.parametrize(("number", "subject"), [(1, "One"), (7, "7 wait")])
def test_the_daily_mail_has_words_for_one_and_for_more(number, subject):
    say_here("mail.digest", subject="Today", one="One\n{link}", text="{number} wait\n{link}", button="")
    notice = NoticeFactory(kind="digest", question=None, user=DoctorFactory().user, number=number)

    assert compose(notice, "doctor@example.net").body.splitlines()[0] == subject


def test_the_mail_with_the_private_link_says_what_an_admin_wrote(mailoutbox):
    say_here("mail.private_link", subject="Yours", text="Keep it: {link}")

    link = send_question(browser(), SpecialtyFactory(), email="left@example.net").url

    assert (mailoutbox[0].subject, mailoutbox[0].body.strip()) == ("Yours", f"Keep it: http://testserver{link}")


def test_mails_of_accounts_say_what_an_admin_wrote(client, mailoutbox):
    UserFactory(email="known@example.org")
    say_here("mail.new_password", subject="Another password", text="Here: {link}")

    client.post("/accounts/password/reset/", {"email": "known@example.org"})

    (mail,) = mailoutbox
    assert mail.subject == "[Consilium] Another password"
    assert mail.body.startswith("Here: http://testserver/accounts/password/reset/key/")
    assert [kind for _html, kind in mail.alternatives] == ["text/html"]


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize(("path", "title"), [("/about/", "About this site"), ("/privacy/", "Privacy")])
def test_the_pages_about_the_site_are_linked_from_every_page(path, title):
    page = parse(Client().get(path))

    assert page.one("main").texts("h1") == [title]
    assert (title, path) in parse(Client().get("/")).one("footer").links()
    assert page.one("link", rel="canonical").attrs["href"] == f"http://testserver{path}"


def test_a_page_about_the_site_is_an_admins_markdown_and_nothing_more():
    text = "# We\n\nCall **{emergency}**. <script>alert(1)</script> [x](javascript:alert(1)) [y](https://y.example/)"
    say_here("page.about", title="Who <we> are", text=text)

    page = parse(Client().get("/about/")).one("main")

    assert page.headings() == ["h1 Who <we> are", "h2 We"]
    assert (page.texts("strong"), page.all("script"), page.links()) == (["119"], [], [("y", "https://y.example/")])
