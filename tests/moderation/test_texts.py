"""The admins' screens for the texts of the site."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from forum.moderation.text_forms import written
from forum.texts.current import words_of
from forum.texts.models import TextRevision
from forum.texts.registry import TEXTS
from forum.texts.services import newest_numbers, save_text
from tests.factories import DoctorFactory, UserFactory
from tests.html import Element, parse

pytestmark = pytest.mark.django_db
FOOTER = "/admin/texts/notice.footer/"
MAIL = "/admin/texts/mail.news/"
TAIWAN = "/admin/texts/numbers.TW/"


@pytest.fixture
def admin():
    return UserFactory(admin=True, email="root@example.org")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(admin):
    return browser(admin)


def form_of(code: str, **typed: str) -> dict[str, str]:
    """What the screen's form would send, with these fields typed anew (`en__text` for English)."""
    words = {}
    for language in TEXTS[code].languages:
        words |= {f"{language}-{name}": said for name, said in words_of(code, language).items()}
    changed = {name.replace("__", "-").replace("zh_hant", "zh-hant"): said for name, said in typed.items()}
    return {**words, "reason": "Clearer", "seen": written(newest_numbers(code)), "act": "save", **changed}


def errors(response) -> list[str]:
    return parse(response).one("form", method="post", novalidate="").texts("li")


def typed(page: Element, name: str) -> str:
    return page.one("textarea", name=name).source.removeprefix("\n")


def change(code: str, words: dict, by: User, reason: str = "Clearer") -> None:
    save_text(code=code, words=words, by=by, reason=reason, seen=newest_numbers(code))


def test_the_list_tells_where_each_text_stands_and_who_changed_it(client, admin):
    change("notice.footer", {"en": {"text": "Not a doctor."}}, admin)

    page = parse(client.get("/admin/texts/"))

    assert page.one("main").texts("h2") == [
        *("Standing notices", "Emergency and crisis numbers", "What a patient reads when a question is declined"),
        *("E-mails", "Below e-mails", "Pages"),
    ]
    items = {item.links()[0][1]: item.one("p").text for item in page.one("main").all("li")}
    assert items["/admin/texts/notice.thread/"] == (
        "The standing notice: general information, no substitute for a visit, whom to call."
    )
    assert items[FOOTER].startswith("changed English: 2")
    assert items[FOOTER].endswith(" · root@example.orgThe same, in short.")
    assert items[TAIWAN] == "119 · 1925 · 安心專線"
    assert ("/admin/texts/numbers.TW/" in items, "/admin/texts/numbers.FJ/" in items) == (True, False)


def test_the_list_asks_the_same_however_much_was_changed(client, admin, django_assert_max_num_queries):
    for code in [*TEXTS][-20:]:
        own = {language: {**words_of(code, language)} for language in TEXTS[code].languages}
        for words in own.values():
            words[TEXTS[code].fields[0].name] += "."
        change(code, own, admin)

    client.get("/admin/texts/")
    with django_assert_max_num_queries(3):
        client.get("/admin/texts/")


def test_any_country_can_be_chosen(client):
    response = client.get("/admin/texts/?country=FJ")

    assert (response.status_code, response.url) == (302, "/admin/texts/numbers.FJ/")
    assert parse(client.get(response.url)).one("h1").text == "Text: Fiji"


def test_a_text_that_there_is_not_is_not_found(client):
    answers = [client.get(path).status_code for path in ("/admin/texts/no.such/", "/admin/texts/no.such/history/")]

    assert answers == [404, 404]


def test_an_admin_changes_a_text_in_both_languages(client, admin):
    response = client.post(FOOTER, form_of("notice.footer", en__text="Not a doctor.", zh_hant__text="不是醫師。"))

    assert (response.status_code, response.url) == (302, FOOTER)
    assert [words_of("notice.footer", language)["text"] for language in ("en", "zh-hant")] == [
        *("Not a doctor.", "不是醫師。"),
    ]
    assert list(TextRevision.objects.values_list("language", "by", "reason").order_by("pk")) == [
        ("en", admin.pk, "Clearer"),
        ("zh-hant", admin.pk, "Clearer"),
    ]


def test_only_the_language_that_was_changed_is_written(client):
    client.post(FOOTER, form_of("notice.footer", en__text="Not a doctor."))

    assert list(TextRevision.objects.values_list("language", flat=True)) == ["en"]


def test_sent_twice_it_is_saved_once(client):
    sent = form_of("notice.footer", en__text="Not a doctor.")

    answers = [client.post(FOOTER, sent).status_code for _ in range(2)]

    assert (answers, TextRevision.objects.count()) == ([302, 302], 1)


