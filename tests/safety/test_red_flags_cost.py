"""The work of a screen grows with the length of the text alone, whatever stands in it."""

import re
import sys
from re import _constants as constants
from re import _parser as parser

import pytest

from forum.safety import chinese
from forum.safety.red_flags import cantonese, context, entries, lexicon, rules, screen, tokens

HOSTILE = {
    "signs": "chest pain sweating left arm ",
    "one word": "chest",
    "negators": "no not never without ",
    "commas": "no fever, rash, ",
    "lists": "no fever, or rash, or ",
    "gaps": "throat throat can't ",
    "numbers": "12 week old 38 ",
    "markers": "years ago now if i afraid of ",
    "Chinese": "胸口痛沒有突然",
    "Chinese numbers": "一百十二",
    "Cantonese": "佢唔食嘢BB係咁嘔",
    "marks": ",.!?;",
    "letters": "a'",
    "typing mistakes": "breatheing swelllling ",
    "wide": "ﷺＡ",
    "nothing known": "zzzzqq ",
}


def steps_of(text: str) -> int:
    """How many lines of the package are run to screen it."""
    count = 0

    def trace(frame, event, _argument):
        nonlocal count
        if "red_flags" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        screen(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("shape", HOSTILE)
def test_twice_the_text_is_twice_the_work(shape):
    text = (HOSTILE[shape] * 4000)[:4000]
    screen(text)  # what is kept from one text to the next is there already

    assert steps_of(text * 2) <= 2.2 * steps_of(text) + 1000


@pytest.mark.parametrize("shape", HOSTILE)
def test_a_hundred_thousand_characters_are_read_to_the_end(shape):
    hostile = (HOSTILE[shape] * 100_000)[:100_000]

    assert "stroke" in {flag.code for flag in screen(f"{hostile}. \n\nHer face is drooping and her speech is slurred")}


def patterns() -> dict[str, re.Pattern]:
    """Every regular expression that a text meets on its way."""
    return {
        f"{module.__name__}.{name}": value
        for module in (chinese, cantonese, context, entries, lexicon, rules, tokens)
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    }


def repeats_within(parsed, inside: bool = False) -> bool:
    """Whether a repeat without a bound stands within another one."""
    for operation, argument in parsed:
        is_repeat = operation in (constants.MAX_REPEAT, constants.MIN_REPEAT)
        unbounded = is_repeat and argument[1] is constants.MAXREPEAT
        if unbounded and inside:
            return True
        parts = argument if isinstance(argument, (list, tuple)) else [argument]
        for part in parts:
            for piece in part if isinstance(part, list) else [part]:
                if isinstance(piece, parser.SubPattern) and repeats_within(piece, inside or unbounded):
                    return True
    return False


def test_a_nested_repeat_would_be_found():
    assert repeats_within(parser.parse("(a+b?)+"))
    assert not repeats_within(parser.parse("(a{1,3}b?)+"))


def test_no_pattern_repeats_within_a_repeat():
    assert patterns()
    assert [name for name, pattern in patterns().items() if repeats_within(parser.parse(pattern.pattern))] == []
