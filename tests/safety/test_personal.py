"""Personal data in a draft: found where a text of a reply names somebody, silent on medicine."""

import pytest

from forum.safety.personal import Kind, is_taiwan_id, personal_data


def found(text: str, *, country: str = "TW", but_not: str = "") -> list[tuple[str, str]]:
    spans = personal_data(text, country=country, but_not=but_not)
    assert [text[span.start : span.end] for span in spans] == [span.text for span in spans]
    return [(span.kind, span.text) for span in spans]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Call me on 0912 345 678 tomorrow.", Kind.PHONE, "0912 345 678"),
        ("請打02-2312-3456預約", Kind.PHONE, "02-2312-3456"),
        ("My number is +44 20 7946 0958.", Kind.PHONE, "+44 20 7946 0958"),
        ("Write to wu.mukhan@clinic.example.org please.", Kind.EMAIL, "wu.mukhan@clinic.example.org"),
        ("As Mrs. Chen told you", Kind.NAME, "Mrs. Chen"),
        ("ask Dr. John Smith about it", Kind.NAME, "Dr. John Smith"),
        ("Mr O'Neill has the same", Kind.NAME, "Mr O'Neill"),
        ("王小明先生您好", Kind.NAME, "王小明先生"),
        ("請找陳醫師看診", Kind.NAME, "陳醫師"),
        ("She lives at 221 Baker Street, London.", Kind.ADDRESS, "221 Baker Street"),
        ("診所在台北市大安區信義路三段12號", Kind.ADDRESS, "台北市大安區信義路三段12號"),
        ("身分證A123456789，請刪除", Kind.ID_NUMBER, "A123456789"),
    ],
)
def test_personal_data_is_found(text, kind, words):
    assert found(text) == [(kind, words)]


@pytest.mark.parametrize(
    "text",
    [
        "Take 500 mg three times a day for 7-10 days, at most 4000 mg in 24 hours.",
        "Your TSH of 4.5 mIU/L on 2023-12-15 and HbA1c of 6.5 % are normal; blood pressure 120/80.",
        "Parkinson's, Graves' disease and the Epstein-Barr virus; see Mr. or Ms. below.",
        "Do not ask Dr. Google. Doctor, what shall I do? A doctor will see you. Dr. Will it hurt?",
        "MedlinePlus: https://medlineplus.gov/ency/article/003296.htm",
        "Room 5, 3 Main causes: the Road to health. Vitamin B12 and CD4 500.",
        "Order A123456788 of the laboratory.",
        "In 1998 2003 2011 patients of 70 years were seen; 10000 20000 30000 units.",
        "請先看家醫科醫師或神經內科醫生，一般先生太太都會擔心，小姐們也是。",
        "每天三次，每次500毫克，血壓120/80，2023年12月15日複診，走路30分鐘，第5號病床。",
    ],
)
def test_medicine_is_left_alone(text):
    assert found(text) == []


def test_the_answering_doctor_may_stand_there():
    assert found("Yours, Dr. Wu Mukhan", but_not="Wu Mukhan") == []
    assert found("Yours, Dr. Wu", but_not="Wu Mukhan") == []
    assert found("吳醫師敬上", but_not="吳") == []
    assert found("Ask Dr. Wu Mukhan or Dr. Lin", but_not="Wu Mukhan") == [(Kind.NAME, "Dr. Lin")]


def test_a_phone_number_is_read_as_it_is_dialled_in_the_country():
    assert found("Call (212) 736-5000 now", country="US") == [(Kind.PHONE, "(212) 736-5000")]
    assert found("Call (212) 736-5000 now", country="TW") == []


def test_several_are_told_in_order_and_none_twice():
    text = "Mrs. Chen, 0912 345 678, chen@example.org"

    assert found(text) == [
        (Kind.NAME, "Mrs. Chen"),
        (Kind.PHONE, "0912 345 678"),
        (Kind.EMAIL, "chen@example.org"),
    ]


@pytest.mark.parametrize(("number", "right"), [("A123456789", True), ("A123456788", False), ("F131104093", True)])
def test_the_last_digit_of_an_id_number_checks_the_others(number, right):
    assert is_taiwan_id(number) is right


def test_an_empty_text_names_nobody():
    assert found("") == []
