import re

import pytest
from django.test import Client

from forum.questions.models import Question
from tests.asking import WORDS, browser, send_form, send_question
from tests.factories import QuestionFactory, SpecialtyFactory, UserFactory
from tests.html import parse

pytestmark = pytest.mark.django_db

FIELDS = [
    "specialty",
    "headline",
    "text",
    "personal_shown",
    "page",
    "different_because",
    "similar_seen",
    "pseudonym",
    "age_band",
    "sex",
]
FIELDS += ["duration", "medication", "conditions", "seen_doctor", "email", "consent", "website"]


@pytest.fixture
def neurology():
    return SpecialtyFactory(name="Neurology", slug="neurology")


def form_of(page):
    return parse(page).one("form", class_="ask-form")


def value_of(form, name: str) -> str:
    """What stands in a field of the page."""
    (field,) = [field for field in form.all(name=name) if field.tag in ("input", "select", "textarea")]
    if field.tag == "select":
        return "".join(option.attrs["value"] for option in field.all("option") if "selected" in option.attrs)
    if field.tag == "textarea":
        return field.source.removeprefix("\n")
    if field.attrs["type"] == "checkbox":
        return "on" if "checked" in field.attrs else ""
    return field.attrs.get("value", "")


def test_ask_page_has_the_fields_of_the_contract(client, neurology):
    form = form_of(client.get("/ask/"))

    names = [field.attrs["name"] for field in form.walk() if "name" in field.attrs]
    image = ["", "_description", "_public"]
    images = [f"image_{number}{part}" for number in range(1, 5) for part in image]
    assert [name for name in names if name not in images] == ["csrfmiddlewaretoken", *FIELDS]
    assert [name for name in names if name in images] == images
    assert {field.attrs["type"] for field in form.all("input")} == {"hidden", "text", "email", "checkbox", "file"}


def test_ask_keeps_all_that_was_typed(neurology):
    typed = {
        "pseudonym": "Kk",
        "age_band": "20-29",
        "sex": "female",
        "duration": "a week",
        "medication": "none",
        "conditions": "hay fever",
        "seen_doctor": "no",
        "different_because": "I am older",
        "email": "kk@example.org",
    }

    send_question(browser(), neurology, **typed)

    question = Question.objects.get()
    assert {name: getattr(question, name) for name in typed} == typed
    assert (question.headline, question.text) == (WORDS["headline"], WORDS["text"])
    assert (question.specialty, question.state, question.asker) == (neurology, "waiting", None)


def test_ask_leads_to_the_private_page_of_the_question(neurology):
    patient = browser()

    answer = send_question(patient, neurology)

    assert re.fullmatch(r"/status/[A-Za-z0-9_-]{22}/", answer.url)
    page = parse(patient.get(answer.url))
    assert page.one("section", class_="question-quote").one("h2").text == WORDS["headline"]
    assert page.one("input", id="secret-link").attrs["value"] == f"http://testserver{answer.url}"


def test_ask_needs_only_specialty_headline_text_and_consent(neurology):
    answer = send_question(browser(), neurology)

    question = Question.objects.get()
    assert answer.url.startswith("/status/")
    assert (question.age_band, question.sex, question.email, question.duration) == ("", "", "", "")


def test_ask_records_that_it_was_asked(neurology):
    send_question(browser(), neurology)

    decisions = Question.objects.get().decisions.values_list("act", "by", "from_state", "to_state", "reason")
    assert list(decisions) == [("ask", None, "", "waiting", "")]


def test_ask_without_the_token_of_the_form_is_refused(neurology):
    answer = browser().post("/ask/", {"specialty": "neurology", **WORDS})

    assert parse(answer).texts("h1") == ["The form had expired"]
    assert not Question.objects.exists()


def test_ask_chooses_the_specialty_of_the_page_one_comes_from(client, neurology):
    SpecialtyFactory(slug="dermatology")

    assert value_of(form_of(client.get("/ask/?specialty=neurology")), "specialty") == "neurology"


def test_ask_offers_the_open_specialties_as_a_tree(client, neurology):
    SpecialtyFactory(name="Headache", parent=neurology)
    SpecialtyFactory(name="Closed", is_open=False)

    choice = form_of(client.get("/ask/")).one("select", name="specialty")

    assert choice.texts("option") == [
        "Please choose",
        "Neurology",
        "Neurology › Headache",
    ]


