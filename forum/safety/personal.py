"""Personal data in free text: what a doctor should look at again before it is public.

Advice, so it errs on the quiet side: doses, dates, lab values, and names of drugs and diseases are left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers


class Kind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"
    ADDRESS = "address"
    ID_NUMBER = "id_number"


@dataclass(frozen=True)
class Span:
    """A place in a text, `text[start:end]`, that looks like personal data."""

    start: int
    end: int
    kind: Kind
    text: str


# Bounded, and only from the beginning of a word: a long text without one takes no time.
EMAIL = re.compile(
    r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,5}\.[A-Za-z]{2,24}"
)
TAIWAN_ID = re.compile(r"(?<![A-Za-z0-9])[A-Z][1289]\d{8}(?![A-Za-z0-9])")
# What each letter of a Taiwanese id counts for (Household Registration Office): A 10 ... Z 33.
ID_LETTERS = {letter: number for number, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO", 10)}

TITLED = re.compile(
    r"\b(?P<title>Mr|Mrs|Ms|Miss|Dr|Prof|Doctor|Professor)(?:\.\s?|\s)"
    r"(?P<name>[A-Z][\w'’-]*[a-z][\w'’-]*(?:\s[A-Z][\w'’-]*[a-z][\w'’-]*){0,2})"
)
# "Dr. Google", "Doctor What": after a doctor's title these are no names.
NO_NAMES = {
    *("Google", "And", "Or", "Of", "In", "On", "At", "If", "I", "You", "Your", "We", "He", "She", "It", "This", "That"),
    *("The", "A", "An", "Is", "Are", "Will", "Can", "May", "Should", "Please", "Thank", "Thanks", "Hello", "Hi"),
    *("What", "When", "Where", "Who", "Why", "How", "My", "Medicine", "Said", "For", "To", "But", "So", "As", "Do"),
    *("Visit", "Consult", "Consultation", "Advice", "Recommended", "Prescribed", "Appointment", "Right", "Universe"),
}
# The hundred commonest family names and the double ones: before a title they make a name, not a word of its own.
SURNAMES = (
    "陳林黃張李王吳劉蔡楊許鄭謝郭洪邱曾廖賴徐周葉蘇莊江呂何羅高蕭潘簡朱鍾彭游詹胡施沈余趙盧梁顏柯孫魏翁戴范宋方"
    "鄧杜傅侯曹溫薛丁馬蔣唐卓藍馮姚石董紀歐程連古汪湯姜田康鄒白涂尤巫韓龔嚴袁阮童陸金倪夏柳邵錢伍于譚駱熊任甘秦"
)
DOUBLE_SURNAMES = "歐陽|司馬|上官|諸葛|范姜|張簡"
CHINESE_TITLED = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:{DOUBLE_SURNAMES}|[{SURNAMES}])[\u4e00-\u9fff]{{0,2}}?"
    r"(?:先生|小姐|女士|太太|醫師|醫生|大夫|教授|主任)"
    rf"|(?<=[請找問是叫看給由的和與跟])(?:{DOUBLE_SURNAMES}|[{SURNAMES}])[\u4e00-\u9fff]{{0,2}}?"
    r"(?:先生|小姐|女士|太太|醫師|醫生|大夫)"
)

STREET = re.compile(
    r"\b\d{1,5}[A-Za-z]?,?\s(?:[A-Z][\w'’.-]*\s){1,4}"
    r"(?:Street|St\.|Road|Rd\.?|Avenue|Ave\.?|Boulevard|Blvd\.?|Lane|Drive|Court|Square|Terrace|Highway)(?![A-Za-z])"
)
IN_A_NAME = r"(?:(?![在於到從是住])[\u4e00-\u9fff])"
CHINESE_STREET = re.compile(
    rf"(?:{IN_A_NAME}{{2,3}}[縣市])?(?:{IN_A_NAME}{{1,3}}[區鄉鎮市])?{IN_A_NAME}{{1,4}}(?:路|街|大道)"
    r"(?:[一二三四五六七八九十\d０-９]+段)?(?:[\d０-９]+巷)?(?:[\d０-９]+弄)?[\d０-９]+(?:[-之][\d０-９]+)?號"
)


def personal_data(text: str, *, country: str, but_not: str = "") -> list[Span]:
    """Where a text seems to name a person, phone number, e-mail, postal address or id number; in order, none twice.

    `country` (ISO 3166) is where a phone number without a country code is dialled; `but_not` is a name that may stand
    there: the answering doctor's own.
    """
    found: list[Span] = []
    for start, end, kind in sorted(_places(text, country, but_not), key=lambda place: (place[0], -place[1])):
        if not found or start >= found[-1].end:
            found.append(Span(start, end, kind, text[start:end]))
    return found


def _places(text: str, country: str, but_not: str) -> Iterator[tuple[int, int, Kind]]:
    for pattern, kind in ((EMAIL, Kind.EMAIL), (STREET, Kind.ADDRESS), (CHINESE_STREET, Kind.ADDRESS)):
        yield from ((*match.span(), kind) for match in pattern.finditer(text))
    for match in phonenumbers.PhoneNumberMatcher(text, country, leniency=phonenumbers.Leniency.VALID):
        yield match.start, match.end, Kind.PHONE
    for match in TAIWAN_ID.finditer(text):
        if is_taiwan_id(match.group()):
            yield *match.span(), Kind.ID_NUMBER
    for match in TITLED.finditer(text):
        if match["name"].split()[0] not in NO_NAMES and not _is_own(match["name"], but_not):
            yield *match.span(), Kind.NAME
    for match in CHINESE_TITLED.finditer(text):
        if not (but_not and match.group().startswith(but_not)):
            yield *match.span(), Kind.NAME


def _is_own(name: str, own: str) -> bool:
    parts = {part.lower() for part in own.split()}
    return bool(parts) and all(part.lower().removesuffix("'s").removesuffix("’s") in parts for part in name.split())


def is_taiwan_id(number: str) -> bool:
    """Whether the last digit is the check digit that the others give (A123456789)."""
    letter = ID_LETTERS[number[0]]
    digits = [letter // 10, letter % 10, *(int(digit) for digit in number[1:])]
    return (
        sum(digit * weight for digit, weight in zip(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10 == 0
    )
