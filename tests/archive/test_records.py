from datetime import date

import pytest

from forum.archive.fields import Rejected
from forum.archive.records import ArticleRecord, Record, ReplyRecord, first_sentence, parse_line
from tests.archive.lines import asker, least, line, question, reply, thread


def reason(content: bytes) -> str:
    with pytest.raises(Rejected) as rejected:
        parse_line(content)
    return str(rejected.value)


def test_line_with_every_key_is_read_whole():
    assert parse_line(line(thread())) == Record(
        id="sample-1",
        language="en",
        specialty="Neurology",
        title="Tingling toes after long walks",
        headline="My toes tingle",
        text="My toes tingle after an hour of walking. Should I worry?",
        asked_on=date(2024, 2, 28),
        pseudonym="Walker",
        age_band="30-39",
        sex="female",
        replies=(
            ReplyRecord("Ada Sample", "Neurology", "Try wider shoes first.", date(2024, 2, 29)),
            ReplyRecord(None, "Family Medicine", "I agree.", None),
        ),
        article=ArticleRecord(
            "## Causes\n\n1. **Shoes**: too tight", [{"title": "Feet", "url": "https://example.org/feet"}]
        ),
        topics=("Tingling", "Feet"),
        unknown=(),
    )


def test_line_with_the_required_keys_alone_is_read():
    record = parse_line(line(least()))
    assert (record.title, record.headline) == ("Is a twitching eyelid harmless?", "Is a twitching eyelid harmless?")
    assert (record.language, record.pseudonym, record.age_band, record.sex) == ("en", "", "", "")
    assert (record.asked_on, record.article, record.topics) == (None, None, ())
    assert record.replies == (ReplyRecord(None, None, "Nearly always.", None),)


def test_null_is_the_same_as_a_missing_key():
    empty = {"lang": None, "title": None, "more_info": None, "topics": None}
    nulls = least(
        **empty,
        question=least()["question"] | {"title": None, "date": None, "asker": None},
        replies=[{"text": "Nearly always.", "doctor": None, "specialty": None, "date": None}],
    )
    assert parse_line(line(nulls)) == parse_line(line(least()))


def test_missing_language_is_detected():
    assert parse_line(line(least(question={"text": "眼皮一直跳要緊嗎？"}))).language == "zh-hant"


def test_language_is_kept_in_lower_case():
    assert parse_line(line(thread(lang="zh-Hant"))).language == "zh-hant"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("One. Two.", "One."),
        ("\n  Spaces   and\ttabs here \nnext line", "Spaces and tabs here"),
        ("Dose of 2.5 mg okay? Thanks.", "Dose of 2.5 mg okay?"),
        ("頭痛三天了。要看醫生嗎？", "頭痛三天了。"),
        ("…", "…"),
        ("word " * 60, "word " * 22 + "word…"),
        ("字" * 200, "字" * 119 + "…"),
    ],
)
def test_made_title_is_the_first_sentence_of_at_most_120_characters(text, title):
    assert first_sentence(text) == title
    assert len(title) <= 120


@pytest.mark.parametrize(
    ("low", "high", "band"),
    [
        *((0, 9, "0-9"), (20, 29, "20-29"), (80, 89, "80-89"), (90, None, "90+"), (None, None, "")),
        *((20, None, "20-29"), (None, 29, "20-29"), (23, 23, "20-29"), (90, 99, "90+")),
    ],
)
def test_age_bounds_become_a_band(low, high, band):
    assert parse_line(line(thread(question=asker(age_from=low, age_to=high)))).age_band == band


def test_texts_are_kept_as_they_are():
    text = ' \r\nShe said "no" — 👩‍⚕️ \u202bשלום\u202c\n\n\ttab \\u0000 \\ud800 '
    assert parse_line(line(thread(question=question(text=text)))).text == text


def test_escaped_surrogate_pair_is_a_character():
    content = line(thread(title="TITLE")).replace(b"TITLE", rb"\ud83d\ude00")
    assert parse_line(content).title == "😀"


def test_topics_stand_once_whatever_their_case():
    assert parse_line(line(thread(topics=["Feet", " feet ", "Shoes"]))).topics == ("Feet", "Shoes")


def test_source_without_title_shows_its_address():
    record = parse_line(line(thread(more_info={"text": "Read on.", "sources": [{"url": "http://example.org"}]})))
    assert record.article.sources == [{"title": "http://example.org", "url": "http://example.org"}]


def test_unknown_keys_are_named_by_their_path_and_left_out():
    content = thread(colour="red", replies=[reply(stars=5), reply()], question=asker(name="W", height=170))
    assert parse_line(line(content)).unknown == ("colour", "question.asker.height", "replies[0].stars")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (line(thread())[:-40], "the line breaks off in the middle (truncated JSON)"),
        (b'{"id": "sample-1", "lang": nul', "the line breaks off in the middle (truncated JSON)"),
        (b'{"id": "sample-1",', "the line breaks off in the middle (truncated JSON)"),
        (b"{'id': 1}", "the line is not JSON: Expecting property name enclosed in double quotes (character 2)"),
        (b'{"id": NaN}', "the line is not JSON: it holds NaN"),
        (b"[" * 100_000, "the line is nested too deeply"),
        (b'["id"]', "the line must be an object, not a list"),
        (b"null", "the line must be an object, not null"),
        (b'{"id": "a\0b"}', "the line holds a NUL character"),
        (rb'{"id": "a\u0000b"}', "the line holds a NUL character"),
        (rb'{"id": "x", "more": [{"a\u0000": 1}]}', "the line holds a NUL character"),
        (
            rb'{"id": "\ud800"}',
            "the line holds half of a surrogate pair (a \\ud800 escape without its partner)",
        ),
        (b'{"id": "caf\xe9"}', "the line is not UTF-8 (byte 12)"),
        (b'{"id": "\xed\xa0\x80"}', "the line is not UTF-8 (byte 9)"),
    ],
)
def test_line_that_is_no_json_object_in_utf_8_is_rejected(content, why):
    assert reason(content) == why