def test_ask_where_no_specialty_is_open_says_what_to_do_instead(client):
    SpecialtyFactory(is_open=False)

    page = parse(client.get("/ask/"))

    assert page.all("form", class_="ask-form") == []
    assert page.one("div", class_="empty-state").headings() == ["h2 No specialty takes questions at the moment"]
    assert page.one("div", class_="empty-state").links() == [("Search the answers", "/search/")]


def test_ask_shows_the_emergency_number_of_the_country(client, settings, neurology):
    settings.COUNTRY = "GB"

    assert parse(client.get("/ask/")).one("div", class_="notice--emergency").links() == [("999", "tel:999")]


CHOICE = "Select a valid choice. {} is not one of the available choices."
LISTED = "Please choose one of the specialties in the list."
ERRORS = [
    ("specialty", "", "This field is required."),
    ("specialty", "closed", LISTED),
    ("specialty", "unknown", LISTED),
    ("specialty", "neurology\0", "Null characters are not allowed."),
    ("headline", " ", "This field is required."),
    ("headline", "x" * 201, "Ensure this value has at most 200 characters (it has 201)."),
    ("headline", "a\0b", "Null characters are not allowed."),
    ("text", "", "This field is required."),
    ("text", "x" * 10_001, "Ensure this value has at most 10000 characters (it has 10001)."),
    ("text", "a\0b", "Null characters are not allowed."),
    ("pseudonym", "x" * 41, "Ensure this value has at most 40 characters (it has 41)."),
    ("age_band", "37", CHOICE.format("37")),
    ("age_band", "1987-03-04", CHOICE.format("1987-03-04")),
    ("sex", "unknown", CHOICE.format("unknown")),
    ("duration", "x" * 201, "Ensure this value has at most 200 characters (it has 201)."),
    ("medication", "a\0b", "Null characters are not allowed."),
    ("conditions", "x" * 2001, "Ensure this value has at most 2000 characters (it has 2001)."),
    ("different_because", "x" * 301, "Ensure this value has at most 300 characters (it has 301)."),
    ("different_because", "a\0b", "Null characters are not allowed."),
    ("seen_doctor", "perhaps", CHOICE.format("perhaps")),
    ("email", "nobody", "Enter a valid email address."),
    ("email", f"{'a' * 243}@example.org", "Ensure this value has at most 254 characters (it has 255)."),
    ("consent", "", "Please tick this box: without it we may not take your question."),
    ("website", "http://spam.example", "This field is a trap for programs. Please empty it and send again."),
]


@pytest.mark.parametrize(
    ("name", "typed", "message"), ERRORS, ids=[f"{name}-{typed[:12]!a}" for name, typed, _message in ERRORS]
)
def test_ask_with_an_error_says_it_above_the_form_and_beside_the_field(neurology, name, typed, message):
    SpecialtyFactory(slug="closed", is_open=False)

    answer = send_question(browser(), "neurology", **{name: typed})

    page = parse(answer)
    (entry,) = page.one("div", class_="error-summary").all("li")
    assert entry.text.endswith(f": {message}")
    assert entry.one("a").attrs["href"] == f"#id_{name}"
    field = page.one(id=f"id_{name}")
    (beside,) = page.all("div", class_="invalid-feedback")
    assert beside.text == message
    assert beside.attrs["id"] in field.attrs["aria-describedby"].split()
    assert field.attrs["aria-invalid"] == "true"
    assert answer.status_code == 422
    assert not Question.objects.exists()


def test_ask_with_an_error_loses_nothing_that_was_typed(neurology):
    typed = {
        "headline": 'Is 3 < 4 & "5"?',
        "text": "First line\r\n\r\n  indented </textarea><b>line",
        "pseudonym": "<Kk>",
        "age_band": "90+",
        "sex": "other",
        "duration": "since 1 < 2",
        "medication": "one\r\ntwo",
        "conditions": "none",
        "seen_doctor": "yes",
        "different_because": "I am <older>",
        "similar_seen": "3,2,1",
        "email": "not an e-mail",
    }

    form = form_of(send_question(browser(), neurology, **typed))

    kept = {name: value_of(form, name) for name in typed}
    assert kept == typed
    assert (value_of(form, "specialty"), value_of(form, "consent")) == ("neurology", "on")


