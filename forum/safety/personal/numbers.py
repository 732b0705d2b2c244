"""Numbers of ids, records and payment cards."""

import re
from collections.abc import Callable

from forum.safety.personal import checksums
from forum.safety.personal.rules import Anchor, Rule
from forum.safety.personal.spans import Kind

# Digits enough for a number of somebody, with the letters and signs between them.
STRETCH = r"\d(?:[ ./()-]{0,2}[a-z]{0,2}\d){3,20}"
NUMBER = Anchor(re.compile(STRETCH), before=8, after=6)
ANNOUNCED = Anchor(NUMBER.pattern, before=60, after=6)
# Nothing before or after it belongs to it: neither a letter nor a digit, nor a digit behind a sign.
ALONE = r"(?<![A-Za-z0-9])(?<![0-9][-.])"
ENDS = r"(?![A-Za-z0-9])(?![-.][0-9])"
# Between a word that announces a number and the number itself.
SAYS = r"(?:\s{0,2}(?:number|no\b\.?|nr\.?|num\b\.?|id\b|code|card|#|卡?號碼|卡?号码|字號|字号|卡?號|卡?号|碼|码))?"
SAYS += r"(?: (?:at|with|from|of|for) (?:the |my )?[a-z]{2,20}(?: [a-z]{2,20})?)?"
SAYS += r"\s{0,2}(?:is|was|are|:|=|#|是|為|为|,)?\s{0,2}"


def alone(pattern: str, check: Callable[[str], bool], *, then: Callable[[str], bool] = lambda found: True) -> Rule:
    """An id that is known by its shape and its check digit; `then` looks at it as it is written."""
    return Rule(
        Kind.ID_NUMBER,
        re.compile(f"{ALONE}{pattern}{ENDS}"),
        anchor=NUMBER,
        check=lambda match: then(match.group()) and check(re.sub(r"[\s().-]", "", match.group())),
    )


def announced(kind: Kind, words: str, number: str) -> Rule:
    """A number that is known by the words before it."""
    pattern = re.compile(rf"(?:{words})(?:{SAYS})(?P<found>{number}){ENDS}")
    return Rule(kind, pattern, anchor=ANNOUNCED, small=True)


def has_date(digits: str) -> bool:
    """Whether YYMMDD begins it."""
    return checksums.is_date("20" + digits[:6])


IDS = (
    alone(r"[A-Z](?:[1289]|[A-D])\d{8}", checksums.is_taiwan_id),
    alone(r"\d{17}[\dXx]", checksums.is_chinese_id),
    alone(r"[A-Z]{1,2}\d{6}\s?\([0-9A]\)", checksums.is_hong_kong_id),
    alone(r"\d{3} \d{3} \d{4}", checksums.is_nhs_number),
    alone(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]", lambda number: True),
    alone(r"(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}", lambda number: True),
    alone(r"[2-9]\d{3}[ -]\d{4}[ -]\d{4}(?![ -]\d)", checksums.is_aadhaar),
    alone(r"(?:\d{8}|[XYZ]-?\d{7})[- ]?[A-Z]", checksums.is_spanish_id),
    alone(r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]", checksums.is_codice_fiscale),
    alone(r"[12]\s?\d{2}\s?[01]\d\s?(?:\d{2}|2[AB])\s?\d{3}\s?\d{3}\s?\d{2}", checksums.is_french_nir),
    alone(r"\d{6}-[1-8]\d{6}", has_date),
    alone(r"\d{6}-\d{2}-\d{4}", has_date),
    alone(r"[STFGM]\d{7}[A-Z]", checksums.is_singapore_nric),
    alone(r"\d{3}\.\d{3}\.\d{3}-\d{2}", checksums.is_cpf),
)
# Where somebody says what it is, it counts without its check digit: people mistype.
SAID_IDS = (
    announced(
        Kind.ID_NUMBER,
        r"passport|護照|护照|驾照|駕照|driv(?:er'?s|ing) licen[cs]e",
        r"[a-z]{0,3}\d{6,9}[a-z]?",
    ),
    announced(
        Kind.ID_NUMBER,
        r"身[分份][證证]|居留[證证]|[證证]件|統一[證証]號|national id(?:entity)?|\bid(?:entity)? (?:card|number"
        r"|no\b\.?)"
        r"|social security|national insurance|\bssn|\bsin\b|\bnhs|\bnino\b|\bnric|\bfin\b|aadhaar|aadhar|\bdni"
        r"|\bnie\b|\bcpf|codice fiscale"
        r"|sécu(?:rité sociale)?|resident (?:registration )?n|my ?number|マイナンバー|個人番号|個人番號|\bhkid|mykad",
        r"[a-z]{2}(?: ?\d\d){3} ?[a-d]|(?=(?:[a-z() -]{0,4}\d){6})(?:[a-z]{1,3}[ -]?)?[\d(](?:[ -]?[\d()]|-?[a-z]"
        r"(?![a-z])){4,17}",
    ),
)
RECORDS = (
    announced(
        Kind.RECORD_NUMBER,
        r"\bmrn|(?:medical|hospital|patient|clinic|health) (?:record|file|id|no\b\.?|number|card)|\bchart "
        r"(?:no\b\.?|number)"
        r"|\bcase (?:no\b\.?|number)|(?:insurance|policy|member|subscriber|beneficiary|medicare|medicaid|medi-cal)"
        r"(?: (?:member|policy|card|id))?|病[歷历](?:表)?[號号]?|就[診诊][卡號号]?|住院[號号]"
        r"|[門门][診诊][號号]|掛號證|健保卡"
        r"|健康卡|[醫医]保卡?|社保卡?|保[單单]|保险|保險|診療券番号",
        r"(?:[a-z]{1,5}[ -]?)?(?=(?:[a-z/ -]{0,2}\d){4})\d(?:[ /-]?\d|[/-]?[a-z](?![a-z])){3,17}",
    ),
)
CARDS = (
    Rule(
        Kind.CARD,
        re.compile(
            rf"{ALONE}[3-6]\d{{3}}(?:[ -]?\d{{4}}){{2}}[ -]?\d{{1,7}}{ENDS}"
            rf"|{ALONE}3[47]\d\d[ -]\d{{6}}[ -]\d{{5}}{ENDS}"
        ),
        anchor=NUMBER,
        check=lambda match: checksums.is_luhn(re.sub(r"\D", "", match.group())),
    ),
)
RULES = (*CARDS, *IDS, *SAID_IDS, *RECORDS)
