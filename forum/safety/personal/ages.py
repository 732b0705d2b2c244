"""Exact ages: no alarm, since a doctor needs one, but its ten years say enough in public."""

import re
from collections.abc import Iterator

from forum.safety.personal.rules import Anchor, Reading, Rule
from forum.safety.personal.spans import Kind, Span

# What may follow a number after "I am" that is years: not "34 weeks", "5 kilos", "100%".
NO_MORE = (
    r"(?=\s{0,2}(?:[,;!?)\n]|\.(?!\d)|$|and\b|but\b|yrs?\b|years?\b(?! (?:in|into|of|after|post|sober|younger))"
    r"|y\.?/?o\b|old\b"
    r"|female\b|male\b|woman\b|man\b|with\b|now\b|so\b|who\b|this\b|in\s\w))(?!,\d)"
)
SOMEBODY = (
    r"\b(?:he|she|who|mother|father|mom|mum|dad|son|daughter|husband|wife|brother|sister|partner|boy|girl"
    r"|grand\w{2,7}|child|kid)"
)
YEARS = r"(?P<years>\d{1,3})"
AT_SOME_TIME = "".join(
    rf"(?<!{word} )"
    for word in ("at", "by", "the", "after", "before", "over", "under", "from", "until", "ents", "men", "ren")
)
NUMBER = Anchor(re.compile(r"(?<![\d.,])\d{1,3}(?!\d)"), before=40, after=25)
# With the words that belong to it, and the number alone.
WHOLE = (
    rf"(?<![\d.,-]){YEARS}(?:[ -]years?[ -]old\b(?!\s(?:scan|ct|mri|test|result|scar|injury|photo))|\s?"
    r"(?:y\.?/?o\.?|yrs? old)(?![a-z]))"
)
BARE = (
    rf"\bi(?:'m| am| turned| just turned|'ve turned)\s(?:now |only |just |almost |already |a |an )?{YEARS}{NO_MORE}"
    rf"|{SOMEBODY}(?:'s| is| was)\s(?:now |only |just )?(?P<theirs>\d{{1,3}})"
    r"(?=\s{0,2}(?:[,;!?)\n]|\.(?!\d)|$|and\b|years? old|now\b|with\b))"
    rf"|{AT_SOME_TIME}\baged?\s?[:=]?\s?(?P<told>\d{{1,3}})"
    r"(?!\d|[.-]\d|\s?(?:and|or) (?:over|above|older|up|under|below|younger)|\+|\s?(?:to|-)\s?\d)"
)
ENGLISH = tuple(Rule(Kind.AGE, re.compile(pattern), anchor=NUMBER, small=True) for pattern in (WHOLE, BARE))


def _is_no_temperature(match: re.Match) -> bool:
    before = match.string[max(0, match.start() - 14) : match.start()]
    return not (match.group().endswith("F") and int(match["years"] or 0) >= 94) and not WARM.search(before)


WARM = re.compile(r"(?i)(?:temp\w{0,8}|fever|degrees|was|of|at|to)\W{0,4}$")
SEXED = Rule(
    Kind.AGE,
    re.compile(
        r"(?:^|(?<=[\s(\[,.]))(?P<years>[1-9]\d)(?:\s?/\s?[FM]|[FM]|\s(?:female|male))(?![A-Za-z0-9/-])"
        r"|(?<=[(\[])[FM]\s?/?\s?(?P<after>[1-9]\d)(?=[)\],])"
    ),
    anchor=NUMBER,
    check=_is_no_temperature,
)
NUMERAL = r"(?P<years>\d{1,3}|[一二三四五六七八九十]{1,4})"
WHO = (
    r"今年|現年|现年|年齡|年龄|年紀|年纪|本人|我|患者|個案|个案|男|女|女性|男性|媽媽|妈妈|母親|母亲|爸爸|父親|父亲|兒子|儿子|女兒|女儿|先生|太太"
    r"|老公|老婆|小孩|孩子|外婆|奶奶|爺爺|爷爷|阿公|阿嬤|妹妹|弟弟|哥哥|姊姊|姐姐|婆婆|公公|朋友"
)
CHINESE = Rule(
    Kind.AGE,
    re.compile(
        rf"(?:(?:{WHO})[是:：，,\s]{{0,2}}(?:今年|已經|已经|快|剛|刚|才|就|約)?|(?:^|(?<=[，,。.\s(（、；;])))"
        rf"(?P<found>{NUMERAL}\s?[歲岁])(?!以上|以下|以後|以后|以前|時|时|那年|開始|开始|左右|前|後|后|~|-|到|至|起|的時|的时|之|多就|還沒|就|才|的人|婦|的婦|以內|內)"
    ),
    anchor=Anchor(re.compile("[歲岁]"), before=20, after=10),
)
DIGITS = {sign: number for number, sign in enumerate("一二三四五六七八九", 1)}
OLDEST = 120


def exact_ages(reading: Reading) -> Iterator[Span]:
    """Ages in years that somebody tells of a person, each with its ten years in place of the number."""
    for rule in (*ENGLISH, SEXED, CHINESE):
        for match in rule.matches(reading):
            written = next(value for name, value in match.groupdict().items() if value and name != "found")
            years = int(written) if written.isdecimal() else _read(written)
            if 0 <= years <= OLDEST:
                yield _span(reading, _place(rule, match), written, band_of(years))


def _place(rule: Rule, match: re.Match) -> tuple[int, int]:
    if rule.pattern.pattern == BARE:
        return match.span(match.lastgroup)
    return match.span("found" if "found" in match.re.groupindex else 0)


def _span(reading: Reading, place: tuple[int, int], written: str, band: str) -> Span:
    start, end = place
    found = reading.text[start:end]
    return Span(start, end, Kind.AGE, reading.original[start:end], found.replace(written, band, 1), band)


def _read(numeral: str) -> int:
    """四十五, 十八, 九: up to ninety-nine; -1 for what is none."""
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return DIGITS.get(numeral, -1)
    if any(len(part) > 1 or part not in DIGITS for part in (tens, ones) if part):
        return -1
    return DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0)


def band_of(years: int) -> str:
    """The ten years an age belongs to, written as the ask form's `age_band`."""
    return "90+" if years >= 90 else f"{years // 10 * 10}-{years // 10 * 10 + 9}"
