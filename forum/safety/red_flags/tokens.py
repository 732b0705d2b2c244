"""Text as a row of tokens: an English word, a number, a Chinese character or a mark each.

Words lose their endings and their apostrophes, Chinese its script, Cantonese is said in Mandarin; numbers are written
in digits, without what stands behind the point. So one entry of the rules stands for all ways in which it is written.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate, pairwise

from forum.safety.chinese import one_script_by_character
from forum.safety.red_flags.cantonese import in_mandarin

NUMBER = re.compile(r"[0-9]+")
SPELLED = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
NUMBER_WORDS = {
    **{word: str(number) for number, word in enumerate(SPELLED)},
    **{"twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "hundred": "100"},
}
DIGITS = {**{digit: number for number, digit in enumerate("零一二三四五六七八九")}, "两": 2}
UNITS = {"十": 10, "百": 100}
# Each mark is one of the 256 characters of Latin-1, which tells it from Chinese: what is not is written otherwise here.
FULL_STOP, LIST_COMMA = "¶", "¦"
SENTENCE_ENDS = frozenset(f".!?;\n{FULL_STOP}")
MARKS = SENTENCE_ENDS | frozenset(f",:(){LIST_COMMA}")
NUMERALS = "".join(sorted({*DIGITS, *UNITS}))
HAN_BETWEEN_NUMERALS = "".join(
    f"{chr(ord(before) + 1)}-{chr(ord(after) - 1)}"
    for before, after in pairwise(f"\u4dff{NUMERALS}\ua000")
    if ord(after) - ord(before) > 1
)
# A row of characters and marks, each of them a token; or a word or a number.
PIECE = re.compile(
    rf"([\u3400-\u4dbf{HAN_BETWEEN_NUMERALS}{''.join(sorted(MARKS))}]+)"
    rf"|([a-z]{{1,40}}(?:['’][a-z]{{1,3}}(?![a-z]))?|[0-9]{{1,9}}(?:[.,][0-9]{{1,9}})?|[{NUMERALS}]{{1,9}})"
)
# The marks that Chinese is written with, which are quicker put into normal form (NFKC) than what else may need it.
NARROW = {**dict(zip("，？！：；（）", ",?!:;()", strict=True)), "…": "..."}
UNUSUAL = re.compile(r"[^\x00-\x7f、。\u3400-\u4dbf\u4e00-\u9fff]+")
# Characters that both scripts write in more than one way ("活著", "活着"), and persons of whom the same is said.
ONE_CHARACTER = (
    {"。": FULL_STOP, "、": LIST_COMMA}
    | dict(zip("著妳您她牠它祂姊藉甚", "着你你他他他他姐借什", strict=True))
    | {"廿": "二十", "卅": "三十"}
)
# How far a token moves on: a Chinese word has about two characters.
WORD, CHARACTER = 2, 1
# Written for every word where only its width counts; what is not of Latin-1 is encoded as a question mark.
ANY_WORD = "w"
WIDTHS = bytes(WORD if chr(code) == ANY_WORD else 0 if chr(code) in MARKS - {"?"} else CHARACTER for code in range(256))
DOUBLED = re.compile(r"([bdgmnprt])\1$")
ONE_WAY_OF_WRITING = {
    "cannot": "cant",
    "im": "i am",
    "ive": "i have",
    "hes": "he is",
    "shes": "she is",
    "whats": "what is",
    "anymore": "any more",
    "noone": "no one",
    "gonna": "going to",
    "alot": "a lot",
    "tonite": "tonight",
    "normally": "usual",  # "normal" denies what stands before it
    # The two ways of writing "not" are one, so that an entry with "dont" is found in "I do not want to live".
    "dont": "do not",
    "doesnt": "does not",
    "didnt": "did not",
    "isnt": "is not",
    "wasnt": "was not",
    "arent": "are not",
    "wont": "will not",
    "havent": "have not",
    "hasnt": "has not",
    "wouldnt": "would not",
    "werent": "were not",
    "hadnt": "had not",
    "couldnt": "could not",
}


def pieces_of(text: str) -> list[tuple[str, str]]:
    """The text as rows of characters, each a token (the first of two), and words (the second), one of them empty."""
    text = text.encode("utf-8", "ignore").decode()  # lone surrogates: what is written in Rust refuses them
    for wide, narrow in NARROW.items():
        text = text.replace(wide, narrow)
    if not unicodedata.is_normalized("NFKC", text):
        text = UNUSUAL.sub(_in_normal_form, text)
    text = in_mandarin(one_script_by_character(text).lower())
    for one, other in ONE_CHARACTER.items():
        text = text.replace(one, other)
    return PIECE.findall(text)


def _in_normal_form(unusual: re.Match) -> str:
    return unicodedata.normalize("NFKC", unusual.group())


def tokens_of(text: str) -> list[str]:
    """The tokens in order."""
    return [token for characters, word in pieces_of(text) for token in characters or tokens_of_word(word)]


@lru_cache(maxsize=20_000)
def tokens_of_word(word: str) -> tuple[str, ...]:
    """The token of a word or number; more than one where two words are written as one."""
    if word[0].isascii() and word[0].isalpha():
        plain = word.replace("'", "").replace("’", "")
        if plain in ONE_WAY_OF_WRITING:
            return tuple(ONE_WAY_OF_WRITING[plain].split())
        plain = plain[:-1] if word[-2:] in ("'s", "’s") else plain
        return (NUMBER_WORDS[plain] if plain in NUMBER_WORDS else stem(plain),)
    if number := NUMBER.match(word):
        return (number.group(),)
    return (str(_chinese_number(word)),)


def _chinese_number(written: str) -> int:
    if len(written) > 2 and written[-2] == "百" and written[-1] in DIGITS:
        written += "十"  # who says 一百九 means 190; 109 is 一百零九
    total = digit = 0
    for character in written:
        if unit := UNITS.get(character):
            total, digit = total + (digit or 1) * unit, 0
        else:
            digit = DIGITS[character]
    return total + digit


def stem(word: str) -> str:
    """An English word without the endings of its forms; what is left need not be a word."""
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if len(word) > 5 and word.endswith("ing"):
        word = DOUBLED.sub(r"\1", word[:-3])
    elif len(word) > 4 and word.endswith("ed") and not word.endswith("eed"):
        word = DOUBLED.sub(r"\1", word[:-2])
    elif len(word) > 5 and word.endswith("ly"):
        word = word[:-2]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def places_of(shapes: str) -> list[int]:
    """How far from the beginning each token stands, in half words of English or characters of Chinese.

    `shapes` is the text with ANY_WORD for each word or number.
    """
    without_question_marks = shapes.replace("?", "!")
    return list(accumulate(without_question_marks.encode("latin-1", "replace").translate(WIDTHS), initial=0))
