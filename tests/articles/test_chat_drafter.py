"""The chat server as a drafter: what it is sent, what comes back, and what becomes of its failures."""

import json

import pytest
from django.core.exceptions import ImproperlyConfigured

from forum.articles.drafters import Asked, DrafterFailed, Failure, Material, configured_drafter
from forum.articles.drafters.chat import ARTICLE_SENT, MOST_WRITTEN
from forum.articles.drafters.choice import check_drafter
from tests.chat import DONE, event, stream

ARTICLE = Material(
    "Twitching eyelids", "Sleep more. " * 1000, "Ada Lin", None, [{"title": "A", "url": "https://a.example"}]
)
ASKED = Asked("Why does it twitch?", "Neurology", "en", [ARTICLE])


def written(asked: Asked = ASKED) -> str:
    return "".join(configured_drafter().draft(asked))


def failure() -> Failure:
    with pytest.raises(DrafterFailed) as failed:
        written()
    return failed.value.failure


def test_draft_is_what_the_server_streams(chat):
    chat.answer = [
        b": a comment\n\n",
        b'data: {"choices": [{"delta": {"role": "assistant"}}]}\n\n',
        *stream("## 原因", "\n\nSleep", "."),
    ]

    assert written() == "## 原因\n\nSleep."


def test_numbers_in_the_draft_are_told_apart_below_it(chat):
    chat.answer = stream("Sleep [1]. Run [3].")
    other = Material("Another article", "Rest.", "Wu Mukhan", None, [])

    text = written(Asked("Why?", "Neurology", "en", [ARTICLE, other, other]))

    assert text == "Sleep [1]. Run [3].\n\n[1] Twitching eyelids, Dr. Ada Lin  \n[3] Another article, Dr. Wu Mukhan  "


def test_server_is_sent_the_question_the_articles_and_nothing_else(chat):
    written()

    ((path, key, sent),) = chat.asked
    system, user = (message["content"] for message in sent.pop("messages"))
    assert (path, key) == ("/v1/chat/completions", "Bearer sk-secret")
    assert sent == {"model": "careful-7b", "stream": True, "temperature": 0}
    assert "Write in English" in system
    assert user.startswith("A question from Neurology:\n<question>\nWhy does it twitch?\n</question>")
    assert user.endswith(f'<article number="1">\nTwitching eyelids\n\n{ARTICLE.text[:ARTICLE_SENT]}\n</article>')


def test_server_is_asked_for_the_language_of_the_question(chat):
    written(Asked("為什麼?", "Neurology", "zh-hant", [ARTICLE]))

    assert "Write in Traditional Chinese" in chat.asked[0][2]["messages"][0]["content"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [(500, Failure.BUSY), (503, Failure.BUSY), (429, Failure.BUSY), (401, Failure.REFUSED), (302, Failure.REFUSED)],
)
def test_status_of_the_server_tells_what_went_wrong(chat, status, expected):
    chat.status = status

    assert failure() == expected


@pytest.mark.parametrize(
    "answer",
    [
        [DONE],
        [],
        [event("half a sentence")],
        [b"data: no JSON\n\n", DONE],
        [b'data: {"error": "Why does it twitch?"}\n\n', DONE],
        [b'data: {"choices": [{"delta": {"content": 7}}]}\n\n', DONE],
        [b"data: " + b"[" * 100_000 + b"\n\n", DONE],
        stream("x" * (MOST_WRITTEN + 1)),
    ],
    ids=["nothing", "no end", "broken off", "no json", "error", "no words", "nested", "endless"],
)
def test_answer_that_is_no_draft_is_a_failure(chat, answer):
    chat.answer = answer

    assert failure() == Failure.UNFIT


def test_server_that_is_away_cannot_be_reached(chat):
    chat.shutdown()
    chat.server_close()

    assert failure() == Failure.UNREACHABLE


def test_server_that_says_nothing_is_too_slow(chat, monkeypatch):
    monkeypatch.setattr("forum.articles.drafters.chat.SECONDS_A_PIECE", 0.05)
    chat.answer = (chat.hold.wait(10) and b"" for _ in range(1))

    assert failure() == Failure.SLOW
    chat.hold.set()


def test_server_that_never_comes_to_an_end_is_too_slow(chat, monkeypatch):
    monkeypatch.setattr("forum.articles.drafters.chat.SECONDS_IN_ALL", -1)

    assert failure() == Failure.SLOW


def test_characters_that_no_database_takes_are_left_out(chat):
    chat.answer = stream("a\0b", "c\ud800d")

    assert written() == "abcd"


@pytest.mark.parametrize("spec", ["", "builtin"])
def test_without_a_server_the_drafter_is_the_built_in_one(settings, spec):
    settings.DRAFTER = spec

    assert (configured_drafter().name, check_drafter(None)) == ("builtin", [])


@pytest.mark.parametrize(
    ("spec", "model", "key", "words"),
    [
        ("gpt", "m", "", "must be builtin or the http"),
        ("http://", "m", "", "looks like http://host:8080/v1"),
        ("http://a:99999/", "m", "", "looks like http://host:8080/v1"),
        ("http://me:sk-secret@a/", "m", "", "no secrets in an address"),
        ("http://a/?key=sk-secret", "m", "", "no secrets in an address"),
        ("http://a/v1", " ", "", "CONSILIUM_DRAFTER_MODEL must name its model"),
        ("http://a/v1", "m", "sk-secret\n", "holds characters that no key has"),
    ],
)
def test_setting_that_cannot_work_is_told_before_anybody_asks(settings, spec, model, key, words):
    settings.DRAFTER, settings.DRAFTER_MODEL, settings.DRAFTER_KEY = spec, model, key

    (error,) = check_drafter(None)

    assert words in error.msg
    assert "sk-secret" not in error.msg
    with pytest.raises(ImproperlyConfigured):
        configured_drafter()


def test_the_request_is_json_of_utf_8(chat):
    written(Asked("為什麼?", "Neurology", "zh-hant", []))

    assert "為什麼?" in json.dumps(chat.asked[0][2], ensure_ascii=False)