MISTAKES = [
    (MAIL, "mail.news", {"en__text": "News\n{lnk}"}, "Line 2: there is no {lnk}. Did you mean {link}?"),
    (MAIL, "mail.news", {"zh_hant__text": "消息"}, "{link} is missing. Without it this text is of no use."),
    (MAIL, "mail.news", {"en__subject": "Your {headline}"}, "Line 1: there is no {headline}, nor any other"),
    (MAIL, "mail.news", {"en__subject": "Two\nlines"}, "This must be one line."),
    (MAIL, "mail.news", {"en__subject": "Bcc:\rx@example.org"}, "This must be one line."),
    (MAIL, "mail.news", {"en__subject": ""}, "This field is required."),
    (FOOTER, "notice.footer", {"en__text": "x" * 301}, "Ensure this value has at most 300 characters"),
    (TAIWAN, "numbers.TW", {"all__emergency": "one one nine"}, "Nobody can dial this here."),
    (TAIWAN, "numbers.TW", {"all__emergency": "119;ext=1"}, "Nobody can dial this here."),
    (TAIWAN, "numbers.TW", {"all__emergency": "1"}, "Nobody can dial this here."),
    (TAIWAN, "numbers.TW", {"all__crisis_number": "99999"}, "Nobody can dial this here."),
    (TAIWAN, "numbers.TW", {"all__crisis_number": ""}, "Give its number, or leave its name empty too."),
    (TAIWAN, "numbers.TW", {"all__crisis_name": ""}, "Say whose number it is."),
    (TAIWAN, "numbers.TW", {"all__crisis_source": "javascript:alert(1)"}, "Enter a valid URL."),
    ("/admin/texts/numbers.ZZ/", "numbers.ZZ", {"all__emergency": "now"}, "Nobody can dial this here."),
]
# A preview needs none.
NO_REASON = (MAIL, "mail.news", {"reason": " "}, "This field is required.")


@pytest.mark.parametrize(
    ("act", "path", "code", "changed", "found"),
    [*(("save", *each) for each in [*MISTAKES, NO_REASON]), *(("preview", *each) for each in MISTAKES)],
)
def test_a_mistake_is_refused_beside_its_field_and_nothing_typed_is_lost(client, act, path, code, changed, found):
    sent = form_of(code, act=act, **changed)

    response = client.post(path, sent)

    page = parse(response)
    (name,) = (name.replace("__", "-").replace("zh_hant", "zh-hant") for name in changed)
    field = page.one(id=f"id_{name}")
    error, *_more = page.one("ul", id=f"id_{name}_error").texts("li")
    assert (response.status_code, TextRevision.objects.count()) == (422, 0)
    assert error.startswith(found)
    assert field.attrs.get("aria-invalid") == "true"
    assert sent[name].strip() == (field.attrs.get("value") or field.source).strip().replace("\r\n", "\n")
    assert page.one(class_="error-summary").links()[0][1] == f"#id_{name}"


def test_a_preview_shows_what_readers_of_both_languages_would_see_and_saves_nothing(client):
    sent = form_of("mail.news", en__text="Hello <b>,\n{link}", zh_hant__text="您好\n{link}", act="preview", reason="")

    response = client.post(MAIL, sent)

    page = parse(response)
    link = "https://consilium.example.org/questions/4711/-/"
    english, chinese = page.one(id="preview").texts("pre")
    frames = [parse(frame.attrs["srcdoc"]) for frame in page.one(id="preview").all("iframe")]
    assert (response.status_code, TextRevision.objects.count()) == (200, 0)
    assert english.startswith(f"There is news for you Hello <b>, {link} -- You get this mail because")
    assert chinese.startswith(f"There is news for you 您好 {link}")
    assert [frame.one("body").texts("p")[0] for frame in frames] == [
        f"Hello <b>,See my question: {link}",
        f"您好See my question: {link}",
    ]
    assert [frame.attrs["sandbox"] for frame in page.all("iframe")] == ["", ""]
    assert typed(page, "en-text") == "Hello <b>,\n{link}"


def test_a_preview_of_a_part_of_a_page_is_in_the_looks_of_the_site(client):
    page = parse(client.post(TAIWAN, form_of("numbers.TW", all__emergency="1-1-0", act="preview")))

    frame = parse(page.all("iframe")[0].attrs["srcdoc"])
    assert frame.one("link").attrs["href"] == "/static/css/site.css"
    assert frame.one(class_="red-flags__call").links()[0] == ("Call 1-1-0", "tel:110")
    assert words_of("numbers.TW")["emergency"] == "119"


def test_the_second_of_two_admins_is_told_and_loses_nothing(client, admin):
    sent = form_of("notice.footer", en__text="Mine.")
    change("notice.footer", {"en": {"text": "The other's."}}, UserFactory(admin=True))

    response = client.post(FOOTER, sent)

    page = parse(response)
    assert (response.status_code, words_of("notice.footer", "en")["text"]) == (409, "The other's.")
    assert page.one(class_="texts__meanwhile").one("p").text.startswith("Another admin has changed this text since")
    assert page.all(class_="difference")[0].texts("del") == ["[removed: The other's]"]
    assert page.all(class_="difference")[0].texts("ins") == ["[added: Mine]"]
    assert typed(page, "en-text") == "Mine."

    again = {**sent, "seen": page.one("input", name="seen").attrs["value"]}
    assert client.post(FOOTER, again).status_code == 302
    assert words_of("notice.footer", "en")["text"] == "Mine."


