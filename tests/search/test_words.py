"""What index and embedders read: one script for Chinese, English abbreviations spelled out."""

import pytest

from forum.search.abbreviations import spelled_out
from forum.search.words import clean_query, indexable, one_script, web_query


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("頭痛", "头痛"),
        ("头痛", "头痛"),
        ("B肝", "乙肝"),
        ("乙肝", "乙肝"),
        ("心肌梗塞", "心肌梗塞"),
        ("headache", "headache"),
        ("", ""),
    ],
)
def test_chinese_is_read_in_simplified_characters_and_mainland_words(typed, read):
    assert one_script(typed) == read


def test_a_simplified_text_is_left_as_it_is():
    assert one_script("核心肌群怎么练") == "核心肌群怎么练"


def test_chinese_is_indexed_by_characters_and_pairs_and_other_words_as_they_are():
    assert indexable("胃痛,MRI 檢查", "zh-hant").split() == ["胃", "痛", "检", "查", "胃痛", "检查", "MRI"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Is it IBS?", "Is it IBS (irritable bowel syndrome)?"),
        ("UTIs again, UTI", "UTIs (urinary tract infection) again, UTI"),
        ("Irritable bowel syndrome (IBS)", "Irritable bowel syndrome (IBS)"),
        ("PLEASE HELP MY IBS IS BAD", "PLEASE HELP MY IBS IS BAD"),
        ("ibs", "ibs"),
        ("I am 20", "I am 20"),
    ],
)
def test_abbreviations_are_spelled_out_once(typed, read):
    assert spelled_out(typed) == read


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("胃痛 怎麼", "胃痛 怎么"),
        ('"胃很痛"', '"胃很 很痛"'),
        ("eye lid", "eye lid"),
    ],
)
def test_chinese_in_a_query_becomes_its_pairs(typed, query):
    assert " ".join(web_query(typed).replace('" ', '"').replace(' "', '"').split()) == query


def test_a_query_is_cleaned_and_cut():
    assert clean_query("a\0b\ud800 \u202ec\n d" + "x" * 500) == "a b c d" + "x" * 293
