"""What is told of a place in a text, and the words that may stand there instead."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

HAN = re.compile(r"[\u3400-\u9fff]")
# Common characters that only Simplified Chinese has.
SIMPLIFIED = set("们这医问药说时个对还没吗让给经检话号码证请写边过发现岁严种")


class Kind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    PROFILE = "profile"
    NAME = "name"
    ADDRESS = "address"
    BIRTH_DATE = "birth_date"
    ID_NUMBER = "id_number"
    RECORD_NUMBER = "record_number"
    CARD = "card"
    AGE = "age"


# English, Traditional, Simplified.
INSTEAD = {
    Kind.PHONE: ("[phone number]", "[電話號碼]", "[电话号码]"),
    Kind.EMAIL: ("[e-mail address]", "[電子郵件]", "[电子邮件]"),
    Kind.PROFILE: ("[contact]", "[聯絡帳號]", "[联系账号]"),
    Kind.NAME: ("[name]", "[姓名]", "[姓名]"),
    Kind.ADDRESS: ("[address]", "[地址]", "[地址]"),
    Kind.BIRTH_DATE: ("[date of birth]", "[出生日期]", "[出生日期]"),
    Kind.ID_NUMBER: ("[id number]", "[證件號碼]", "[证件号码]"),
    Kind.RECORD_NUMBER: ("[record number]", "[病歷號碼]", "[病历号码]"),
    Kind.CARD: ("[card number]", "[卡號]", "[卡号]"),
}


@dataclass(frozen=True)
class Span:
    """A place in a text, `text[start:end]`, that looks like personal data, and what may stand there instead.

    `band` is set for an exact age alone: its ten years, as the ask form has them.
    """

    start: int
    end: int
    kind: Kind
    text: str
    replacement: str
    band: str = ""


def script_of(text: str) -> int:
    """0 English, 1 Traditional Chinese, 2 Simplified Chinese: in what words something is to be replaced in it."""
    if len(HAN.findall(text)) * 5 < len(text):
        return 0
    return 2 if SIMPLIFIED.intersection(text) else 1


def masked(text: str, spans: Iterable[Span]) -> str:
    """The text with each of these spans of it replaced."""
    parts, end = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        parts += [text[end : span.start], span.replacement]
        end = span.end
    return "".join([*parts, text[end:]])
