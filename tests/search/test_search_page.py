"""The search page: what a reader sees, types and follows."""

from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.test import Client

from forum.search.vocabulary import count_words
from tests.factories import QuestionFactory, SpecialtyFactory, published_thread
from tests.html import Element, parse

pytestmark = pytest.mark.django_db


def read(**data) -> Element:
    return parse(Client().get("/search/", data))


def titles(page: Element) -> list[str]:
    return [card.one("h3").text for card in page.all("article", class_="thread-card")]


def test_a_result_shows_title_marked_excerpt_doctor_and_asker():
    neurology = SpecialtyFactory(name="Neurology")
    question = published_thread(
        specialty=neurology, public_title="Eyelids", text="My eyelid twitches.", reply__text="Sleep."
    )
    reply = question.replies.get()

    card = read(q="eyelid").one("article", class_="thread-card")

    assert [child.text for child in card.children if isinstance(child, Element)] == [
        "Eyelids",
        "My eyelid twitches. Sleep.",
        f"Dr. {reply.doctor.name} reply Neurology",
        "Kk, 20~29 year old female. 2023/12/15",
    ]
    assert card.texts("mark") == ["eyelid"]
    assert card.one("h3").links() == [("Eyelids", question.get_absolute_url())]


def test_before_anything_is_typed_the_page_says_how_to_search():
    page = read()

    assert page.one("title").text == "Search - Consilium"
    assert titles(page) == []
    assert "a minus before a word leaves it out" in page.one("main").text


def test_the_form_keeps_what_was_typed_and_chosen():
    SpecialtyFactory(name="Neurology", slug="neurology", parent=SpecialtyFactory(name="Medicine", slug="medicine"))

    page = read(q='eye "lid" <b>', specialty="neurology", age="90+", sex="male").one("main")

    assert page.one("input", name="q").attrs["value"] == 'eye "lid" <b>'
    chosen = {
        select.attrs["name"]: [option.text for option in select.all("option") if "selected" in option.attrs]
        for select in page.all("select")
    }
    assert chosen == {"specialty": ["Medicine › Neurology"], "age": ["90+"], "sex": ["male"]}


def test_filters_the_site_does_not_know_are_ignored():
    question = published_thread(text="Eyelid.")

    page = read(q="eyelid", specialty="nothing\0", age="20", sex="x' OR 1=1", page="-1")

    assert titles(page) == [question.public_title]
    assert [option.text for option in page.one("main").all("option") if "selected" in option.attrs] == []


def test_filters_survive_following_the_pages_to_the_end_and_back():
    neurology = SpecialtyFactory(slug="neurology")
    wanted = {"text": "Eyelid.", "reply__text": "X.", "specialty": neurology, "age_band": "90+", "sex": "male"}
    threads = [published_thread(**wanted) for _ in range(45)]
    for other in ({"sex": "female"}, {"age_band": "0-9"}, {"specialty": SpecialtyFactory()}):
        published_thread(**wanted | other)

    forth, query = [], "?q=eyelid&specialty=neurology&age=90%2B&sex=male"
    while query:
        last, page = query, parse(Client().get("/search/" + query))
        forth.append(titles(page))
        query = next((link.attrs["href"] for link in page.all("a", rel="next")), "")
    back, query = [], last
    while query:
        page = parse(Client().get("/search/" + query))
        back.append(titles(page))
        query = next((link.attrs["href"] for link in page.all("a", rel="prev")), "")

    assert [len(page) for page in forth] == [20, 20, 5]
    assert [title for page in forth for title in page] == [thread.public_title for thread in reversed(threads)]
    assert back == list(reversed(forth))


@pytest.mark.parametrize(
    "query",
    [
        *("%00", "eyelid%00", "%ED%A0%80eyelid", "%FF%FE", "%E2%80%8F%E2%80%AE", "+", "%20%20", "!!!", "the", "症"),
        *("a+%26+%7C+!+%3C-%3E+%3A*", "x" * 100_000, quote("症" * 10_000), "%C3%28", "<script>alert(1)</script>"),
    ],
)
def test_any_query_is_an_ordinary_page(query):
    published_thread(text="Something.", reply__text="X.")

    response = Client().get(f"/search/?q={query}")

    page = parse(response)
    assert (response.status_code, page.texts("h1")) == (200, ["Search the answers"])
    assert len(page.one("main").one("input", name="q").attrs["value"]) <= 300
    assert titles(page) == []


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "1.5", "99999", "9" * 400, "%00", "٣", "²"])
def test_any_page_number_is_an_ordinary_page(number):
    question = published_thread(text="Eyelid.")

    page = parse(Client().get(f"/search/?q=eyelid&page={number}"))

    assert page.texts("h1") == ["Search the answers"]
    assert titles(page) in ([question.public_title], [])


