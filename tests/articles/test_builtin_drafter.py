"""The built-in drafter: passages of signed articles, each with where it is from; nothing of its own."""

from datetime import date

from forum.articles.drafters import Asked, Material
from forum.articles.drafters.builtin import BuiltinDrafter

EYELIDS = """\
An eyelid that twitches is nearly always tired.

## Causes

1. **Coffee**: an eyelid twitches after six cups.

### Rare ones

A nerve that is pressed.

## At home

Sleep, and a warm cloth on the knee.
"""
CALVES = """\
## causes

Calves twitch after a run; an eyelid after coffee.

## Stretching ##

Lean against a wall.
"""


def material(text: str, title: str = "Eyelids *and* more", **fields) -> Material:
    values = {"signed_by": "Ada Lin", "reviewed_on": date(2024, 2, 3), "sources": []}
    return Material(title=title, text=text, **values | fields)


def draft(text: str, *articles: Material, language: str = "en") -> str:
    return "".join(BuiltinDrafter().draft(Asked(text, "Neurology", language, articles)))


def test_draft_quotes_the_sections_nearest_to_the_question_those_of_one_heading_together():
    text = draft("Does coffee make my eyelid twitch?", material(EYELIDS), material(CALVES, "Calves", reviewed_on=None))

    assert text == (
        "An eyelid that twitches is nearly always tired.\n\n"
        "*From “Eyelids \\*and\\* more”, signed by Dr. Ada Lin, last reviewed 2024/02/03.*\n\n"
        "## Causes\n\n"
        "1. **Coffee**: an eyelid twitches after six cups.\n\n### Rare ones\n\nA nerve that is pressed.\n\n"
        "*From “Eyelids \\*and\\* more”, signed by Dr. Ada Lin, last reviewed 2024/02/03.*\n\n"
        "Calves twitch after a run; an eyelid after coffee.\n\n"
        "*From “Calves”, signed by Dr. Ada Lin.*\n\n"
    )


def test_draft_is_the_same_every_time():
    asked = ("Does coffee make my eyelid twitch?", material(EYELIDS), material(CALVES))

    assert len({draft(*asked) for _ in range(5)}) == 1


def test_question_that_shares_no_word_gets_the_beginning_of_the_first_article():
    text = draft("Zzz?", material(EYELIDS), material(CALVES))

    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## Causes", "## At home"]
    assert text.startswith("An eyelid that twitches")


def test_draft_for_a_chinese_question_says_in_chinese_where_it_is_from():
    text = draft("眼皮跳動", material("## 原因\n\n眼皮跳動多半是疲勞。", "眼皮", signed_by="林雅"), language="zh-hant")

    assert text == "## 原因\n\n眼皮跳動多半是疲勞。\n\n*摘自「眼皮」, 林雅醫師簽署, 最近審閱 2024/02/03。*\n\n"
