"""What a patient is shown while typing a question, and what becomes of an answer that was found so."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from forum.questions.models import Question
from forum.search import while_typing
from forum.search.models import AnswerFound
from forum.search.queries import Suggestion
from tests.asking import browser
from tests.factories import QuestionFactory, SpecialtyFactory, UserFactory, published_thread
from tests.html import Element, parse

pytestmark = pytest.mark.django_db

TYPED = {"headline": "My eyelid twitches", "text": "twitches"}
THANKS = "Good that this answers you. Nothing was sent."
BUTTON = "See whether this has been answered"


@pytest.fixture
def neurology():
    return SpecialtyFactory(name="Neurology", slug="neurology")


def thread(title: str = "Twitching Eyelids", **fields) -> Question:
    return published_thread(public_title=title, text="My eyelid twitches.", **fields)


def suggest(monkeypatch, *specialties) -> None:
    """What the text is taken to belong to, best first."""
    best_first = [Suggestion(specialty, 0.9 - 0.1 * place) for place, specialty in enumerate(specialties)]
    monkeypatch.setattr(while_typing, "suggest_specialties", lambda text: best_first)


def fragment(**typed: str) -> Element:
    return parse(Client().post("/ask/similar/", typed))


def titles(found: Element) -> list[str]:
    return found.texts("h3")


def looked(client: Client, **typed: str):
    """The whole page, as the button of a browser without scripts asks for it."""
    secret = parse(client.get("/ask/")).all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    return client.post("/ask/similar/", {"csrfmiddlewaretoken": secret, "page": "1", **typed})


# ---------------------------------------------------------------- the fragment


def test_fragment_shows_title_doctor_reply_and_a_button(neurology):
    question = thread(specialty=neurology, reply__doctor__name="Wu Mukhan", reply__text="It is harmless.")

    found = fragment(**TYPED)

    card = found.one("li", class_="thread-card")
    assert found.headings() == ["h2 1 answered question may help you", "h3 Twitching Eyelids"]
    assert card.links()[0] == ("Twitching Eyelids", question.get_absolute_url())
    assert card.texts("p") == ["Dr. Wu Mukhan reply Neurology", "It is harmless."]
    assert (card.one("button").text, card.one("button").attrs["value"]) == ("This answers me", str(question.pk))
    assert found.one("ul").attrs["data-seen"] == str(question.pk)


def test_fragment_opens_no_new_window():
    thread()

    assert [link for link in fragment(**TYPED).all("a") if "target" in link.attrs] == []


def test_fragment_shows_three_threads_at_most():
    for number in range(4):
        thread(f"Number {number}")

    found = fragment(**TYPED)

    assert (found.texts("h2"), len(titles(found))) == (["3 answered questions may help you"], 3)


@pytest.mark.parametrize("state", [{}, {"declined": True}, {"withdrawn": True}, {"hidden": True}, {"merged": True}])
def test_fragment_never_shows_what_is_not_published(state):
    thread("Public")
    QuestionFactory(text="My eyelid twitches.", headline="My eyelid twitches", **state)

    assert titles(fragment(**TYPED)) == ["Public"]


def test_fragment_escapes_what_it_shows():
    published_thread(public_title="<b>eyelid</b>", text="My eyelid twitches", reply__text="<script>alert(1)</script>")

    found = fragment(**TYPED)

    assert (titles(found), found.all("b"), found.all("script")) == (["<b>eyelid</b>"], [], [])


@pytest.mark.parametrize(
    ("headline", "text", "enough"),
    [
        ("eyelid twitches", "", False),
        ("eyelid", "twitches", False),
        ("eyelid", "twitches eyelid", True),
        ("", "eyelid eyelid, eyelid!", True),
        ("", "... ??? --- !!!", False),
        ("眼皮", "跳動了", False),
        ("眼皮", "跳動眼皮", True),
        ("眼皮跳動", "MRI", True),
        ("", "", False),
    ],
)
def test_fragment_is_empty_below_three_words_or_six_chinese_characters(monkeypatch, neurology, headline, text, enough):
    suggest(monkeypatch, neurology)

    answer = Client().post("/ask/similar/", {"headline": headline, "text": text})

    assert (answer.status_code, answer.content != b"") == (200, enough)


def test_fragment_is_empty_where_nothing_is_found():
    assert Client().post("/ask/similar/", {"text": "nothing of the kind"}).content == b""


def test_fragment_is_the_same_for_a_check_by_hand():
    thread()

    by_hand = Client().get("/ask/similar/", TYPED)

    assert by_hand.content == Client().post("/ask/similar/", TYPED).content
    assert titles(parse(by_hand)) == ["Twitching Eyelids"]


@pytest.mark.parametrize("page", ["", "1"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_answers_to_what_is_typed_are_kept_by_no_cache_and_found_by_no_search_engine(client, neurology, method, page):
    answer = getattr(client, method)("/ask/similar/", {**TYPED, "page": page})

    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
    assert answer["X-Robots-Tag"] == "noindex"


def test_fragment_is_for_pages_of_this_site_alone():
    assert browser().post("/ask/similar/", TYPED).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"text=eyelid%00+twitches+eyelid&headline=%00",
        b"text=eyelid+twitches+eyelid+%ED%A0%80&headline=%ED%A0%80%ED%B0%80",
        b"text=eyelid+twitches+eyelid&specialty=nothing",
        b"text=eyelid+twitches+eyelid&specialty=%00",
        b"text=eyelid+twitches+eyelid&specialty=%ED%A0%80",
        b"text=eyelid+twitches+eyelid&specialty=" + b"x" * 1000,
        b"text=" + b"twitches+" * 11_000,
        b"text=" + "跳".encode() * 100_000,
        b"text=" + b"x" * 100_000,
        b"%00=%00",
        b"",
    ],
    ids=lambda body: body[:50],
)
@pytest.mark.parametrize("page", [b"", b"&page=1"])
def test_bad_input_gets_an_ordinary_answer(neurology, body, page):
    thread()

    answer = Client().post("/ask/similar/", body + page, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 200
    assert parse(answer).all("div", class_="error-summary") == []


def test_specialty_that_is_not_open_is_as_good_as_none():
    specialty = SpecialtyFactory(slug="closed", is_open=False)
    thread(specialty=specialty)

    assert titles(fragment(**TYPED, specialty="closed")) == ["Twitching Eyelids"]


@pytest.mark.parametrize("page", ["", "1"])
def test_fragment_asks_the_same_of_the_database_however_much_is_found(settings, neurology, page):
    settings.ACCOUNT_RATE_LIMITS = {}  # they have queries of their own

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            Client().post("/ask/similar/", {**TYPED, "specialty": "neurology", "page": page})
        return len(captured)

    thread(specialty=neurology)
    one = queries()
    for _ in range(3):
        thread(specialty=neurology)

    assert queries() == one <= 12


# ---------------------------------------------------------------- the specialty


def test_specialties_are_offered_as_buttons_best_first(monkeypatch, neurology):
    suggest(monkeypatch, neurology, SpecialtyFactory(name="Eyes", slug="eyes"))

    buttons = fragment(**TYPED).all("button", type="button")

    assert [(button.text, button.attrs["data-specialty"]) for button in buttons] == [
        ("Neurology", "neurology"),
        ("Eyes", "eyes"),
    ]


def test_specialties_tell_which_one_is_chosen(monkeypatch, neurology):
    suggest(monkeypatch, neurology, SpecialtyFactory(name="Eyes", slug="eyes"))

    buttons = fragment(**TYPED, specialty="eyes").all("button", type="button")

    assert [button.attrs["aria-pressed"] for button in buttons] == ["false", "true"]


def test_specialties_are_not_offered_where_the_best_is_chosen(monkeypatch, neurology):
    suggest(monkeypatch, neurology, SpecialtyFactory())

    assert "This may belong to" not in fragment(**TYPED, specialty="neurology").text


def test_specialties_are_not_offered_where_the_site_is_unsure(monkeypatch):
    suggest(monkeypatch)
    thread()

    assert "This may belong to" not in fragment(**TYPED).text


# ---------------------------------------------------------------- too many


def test_sixty_first_look_of_a_minute_is_refused_in_one_sentence(neurology):
    here, elsewhere = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="192.0.2.2")
    taken = [(here.get if number % 2 else here.post)("/ask/similar/").status_code for number in range(60)]

    refused = here.post("/ask/similar/", TYPED)

    assert taken == [200] * 60
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert parse(refused).text == (
        "Answers were looked for many times from here in a short time. Please wait a minute, or just go on."
    )
    assert here.get("/ask/similar/", TYPED).status_code == 429
    assert elsewhere.post("/ask/similar/", TYPED).status_code == 200


def test_refused_look_of_a_browser_without_scripts_keeps_what_was_typed(settings, neurology):
    settings.ACCOUNT_RATE_LIMITS = {"ask_similar": "1/m/key"}
    Client().post("/ask/similar/")

    answer = Client().post("/ask/similar/", {**TYPED, "page": "1"})

    assert answer.status_code == 429
    assert parse(answer).one("textarea", name="text").text == "twitches"
    assert "Please wait a minute" in parse(answer).one(id="similar-answers").text


# ---------------------------------------------------------------- without scripts


def test_page_offers_to_look_before_it_offers_to_send(client, neurology):
    form = parse(client.get("/ask/")).one("form", class_="ask-form")

    look, send = form.all("button")
    assert (look.text, look.attrs["formaction"]) == (BUTTON, "/ask/similar/#similar-answers")
    assert {"formnovalidate", "name", "value"} <= look.attrs.keys()
    assert (send.text, form.attrs["action"]) == ("Send my question", "/ask/")


def test_looked_page_shows_the_answers_and_asks_in_what_this_one_is_different(neurology):
    question = thread(specialty=neurology)

    form = parse(looked(browser(), **TYPED)).one("form", class_="ask-form")

    assert titles(form.one(id="similar-answers")) == ["Twitching Eyelids"]
    assert "hidden" not in form.one(id="difference").attrs
    assert form.one("input", name="similar_seen").attrs["value"] == str(question.pk)


def test_looked_page_keeps_all_that_was_typed_and_finds_no_fault_with_it(neurology):
    typed = {
        "specialty": "neurology",
        "headline": 'Is 3 < 4 & "5"? ' + "x" * 300,
        "pseudonym": "<Kk>",
        "age_band": "90+",
        "sex": "other",
        "duration": "since 1 < 2",
        "seen_doctor": "yes",
        "email": "not an e-mail",
        "different_because": "I am older. " + "x" * 300,
        "consent": "on",
    }
    areas = {"text": "First line\n  </textarea><b>line", "medication": "one\ntwo", "conditions": "none"}

    page = parse(looked(browser(), **typed, **areas))

    form = page.one("form", class_="ask-form")
    inputs = {name: form.one("input", name=name).attrs.get("value") for name in typed if form.all("input", name=name)}
    chosen = {
        choice.attrs["name"]: [option.attrs["value"] for option in choice.all("option") if "selected" in option.attrs]
        for choice in form.all("select")
    }
    assert inputs | {name: value for name, (value,) in chosen.items()} == typed
    assert {area.attrs["name"]: area.source.removeprefix("\n") for area in form.all("textarea")} == areas
    assert "checked" in form.one("input", name="consent").attrs
    assert page.all("div", class_="error-summary") + page.all("div", class_="invalid-feedback") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing of the kind", "We found no answered question like yours. Please go on: a doctor will read it."),
        ("eyelid", "Please write a little more first: three words at least."),
    ],
)
def test_looked_page_says_so_where_it_shows_nothing(neurology, text, said):
    page = parse(looked(browser(), text=text))

    assert page.one(id="similar-answers").text == said
    assert "hidden" in page.one(id="difference").attrs


def test_looked_page_names_the_specialty_and_has_no_button_that_needs_a_script(monkeypatch, neurology):
    suggest(monkeypatch, neurology, SpecialtyFactory(name="Eyes"))

    found = parse(looked(browser(), **TYPED)).one(id="similar-answers")

    assert found.one("p", class_="similar-specialties").text == "This may belong to: Neurology, Eyes"
    assert found.all("button") == []


def test_looked_page_takes_no_question(neurology):
    looked(browser(), specialty="neurology", consent="on", **TYPED)

    assert not Question.objects.exists()


# ---------------------------------------------------------------- an answer found


def test_answer_found_is_counted_and_leads_to_the_thread():
    question = thread()
    patient = browser()
    secret = parse(looked(patient, **TYPED)).one("form", id="answered-form").one("input").attrs["value"]

    answer = patient.post("/ask/answered/", {"csrfmiddlewaretoken": secret, "thread": question.pk}, follow=True)

    assert answer.redirect_chain == [(question.get_absolute_url(), 302)]
    assert parse(answer).one(role="status").text == THANKS
    assert [(found.question, found.times) for found in AnswerFound.objects.all()] == [(question, 1)]


def test_answer_found_is_counted_by_thread_and_day():
    first, second = thread(), thread()
    AnswerFound.objects.create(question=first, day=date(2023, 12, 15), times=7)

    for question in (first, first, second):
        Client().post("/ask/answered/", {"thread": question.pk})

    assert list(AnswerFound.objects.order_by("pk").values_list("question", "times")) == [
        (first.pk, 7),
        (first.pk, 2),
        (second.pk, 1),
    ]


def test_answer_found_keeps_nothing_of_who_found_it():
    assert {field.name for field in AnswerFound._meta.get_fields()} == {"id", "question", "day", "times"}


@pytest.mark.parametrize("state", [{}, {"declined": True}, {"withdrawn": True}, {"hidden": True}, {"merged": True}])
def test_answer_in_a_thread_that_is_not_public_is_as_unknown_as_any(client, state):
    question = QuestionFactory(**state)

    here = client.post("/ask/answered/", {"thread": question.pk})

    assert (here.status_code, here.content) == (404, client.post("/ask/answered/", {"thread": "1"}).content)
    assert not AnswerFound.objects.exists()


@pytest.mark.parametrize("thread_id", ["", "x", "-1", "1.0", "٣", "9" * 18, "9" * 100, "1\0"])
def test_answer_in_no_thread_at_all_is_not_found(client, thread_id):
    assert client.post("/ask/answered/", {"thread": thread_id}).status_code == 404


def test_answer_is_found_by_a_press_and_by_no_link(client):
    assert client.get("/ask/answered/").status_code == 405
    assert browser().post("/ask/answered/", {"thread": thread().pk}).status_code == 403


def test_answers_found_are_shown_to_admins_and_changed_by_nobody(client):
    AnswerFound.objects.add_one(thread())
    client.force_login(UserFactory(admin=True))
    found = AnswerFound.objects.get()

    page = parse(client.get("/admin/search/answerfound/"))
    changes = ("add/", f"{found.pk}/delete/", f"{found.pk}/change/")
    answers = [client.post(f"/admin/search/answerfound/{change}", {"times": 5}).status_code for change in changes]

    assert page.texts("td", class_="field-thread") == ["Twitching Eyelids"]
    assert answers == [403, 403, 403]
