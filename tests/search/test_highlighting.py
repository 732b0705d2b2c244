"""Excerpts of what was found: escaped first, then marked."""

import pytest
from django.utils.safestring import SafeString

from forum.replies.cards import for_cards
from forum.search.highlighting import highlight, marked
from forum.search.queries import search_questions
from tests.factories import published_thread

pytestmark = pytest.mark.django_db


def excerpts(text: str) -> list[str]:
    return [result.excerpt for result in highlight(list(for_cards(search_questions(text))), text)]


def test_the_words_are_marked_in_the_form_in_which_they_stand():
    published_thread(text="My eyelid twitches at night.", reply__text="Twitching is harmless.")

    assert excerpts("twitch") == ["My eyelid <mark>twitches</mark> at night. <mark>Twitching</mark> is harmless."]


SIGNS = [
    ("&lt;script&gt;", "&amp;lt;script&amp;gt;"),
    ("\"quotes\" & 'more'", "&quot;quotes&quot; &amp; &#x27;more&#x27;"),
    ("1 < 2 > 0 <- <3", "1 &lt; 2 &gt; 0 &lt;- &lt;3"),
]
TAGS = "<script>alert(1)</script>"


@pytest.mark.parametrize(("typed", "shown"), SIGNS)
@pytest.mark.parametrize(("language", "word"), [("en", "eyelid"), ("zh-hant", "眼皮")])
def test_whatever_else_stands_there_is_escaped(typed, shown, language, word):
    published_thread(text=f"{word} {typed}", reply__text="X.", language=language)

    (excerpt,) = excerpts(word)

    assert excerpt == f"<mark>{word}</mark> {shown} X."
    assert isinstance(excerpt, SafeString)


def test_tags_in_a_chinese_text_are_escaped():
    published_thread(text=f"眼皮{TAGS}", reply__text="X.", language="zh-hant")

    assert excerpts("眼皮") == ["<mark>眼皮</mark>&lt;script&gt;alert(1)&lt;/script&gt; X."]


def test_tags_in_an_english_text_are_left_out():
    """PostgreSQL does so when it looks for the words; whatever it left in would be escaped."""
    published_thread(text=f"eyelid {TAGS}", reply__text="X.")

    assert excerpts("eyelid") == ["… <mark>eyelid</mark>  alert(1)  X. …"]


def test_a_found_word_within_markup_is_marked_without_making_markup():
    published_thread(text="<eyelid onclick=alert(1)>", reply__text="X.")

    assert excerpts("alert")[0].replace("<mark>", "").replace("</mark>", "") == ("&lt;eyelid onclick=alert(1)&gt; X.")


def test_chinese_words_are_marked_as_one_piece():
    published_thread(text="我的眼皮一直在跳動,怎麼辦?", reply__text="眼皮跳動沒有關係。", language="zh-hant")

    marked_words = "<mark>眼皮</mark>一直在<mark>跳動</mark>,怎麼辦? <mark>眼皮跳動</mark>沒有關係。"
    assert excerpts("眼皮跳動") == [f"我的{marked_words}"]
    assert excerpts("跳動") == ["我的眼皮一直在<mark>跳動</mark>,怎麼辦? 眼皮<mark>跳動</mark>沒有關係。"]


def test_neighbouring_chinese_pairs_are_one_mark():
    published_thread(text="左眼皮跳動", reply__text="好。", language="zh-hant")

    assert excerpts("眼皮跳動") == ["左<mark>眼皮跳動</mark> 好。"]


def test_an_excerpt_of_a_long_chinese_text_begins_near_the_word():
    published_thread(text="字" * 500 + "眼皮" + "句" * 500, reply__text="好。", language="zh-hant")

    (excerpt,) = excerpts("眼皮")

    assert excerpt == "… " + "字" * 60 + "<mark>眼皮</mark>" + "句" * (280 - 62) + " …"


def test_an_excerpt_of_a_long_english_text_shows_the_place_of_the_word():
    published_thread(text="word " * 500 + "eyelid " + "tail " * 300, reply__text="X.")

    (excerpt,) = excerpts("eyelid")

    assert "<mark>eyelid</mark>" in excerpt
    assert len(excerpt) < 500


def test_the_patients_own_markers_make_no_markup_but_marks():
    assert marked("a \ue000<b>\ue001 c \ue001 \ue000") == "a <mark>&lt;b&gt;</mark> c \ue001 \ue000"


def test_results_keep_the_order_they_came_in():
    for n in range(3):
        published_thread(text="Eyelid.", reply__text=f"Number {n}.")

    assert [excerpt[-9:] for excerpt in excerpts("eyelid")] == ["Number 2.", "Number 1.", "Number 0."]
