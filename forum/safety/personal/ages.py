"""Exact ages: no alarm, since a doctor needs one, but its ten years say enough in public."""

import re
from collections.abc import Iterator

from forum.safety.personal.spans import Kind, Span

# What makes a number after "I am" something else than years: "34 weeks", "5 kilos", "100%", "1 of 3".
NO_MORE = r"(?=\s{0,2}(?:[,.;!?)\n/]|$|and\b|but\b|yrs?\b|years?\b|y\.?/?o\b|old\b|female\b|male\b|woman\b|man\b|with\b|now\b|so\b|who\b|this\b|in\s\w))"
SOMEBODY = r"(?:he|she|who|mother|father|mom|mum|dad|son|daughter|husband|wife|brother|sister|partner|boy|girl|grand\w{2,7}|child|kid)"
YEARS = r"(?P<years>\d{1,3})"
ENGLISH = (
    (r"year", rf"(?<![\d.,-]){YEARS}[ -]years?[ -]old\b(?!\s(?:scan|ct|mri|test|result|scar|injury|photo))"),
    (r"y", rf"(?<![\d.,-]){YEARS}\s?(?:y\.?/?o\.?|yrs? old)(?![a-z])"),
    (r"i", rf"\bI(?:'m| am| turned| just turned|'ve turned)\s(?:now |only |just |almost |already |a |an )?{YEARS}{NO_MORE}(?!\s(?:years?|yrs?) (?:in|into|of|after|post|sober|younger))(?!,\d)(?!\.\d)(?!/\d)"),
    (r"is", rf"\b{SOMEBODY}(?:'s| is| was)\s(?:now |only |just )?{YEARS}(?=\s{{0,2}}(?:[,;!?)\n]|\.(?!\d)|$|and\b|years? old|now\b|with\b))"),
    (r"age", rf"(?<!at )(?<!by )(?<!the )(?<!after )(?<!before )(?<!over )(?<!under )(?<!from )(?<!until )(?<!ents )(?<!men )(?<!ren )\b(?i:aged?)\s?[:=]?\s?{YEARS}(?!\d|[.-]\d|\s?(?:and|or) (?:over|above|older|up|under|below|younger)|\+|\s?(?:to|-)\s?\d)"),
)
SEXED = re.compile(
    r"(?:^|(?<=[\s(\[,.]))(?P<years>[1-9]\d)(?:\s?/\s?[FM]|[FM]|\s(?:female|male))(?![A-Za-z0-9/-])|(?<=[(\[])[FM]\s?/?\s?(?P<after>[1-9]\d)(?=[)\],])"
)
WARM = re.compile(r"(?i)(?:temp\w{0,8}|fever|degrees|was|of|at|to)\s{0,2}[^\w]{0,3}$")
NUMERAL = r"(?P<years>\d{1,3}|[一二三四五六七八九十]{1,4})"
WHO = (
    r"今年|現年|现年|年齡|年龄|年紀|年纪|本人|我|患者|個案|个案|男|女|女性|男性|媽媽|妈妈|母親|母亲|爸爸|父親|父亲|兒子|儿子|女兒|女儿|先生|太太"
    r"|老公|老婆|小孩|孩子|外婆|奶奶|爺爺|爷爷|阿公|阿嬤|妹妹|弟弟|哥哥|姊姊|姐姐|婆婆|公公|朋友"
)
CHINESE = re.compile(
    rf"(?:(?:{WHO})[是:：，,\s]{{0,2}}(?:今年|已經|已经|快|剛|刚|才|就|約)?|(?:^|(?<=[，,。.\s(（、；;])))"
    rf"(?P<found>{NUMERAL}\s?[歲岁])(?!以上|以下|以後|以后|以前|時|时|那年|開始|开始|左右|前|後|后|~|-|到|至|起|的時|的时|之|多就|還沒|就|才|的人|婦|的婦|以內|內)"
)
DIGITS = {sign: number for number, sign in enumerate("一二三四五六七八九", 1)}
PATTERNS = tuple((sign, re.compile(pattern)) for sign, pattern in ENGLISH)
OLDEST = 120


def exact_ages(text: str) -> Iterator[Span]:
    """Ages in years that somebody tells of a person, each with its ten years in place of the number."""
    lowered = text.lower()
    for sign, pattern in PATTERNS:
        if sign in lowered:
            for match in pattern.finditer(text):
                whole = sign in ("year", "y")
                yield from _span(text, match, match.span() if whole else match.span("years"), match["years"])
    if "F" in text or "M" in text or "male" in text:
        for match in SEXED.finditer(text):
            years = match["years"] or match["after"]
            if not (match.group().endswith("F") and int(years) >= 94) and not WARM.search(text[max(0, match.start() - 14) : match.start()]):
                yield from _span(text, match, match.span(), years)
    if "歲" in text or "岁" in text:
        for match in CHINESE.finditer(text):
            yield from _span(text, match, match.span("found"), match["years"])


def _span(text: str, match: re.Match, place: tuple[int, int], written: str) -> Iterator[Span]:
    years = int(written) if written.isdecimal() else _read(written)
    if 0 <= years <= OLDEST:
        start, end = place
        found = text[start:end]
        yield Span(start, end, Kind.AGE, found, found.replace(written, band_of(years), 1), band_of(years))


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
