"""Which published threads a reader's words find, and in what order."""

import pytest
from django.db import connection

from forum.moderation.services import hide_thread
from forum.questions.models import Question
from forum.search.queries import search_questions
from forum.search.services import index_questions
from tests.factories import QuestionFactory, SpecialtyFactory, UserFactory, published_thread

pytestmark = pytest.mark.django_db


def thread(title: str = "About nothing", text: str = "Nothing.", reply: str = "Nothing.", **fields) -> Question:
    return published_thread(public_title=title, headline="Nothing", text=text, reply__text=reply, **fields)


def found(text: str, **filters) -> list[str]:
    return [question.public_title for question in search_questions(text, **filters)]


@pytest.mark.parametrize("query", ["twitch", "twitches", "Twitching", "TWITCHED", "the twitching"])
def test_a_word_is_found_in_all_its_forms(query):
    thread("Found", "My eyelid twitches.")
    thread("Other", "My eyelid hurts.")

    assert found(query) == ["Found"]


def test_a_word_in_the_title_counts_more_than_in_the_text_and_there_more_than_in_the_reply():
    thread("In the reply", reply="Twitching.")
    thread("Twitching")
    thread("In the text", text="Twitching.")

    assert found("twitching") == ["Twitching", "In the text", "In the reply"]


def test_the_patients_headline_counts_as_title():
    published_thread(public_title="In the headline", headline="Twitching", text="Nothing.", reply__text="Nothing.")
    thread("In the text", text="Twitching.")

    assert found("twitching") == ["In the headline", "In the text"]


def test_threads_that_match_alike_come_newest_first():
    for n in range(3):
        thread(f"Number {n}", "Twitching.")

    assert found("twitching") == ["Number 2", "Number 1", "Number 0"]


def test_all_words_must_be_in_a_thread():
    thread("Both", "My eyelid twitches.", "Drink less coffee.")
    thread("One", "My eyelid twitches.")

    assert found("eyelid coffee") == ["Both"]


def test_either_word_is_enough_where_the_reader_says_or():
    thread("Eyelid", "My eyelid.")
    thread("Coffee", "My coffee.")
    thread("Neither")

    assert sorted(found("eyelid or coffee")) == ["Coffee", "Eyelid"]


def test_words_in_quotes_are_looked_for_together():
    thread("Together", "It was chest pain.")
    thread("Apart", "Pain in the back, none in the chest.")

    assert found('"chest pain"') == ["Together"]
    assert sorted(found("chest pain")) == ["Apart", "Together"]


def test_a_minus_leaves_a_word_out():
    thread("With", "Pain in the chest.")
    thread("Without", "Pain in the back.")

    assert found("pain -chest") == ["Without"]


def test_filters_narrow_the_results():
    medicine, elsewhere = SpecialtyFactory(), SpecialtyFactory()
    child = SpecialtyFactory(parent=medicine)
    fields = {"text": "Twitching."}
    thread("Top", **fields, specialty=medicine, age_band="20-29", sex="female")
    thread("Child", **fields, specialty=child, age_band="90+", sex="male")
    thread("Elsewhere", **fields, specialty=elsewhere, age_band="20-29", sex="male")
    thread("Unknown", **fields, specialty=elsewhere, age_band="", sex="")

    assert sorted(found("twitching", specialty=medicine)) == ["Child", "Top"]
    assert found("twitching", specialty=child) == ["Child"]
    assert found("twitching", age_band="90+") == ["Child"]
    assert sorted(found("twitching", sex="male")) == ["Child", "Elsewhere"]
    assert found("twitching", specialty=elsewhere, age_band="20-29", sex="male") == ["Elsewhere"]
    assert found("twitching", specialty=medicine, age_band="30-39") == []


@pytest.mark.parametrize("state", ["waiting", "declined", "withdrawn", "hidden"])
def test_what_is_not_published_is_not_found_even_where_it_is_indexed(state):
    traits = {} if state == "waiting" else {state: True}
    index_questions([QuestionFactory(text="Twitching.", **traits).pk])

    assert found("twitching") == []


def test_a_thread_hidden_a_moment_ago_is_not_found():
    question = thread("Gone", "Twitching.")
    before = found("twitching")

    hide_thread(question=question, by=UserFactory(admin=True), reason="admin")

    assert (before, found("twitching")) == (["Gone"], [])


def test_a_thread_is_found_by_its_new_words_once_it_is_indexed_again():
    question = thread("Changed", "Twitching.")
    Question.objects.filter(pk=question.pk).update(text="Cramps.")

    index_questions([question.pk])

    assert (found("twitching"), found("cramps")) == ([], ["Changed"])


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("肌肉跳動", ["肌肉跳動的原因"]),
        ("肌肉", ["肌肉跳動的原因", "胃痛"]),
        ("跳動肌肉", []),
        ("肉跳", ["肌肉跳動的原因"]),
        ("頭痛", []),
        ("MRI", ["胃痛"]),
        ("肌肉 原因", ["肌肉跳動的原因"]),
    ],
)
def test_chinese_is_found_by_pairs_of_neighbouring_characters(query, titles):
    fields = {"language": "zh-hant", "reply": "沒有關係。"}
    thread("胃痛", "我的肌肉放鬆,做過 MRI 檢查。", **fields)
    thread("肌肉跳動的原因", "我的眼皮會跳。", **fields)

    assert found(query) == titles


def test_english_threads_are_found_by_english_words_only_in_the_same_words():
    thread("Running", "I was running.")

    assert found("run") == ["Running"]
    assert found("ru") == []


@pytest.mark.parametrize(
    "query",
    [
        *("the and of", "!!! ???", "()", "'", '"', "\\", "a & | ! <-> :*", "twitching:*", "!twitching", "<->", ":A"),
        *(
            "twitching & !",
            "'; DROP TABLE x; --",
            "\u200f\u202etwitching\u202c",
            "-",
            "--",
            '"twitching',
            "or",
            "or or",
        ),
        *(
            "症",
            "\ue000x\ue001",
            "x" * 100_000,
            "症" * 100_000,
            "twitching " * 10_000,
            "\x00twitching",
            "\ud800x",
            "½ ² ٣",
        ),
    ],
)
def test_no_query_upsets_the_database(query):
    thread("Found", "Twitching.")

    assert set(found(query)) <= {"Found"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.parametrize(
    "query", ["twitching:*", "'twitching'", "\x00twitching", "\u200ftwitching\u200e", "(twitching)"]
)
def test_signs_around_a_word_do_not_hide_it(query):
    thread("Found", "Twitching.")

    assert found(query) == ["Found"]


def test_a_text_of_any_length_can_be_indexed():
    question = thread("Long", " ".join(f"word{n}" for n in range(30_000)) + " twitching")

    assert question.index_entry is not None
    assert found("word7") == ["Long"]