def test_number_of_thousands_of_digits_is_rejected():
    assert reason(b'{"id": ' + b"9" * 10_000 + b"}").startswith("the line is not JSON: ")


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("id", "id is missing"),
        ("specialty", "specialty is missing"),
        ("question", "question is missing"),
        ("replies", "replies is missing: a thread has at least one reply"),
    ],
)
def test_missing_required_key_is_rejected(key, why):
    content = thread()
    del content[key]
    assert reason(line(content)) == why
    assert reason(line(thread(**{key: None}))) == why


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"id": 7}, "id must be text, not a number"),
        ({"id": " "}, "id is empty"),
        ({"id": "x" * 201}, "id has 201 characters; at most 200 are taken"),
        ({"lang": True}, "lang must be text, not true"),
        ({"lang": "English"}, "lang must be a language code like en or zh-hant, not 'English'"),
        ({"specialty": ["Neurology"]}, "specialty must be text, not a list"),
        ({"specialty": "x" * 81}, "specialty has 81 characters; at most 80 are taken"),
        ({"title": {}}, "title must be text, not an object"),
        ({"title": "x" * 201}, "title has 201 characters; at most 200 are taken"),
        ({"question": "Why?"}, "question must be an object, not text"),
        ({"question": {"title": "Only that"}}, "question.text is missing"),
        ({"question": question(text=" \n")}, "question.text is empty"),
        ({"question": question(text=1.5)}, "question.text must be text, not a number"),
        ({"question": question(text="x" * 5_000_000)}, "question.text has 5,000,000 characters; at most 100,000"),
        ({"question": question(title="x" * 201)}, "question.title has 201 characters; at most 200 are taken"),
        ({"question": question(date="15.12.2023")}, "question.date must be a date like 2023-12-15, not '15.12.2023'"),
        ({"question": question(date="2023-02-30")}, "question.date is a day that does not exist: 2023-02-30"),
        ({"question": question(date="0001-01-01")}, "question.date is not between the years 1900 and 2100"),
        ({"question": question(date=20231215)}, "question.date must be text, not a number"),
        ({"question": question(asker="Me")}, "question.asker must be an object, not text"),
        ({"question": asker(name=5)}, "question.asker.name must be text, not a number"),
        ({"question": asker(name="x" * 41)}, "question.asker.name has 41 characters; at most 40 are taken"),
        ({"question": asker(age_from="20")}, "question.asker.age_from must be a whole number, not text"),
        ({"question": asker(age_from=True)}, "question.asker.age_from must be a whole number, not true"),
        ({"question": asker(age_from=21, age_to=30)}, "question.asker must have an age of ten years like 20 to 29"),
        ({"question": asker(age_from=29, age_to=20)}, "question.asker must have an age of ten years like 20 to 29"),
        ({"question": asker(age_from=-10, age_to=-1)}, "question.asker must have an age of ten years like 20 to 29"),
        ({"question": asker(sex="F")}, "question.asker.sex must be female, male or other, not 'F'"),
        ({"replies": {}}, "replies must be a list, not an object"),
        ({"replies": []}, "replies is missing: a thread has at least one reply"),
        ({"replies": ["Rest."]}, "replies[0] must be an object, not text"),
        ({"replies": [reply(), reply(text="")]}, "replies[1].text is empty"),
        ({"replies": [reply(text="x" * 100_001)]}, "replies[0].text has 100,001 characters; at most 100,000 are taken"),
        ({"replies": [reply(doctor="x" * 301)]}, "replies[0].doctor has 301 characters; at most 300 are taken"),
        ({"replies": [reply(date="2023-13-01")]}, "replies[0].date is a day that does not exist: 2023-13-01"),
        ({"more_info": "Text"}, "more_info must be an object, not text"),
        ({"more_info": {"text": 3}}, "more_info.text must be text, not a number"),
        ({"more_info": {"text": "x" * 100_001}}, "more_info.text has 100,001 characters; at most 100,000 are taken"),
        ({"more_info": {"sources": [{"url": "https://example.org"}]}}, "more_info.text is missing"),
        ({"more_info": {"text": "T", "sources": [{"title": "No"}]}}, "more_info.sources[0].url is missing"),
        (
            {"more_info": {"text": "T", "sources": [{"url": "javascript:alert(1)"}]}},
            "more_info.sources[0].url must be an http or https address, not 'javascript:alert(1)'",
        ),
        (
            {"more_info": {"text": "T", "sources": [{"url": "http://[x"}]}},
            "more_info.sources[0].url must be an http or https address, not 'http://[x'",
        ),
        ({"topics": "Feet"}, "topics must be a list, not text"),
        ({"topics": ["Feet", 4]}, "topics[1] must be text, not a number"),
        ({"topics": [""]}, "topics[0] is empty"),
        ({"topics": ["x" * 81]}, "topics[0] has 81 characters; at most 80 are taken"),
    ],
)
def test_value_that_does_not_fit_is_rejected_with_its_path(changes, why):
    assert reason(line(thread(**changes))).startswith(why)