def test_two_admins_who_change_different_languages_are_not_in_each_others_way(client):
    sent = form_of("notice.footer", zh_hant__text="不是醫師。")
    change("notice.footer", {"en": {"text": "The other's."}}, UserFactory(admin=True))

    response = client.post(FOOTER, sent)

    assert response.status_code == 302
    assert [words_of("notice.footer", language)["text"] for language in ("en", "zh-hant")] == [
        *("The other's.", "不是醫師。"),
    ]


def test_the_history_tells_who_when_and_why_and_compares(client, admin):
    change("notice.footer", {"en": {"text": "One two three."}}, admin, "First")
    change("notice.footer", {"en": {"text": "One 2 three."}}, UserFactory(admin=True, email="b@example.org"), "Second")

    page = parse(client.get(f"{FOOTER}history/"))

    newest, older, *own = page.one("main").one("ol").all("li")
    assert (newest.one("p").text, older.one("p").text) == ("Second", "First")
    assert ("b@example.org" in newest.text, "root@example.org" in older.text) == (True, True)
    assert [item.text for item in own] == [
        *("English 0: the site's own words", "Traditional Chinese 0: the site's own words"),
    ]
    assert page.one(class_="difference").texts("del") == ["[removed: two]"]
    assert page.one(class_="difference").texts("ins") == ["[added: 2]"]


def test_any_two_versions_are_compared(client, admin):
    for number in ("One.", "Two.", "Three."):
        change("notice.footer", {"en": {"text": number}}, admin)

    page = parse(client.get(f"{FOOTER}history/?from=en.1&to=en.3"))

    assert page.one(class_="difference").texts("del") == ["[removed: One]"]
    assert page.one(class_="difference").texts("ins") == ["[added: Three]"]


@pytest.mark.parametrize("version", ["en.1", "en.0"])
def test_an_earlier_version_is_restored_as_a_new_one(client, admin, version):
    own = words_of("notice.footer", "en")["text"]
    change("notice.footer", {"en": {"text": "One."}}, admin)
    change("notice.footer", {"en": {"text": "Two."}}, admin)
    sent = {"version": version, "reason": "Was better", "seen": written(newest_numbers("notice.footer"))}

    response = client.post(f"{FOOTER}history/", sent)

    expected = {"en.1": "One.", "en.0": own}[version]
    newest = TextRevision.objects.get(number=3)
    assert (response.status_code, words_of("notice.footer", "en")["text"]) == (302, expected)
    assert (newest.by, newest.reason, newest.is_default) == (admin, "Was better", version == "en.0")


def test_nothing_is_restored_without_a_reason_or_over_another_admins_words(client, admin):
    change("notice.footer", {"en": {"text": "One."}}, admin)
    seen = written(newest_numbers("notice.footer"))
    path, sent = f"{FOOTER}history/", {"version": "en.0", "reason": "Better", "seen": seen}

    without_reason = client.post(path, {**sent, "reason": ""})
    change("notice.footer", {"en": {"text": "Two."}}, UserFactory(admin=True))
    meanwhile = client.post(path, sent, follow=True)

    assert without_reason.status_code == 422
    assert "Another admin has changed this text meanwhile." in parse(meanwhile).one(class_="messagelist").text
    assert words_of("notice.footer", "en")["text"] == "Two."


@pytest.mark.parametrize("path", ["/admin/texts/", FOOTER, f"{FOOTER}history/"])
def test_staff_see_texts_only_with_the_permission(path):
    plain, reader = UserFactory(is_staff=True), UserFactory(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_textrevision"))

    assert [browser(user).get(path).status_code for user in (plain, reader)] == [403, 200]


@pytest.mark.parametrize("path", [FOOTER, f"{FOOTER}history/"])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("make", [None, UserFactory, lambda: DoctorFactory().user])
def test_others_are_sent_to_sign_in(path, method, make):
    visitor = browser(make()) if make else Client()

    response = getattr(visitor, method)(path)

    assert (response.status_code, response.url) == (302, f"/admin/login/?next={path}")


@pytest.mark.parametrize("path", [FOOTER, f"{FOOTER}history/"])
def test_staff_who_may_only_look_change_nothing(path):
    reader = UserFactory(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_textrevision"))
    sent = form_of("notice.footer", en__text="Not a doctor.") | {"version": "en.0"}

    response = browser(reader).post(path, sent)

    assert (response.status_code, TextRevision.objects.count()) == (403, 0)
    assert parse(browser(reader).get(path)).all("button", class_="default") == []


def test_the_first_page_leads_to_the_texts(client):
    assert ("Site texts", "/admin/texts/") in parse(client.get("/admin/")).links()