def test_only_published_threads_are_shown():
    published = published_thread(text="Eyelid.")
    QuestionFactory(text="Eyelid.")

    assert titles(read(q="eyelid")) == [published.public_title]


def test_the_query_is_text_in_title_and_form():
    page = read(q="</title><script>alert(1)</script>")

    assert page.one("title").text == "</title><script>alert(1)</script> - Search - Consilium"
    assert [script.attrs for script in page.all("script") if "src" not in script.attrs] == []


def test_filters_without_words_show_all_they_let_through_newest_first():
    specialty = SpecialtyFactory(slug="neurology")
    older, newer = (published_thread(specialty=specialty, sex="male") for _ in range(2))
    published_thread(specialty=specialty, sex="female")
    published_thread(sex="male")

    page = parse(Client().get("/search/?q=&specialty=neurology&sex=male"))

    assert [card.one("h3").text for card in page.all("article")] == [newer.public_title, older.public_title]


def test_a_typing_error_is_mended_and_told():
    for n in range(2):
        published_thread(public_title=f"Headache {n}", text="It aches.", reply__text="X.")
    count_words()

    page = read(q="hedache", sex="female")

    assert sorted(titles(page)) == ["Headache 0", "Headache 1"]
    notice = page.one("p", class_="notice")
    assert notice.text == "Did you mean headache? No answer holds what you typed, so what follows is for that."
    assert notice.links() == [("headache", "?q=headache&sex=female")]
    assert page.one("main").one("input", name="q").attrs["value"] == "hedache"


def test_what_else_holds_the_words_follows_marked_with_its_language():
    published_thread(public_title="胃痛", text="我做過 MRI 檢查。", reply__text="好。", language="zh-hant")
    published_thread(public_title="Knees", text="An MRI of my knee.", reply__text="X.")

    cards = read(q="MRI").all("article", class_="thread-card")

    assert [(card.one("h3").text, card.texts("span")) for card in cards] == [
        ("Knees", []),
        ("胃痛", ["Traditional Chinese"]),
    ]


@pytest.mark.parametrize("query", ["頭痛", "头痛"])
@pytest.mark.parametrize(("language", "text"), [("zh-hant", "我常常頭痛。"), ("zh", "我常常头痛。")])
def test_both_chinese_scripts_find_and_mark_each_other(query, language, text):
    published_thread(public_title="標題", text=text, reply__text="好。", language=language)

    (card,) = read(q=query).all("article", class_="thread-card")

    assert card.texts("mark") == [text[3:5]]


@pytest.mark.parametrize(
    "query",
    [
        "x" * 100_000,
        "the and of",
        "!!! ??? ...",
        "' OR 1=1; --",
        "a & b | !c <-> (d:*)",
        '"unfinished',
        '""',
        "-",
        '-"',
        "or or or",
        "\u202eabc\u202c \u200f",
        "%_\\",
        "頭" * 5000,
    ],
)
def test_whatever_is_typed_the_page_answers(query):
    published_thread(text="My eyelid twitches.", reply__text="X.")

    response = Client().get("/search/", {"q": query})

    assert response.status_code == 200
    assert parse(response).one("h1").text == "Search the answers"


@pytest.mark.parametrize("query", ["%00", "%ED%A0%80", "%FF%FE"])
def test_bytes_that_are_no_text_get_an_ordinary_answer(query):
    assert Client().get(f"/search/?q={query}").status_code == 200


@pytest.mark.usefixtures("word_embedder")
@pytest.mark.parametrize("query", ["tooth", "hedache toooth", "牙"])
def test_a_search_by_meaning_takes_eight_queries_at_most(query, django_assert_max_num_queries):
    for n in range(3):
        published_thread(public_title=f"Headache {n}", text="A tooth, a gum.", reply__text="X.")
    call_command("reindex")
    medicine = SpecialtyFactory(slug="medicine")
    SpecialtyFactory(parent=medicine)

    with django_assert_max_num_queries(8):
        read(q=query, specialty="medicine", age="20-29", sex="female")
