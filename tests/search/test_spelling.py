"""Typing errors in a query, mended on the words of published titles and questions."""

import pytest

from forum.search.spelling import mended, typing_errors
from forum.search.vocabulary import count_words
from tests.factories import QuestionFactory, published_thread

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def words() -> None:
    for n in range(2):
        published_thread(
            public_title=f"Headache and migraine {n}", headline="Pain", text="My eyelid twitches.", reply__text="Sleep."
        )
    count_words()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hedache", "headache"),
        ("headahce", "headache"),
        ("Migrane pain", "migraine pain"),
        ("eylid", "eyelid"),
        ("headache", "headache"),
        ("headaches", "headaches"),
        ("hedache migrane", "headache migraine"),
    ],
)
def test_a_word_that_no_thread_holds_becomes_the_nearest_that_some_do(typed, meant):
    assert mended(typed) == meant


@pytest.mark.parametrize("typed", ['"hedache"', "-hedache", "xyzzyq", "hed", "the", "頭痛", "", "!!!", "12345"])
def test_what_is_quoted_left_out_or_like_no_word_stays(typed):
    assert mended(typed) == typed


def test_a_word_that_one_thread_alone_holds_is_a_word():
    published_thread(text="A hedache.", reply__text="X.")

    assert mended("hedache") == "hedache"


def test_words_of_unpublished_questions_are_never_offered():
    for _ in range(3):
        QuestionFactory(headline="Secretitis", text="Secretitis")
    count_words()

    assert mended("secretitiss") == "secretitiss"


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abd", 1), ("abc", "ab", 1), ("", "ab", 2)],
)
def test_typing_errors(one, other, errors):
    assert typing_errors(one, other) == errors