def test_ask_without_consent_has_all_errors_at_once(neurology):
    page = parse(send_question(browser(), "", headline="", text="", consent=None))

    links = [address for _text, address in page.one("div", class_="error-summary").links()]
    assert links == ["#id_specialty", "#id_headline", "#id_text", "#id_consent"]


def test_ask_takes_words_as_long_as_it_says(neurology):
    send_question(browser(), neurology, headline="H" * 200, text="字" * 10_000, email=f"{'a' * 60}@example.org")

    question = Question.objects.get()
    assert (len(question.headline), len(question.text)) == (200, 10_000)


def test_ask_escapes_what_was_typed_on_the_private_page(neurology):
    patient = browser()
    text = '<script>alert("x")</script> & <b>bold</b>'

    link = send_question(patient, neurology, text=f"{text}\nsecond line", headline=text, pseudonym="<i>Kk</i>").url

    page = parse(patient.get(link))
    quote = page.one("section", class_="question-quote")
    assert quote.one("h2").text == text
    assert quote.one("div", class_="prose").text == f"{text}second line"
    assert len(quote.all("br")) == 1
    assert quote.one("p", class_="asker-line").text.startswith("<i>Kk</i>. Ask Date:")
    assert {tag: quote.all(tag) for tag in ("script", "b", "i")} == {"script": [], "b": [], "i": []}


def test_ask_offers_another_pseudonym_each_time(client, neurology):
    offered = [value_of(form_of(client.get("/ask/")), "pseudonym") for _time in range(3)]

    assert len(set(offered)) == 3
    assert all(re.fullmatch(r"[A-Z][a-z]+ [1-9]\d{3}", name) for name in offered)


def test_ask_without_a_pseudonym_gives_a_neutral_one(neurology):
    send_question(browser(), neurology, pseudonym="  ", email="kk@example.org")

    assert re.fullmatch(r"[A-Z][a-z]+ [1-9]\d{3}", Question.objects.get().pseudonym)


def test_ask_while_signed_in_puts_the_question_under_my_questions(neurology):
    patient = browser()
    patient.force_login(UserFactory())

    send_question(patient, neurology)

    question = Question.objects.get()
    page = parse(patient.get("/my/questions/"))
    assert page.one("ul", class_="queue").links() == [(WORDS["headline"], f"/my/questions/{question.pk}/")]


def test_ask_without_signing_in_puts_the_question_under_nobodys_my_questions(neurology):
    patient = browser()
    send_question(patient, neurology)

    patient.force_login(UserFactory())

    assert parse(patient.get("/my/questions/")).one("div", class_="empty-state").headings() == [
        "h2 You have not asked yet"
    ]


def test_my_questions_holds_ones_own_newest_first(client):
    patient = UserFactory()
    for headline in ("First", "Second"):
        QuestionFactory(asker=patient, headline=headline)
    QuestionFactory(asker=UserFactory(), headline="Of another")
    client.force_login(patient)

    assert parse(client.get("/my/questions/")).one("ul", class_="queue").texts("a") == ["Second", "First"]


def test_my_questions_asks_a_visitor_to_sign_in(client):
    assert client.get("/my/questions/").url == "/accounts/login/?next=/my/questions/"


@pytest.mark.parametrize(
    ("headline", "text", "language"),
    [
        ("Why does my eyelid twitch?", "It has been a week.", "en"),
        ("眼皮一直跳", "已經一個星期了，需要看醫生嗎？", "zh-hant"),
        ("MRI 檢查", "Please explain: what does this Chinese word on my report mean?", "en"),
        ("眼皮跳", "吃了 Magnesium 三天 still twitching 怎麼辦", "zh-hant"),
        ("???", "123 456", "en"),
    ],
)
def test_ask_recognises_the_language(neurology, headline, text, language):
    send_question(browser(), neurology, headline=headline, text=text)

    assert Question.objects.get().language == language


def test_ask_page_is_kept_by_no_cache(neurology):
    patient = browser()

    for answer in (patient.get("/ask/"), send_form(patient, "/ask/", headline="A private thing")):
        assert "no-store" in answer["Cache-Control"]


def test_ask_answers_a_machine_that_sends_no_form(neurology):
    answer = Client().post("/ask/", "{}", content_type="application/json")

    errors = parse(answer).one("div", class_="error-summary").links()
    assert [address for _text, address in errors] == ["#id_specialty", "#id_headline", "#id_text", "#id_consent"]
