"""Personal data in a text: found where it tells who somebody is, silent on medicine."""

import json
import re
from pathlib import Path
from re import _parser as parser

import pytest

from forum.questions.models import AgeBand
from forum.safety.personal import Kind, exact_ages, masked, personal_data
from forum.safety.personal.ages import CHINESE, ENGLISH, SEXED, band_of
from forum.safety.personal.contacts import A_DATE, ANNOUNCED, CANDIDATE, NOT_A_PHONE
from forum.safety.personal.finding import RULES
from forum.safety.personal.rules import Reading

AGES = (*ENGLISH, SEXED, CHINESE)
# How often what repeats may be repeated: the words of a name, the parts of a host.
MOST_NESTED = 5
SET = Path(__file__).resolve().parents[2] / "benchmarks" / "personal_data.jsonl"


def found(text: str, *, country: str = "TW", allowed: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    spans = personal_data(text, country=country, allowed=allowed)
    assert [text[span.start : span.end] for span in spans] == [span.text for span in spans]
    return [(span.kind, span.text) for span in spans]


def ages(text: str) -> list[tuple[str, str, str]]:
    return [(span.text, span.replacement, span.band) for span in exact_ages(text)]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Call me on 0912 345 678 tomorrow.", Kind.PHONE, "0912 345 678"),
        ("請打02-2312-3456預約", Kind.PHONE, "02-2312-3456"),
        ("我的手機是０９２２３４５６７８。", Kind.PHONE, "０９２２３４５６７８"),
        ("可以打我电话138 1234 5678", Kind.PHONE, "138 1234 5678"),
        ("My number is +44 20 7946 0958.", Kind.PHONE, "+44 20 7946 0958"),
        ("(415) 555-0132 is me", Kind.PHONE, "(415) 555-0132"),
        ("Write to wu.mukhan@clinic.example.org please.", Kind.EMAIL, "wu.mukhan@clinic.example.org"),
        ("lena dot hart at gmail dot com", Kind.EMAIL, "lena dot hart at gmail dot com"),
        ("我的LINE ID是mei_0712，可以加我", Kind.PROFILE, "mei_0712"),
        ("加我微信：wxid_xiaolan77", Kind.PROFILE, "wxid_xiaolan77"),
        ("My Instagram is lotte.paints", Kind.PROFILE, "lotte.paints"),
        ("I am on Telegram as @nightowl_ben", Kind.PROFILE, "@nightowl_ben"),
        ("see https://www.facebook.com/karin.oyelaran/", Kind.PROFILE, "https://www.facebook.com/karin.oyelaran/"),
        ("As Mrs. Chen told you", Kind.NAME, "Mrs. Chen"),
        ("Mr O'Neill has the same", Kind.NAME, "Mr O'Neill"),
        ("Hello, my name is Rosalind Achterberg and I cough", Kind.NAME, "Rosalind Achterberg"),
        ("my name is joanna and i have ibs", Kind.NAME, "joanna"),
        ("Thanks,\nIngrid", Kind.NAME, "Ingrid"),
        ("王小明先生您好", Kind.NAME, "王小明先生"),
        ("刘女士，您好", Kind.NAME, "刘女士"),
        ("我叫林淑芬，最近頭暈", Kind.NAME, "林淑芬"),
        ("我的名字是王大同。", Kind.NAME, "王大同"),
        ("She lives at 221 Baker Street, London.", Kind.ADDRESS, "221 Baker Street, London"),
        ("診所在台北市大安區信義路三段12號", Kind.ADDRESS, "台北市大安區信義路三段12號"),
        ("住上海市徐汇区漕溪北路398号12室", Kind.ADDRESS, "上海市徐汇区漕溪北路398号12室"),
        ("I was born on 14 March 1988", Kind.BIRTH_DATE, "14 March 1988"),
        ("生日是民國72年5月6日", Kind.BIRTH_DATE, "民國72年5月6日"),
        ("MRN 4471203 at the county hospital", Kind.RECORD_NUMBER, "4471203"),
        ("病歷號3308127，看過三次", Kind.RECORD_NUMBER, "3308127"),
        ("card 4532 0151 1283 0366", Kind.CARD, "4532 0151 1283 0366"),
        ("my passport no. is K08412297", Kind.ID_NUMBER, "K08412297"),
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
        "My mother had Alzheimer's, my father Crohn's disease.",
        "Do not ask Dr. Google. Doctor, what shall I do? A doctor will see you. Dr. Will it hurt?",
        "I saw Dr. John Smith and Professor Lindqvist. 陳醫師說要開刀，林主任說不用。",
        "MedlinePlus: https://medlineplus.gov/ency/article/003296.htm",
        "Room 5, 3 Main causes: the Road to health. Vitamin B12 and CD4 500.",
        "Order A123456788 of the laboratory, lot EX20931, batch 4471203.",
        "In 1998 2003 2011 patients of 70 years were seen; 10000 20000 30000 units.",
        "請先看家醫科醫師或神經內科醫生，一般先生太太都會擔心，小姐們也是。",
        "每天三次，每次500毫克，血壓120/80，2023年12月15日複診，走路30分鐘，第5號病床。",
        "Call 119 at once, 112 in Europe, 999 in London; the Samaritans on 116 123, or 1-800-273-8255.",
        "請打1925或119，免付費電話0800-788-995，全国热线400-161-9995。",
        "The pain began on 12 March 2023; my son was born in 2015.",
        "Instagram is full of advice, and a LINE group too. 微信群里说不能喝牛奶。",
        "Hello doctor, dear all. Thank you, Doctor",
        "我叫救護車送醫，我叫他不要喝酒。我是高血壓患者。",
        "",
    ],
)
def test_medicine_is_left_alone(text):
    assert found(text) == []


IDS = {
    "A161318608": "A161318609",  # Taiwan
    "F268465634": "F268465635",
    "AC62819482": "AC62819483",  # residents of Taiwan, as it was
    "110105198803121236": "110105198803121237",  # China
    "Z190937(2)": "Z190937(3)",  # Hong Kong
    "Z675136(A)": "Z675136(1)",
    "485 137 1004": "485 137 1005",  # NHS
    "7432 3194 8754": "7432 3194 8755",  # Aadhaar
    "70241505B": "70241505C",  # DNI
    "Y5830794D": "Y5830794E",  # NIE
    "RSSMRA85T10A562S": "RSSMRA85T10A562T",  # codice fiscale
    "2 85 06 75 116 001 25": "2 85 06 75 116 001 26",  # NIR
    "S8955597C": "S8955597D",  # NRIC
    "T9711471J": "T9711471A",
    "F0497465N": "F0497465A",  # FIN
    "529.982.247-25": "529.982.247-26",  # CPF
    "4532 0151 1283 0366": "4532 0151 1283 0367",  # a card
}


@pytest.mark.parametrize("number", IDS)
def test_the_check_digit_of_a_number_checks_the_others(number):
    wrong = IDS[number]

    assert [words for _kind, words in found(f"It is {number}, or not.")] == [number]
    assert found(f"It is {wrong}, or not.") == []


@pytest.mark.parametrize("number", ["219-09-4417", "AB 12 34 56 C", "900101-2000014", "880505-10-5234"])
def test_an_id_without_a_check_digit_is_known_by_its_shape(number):
    assert found(f"It is {number}.") == [(Kind.ID_NUMBER, number)]


@pytest.mark.parametrize("words", ["NHS number 621 993 5188", "身分證字號 A161318609", "My Number 2297 3638 7129"])
def test_a_number_that_somebody_calls_an_id_needs_no_check_digit(words):
    assert [kind for kind, _words in found(words)] == [Kind.ID_NUMBER]


def test_names_that_are_allowed_may_stand_there():
    assert found("Yours sincerely, Wu Mukhan") == [(Kind.NAME, "Wu Mukhan")]
    assert found("Yours sincerely, Wu Mukhan", allowed=("Wu Mukhan",)) == []
    assert found("Hello Kay, sleep more.", allowed=("Wu Mukhan", "Kay")) == []
    assert found("Mr. Wu or Mr. Lin", allowed=("Wu Mukhan",)) == [(Kind.NAME, "Mr. Lin")]
    assert found("吳先生您好", allowed=("吳",)) == []


def test_a_phone_number_is_read_as_it_is_dialled_in_the_country():
    assert found("0151 23456789, please", country="DE") == [(Kind.PHONE, "0151 23456789")]
    assert found("0151 23456789, please", country="TW") == []


def test_several_are_told_in_order_and_none_twice():
    text = "Mrs. Chen, 0912 345 678, chen@example.org"

    assert found(text) == [
        (Kind.NAME, "Mrs. Chen"),
        (Kind.PHONE, "0912 345 678"),
        (Kind.EMAIL, "chen@example.org"),
    ]


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("Mrs. Chen, 0912 345 678", "[name], [phone number]"),
        ("我叫林淑芬，電話0912345678，身分證A161318608", "我叫[姓名]，電話[電話號碼]，身分證[證件號碼]"),
        ("我叫刘晓燕，手机13812345678，没有别的问题", "我叫[姓名]，手机[电话号码]，没有别的问题"),
        ("Nothing at all.", "Nothing at all."),
    ],
)
def test_what_is_found_is_masked_in_the_language_of_the_text(text, instead):
    assert masked(text, personal_data(text, country="TW")) == instead


def test_masking_again_finds_nothing_more():
    for line in SET.read_text().splitlines():
        text = json.loads(line)["text"]
        once = masked(text, personal_data(text, country="TW"))
        assert masked(once, personal_data(once, country="TW")) == once


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("I am 34 and well.", ("34", "30-39", "30-39")),
        ("I'm 9.", ("9", "0-9", "0-9")),
        ("A 34-year-old woman", ("34-year-old", "30-39-year-old", "30-39")),
        ("34F, on sertraline", ("34F", "30-39F", "30-39")),
        ("My mother is 101 and frail", ("101", "90+", "90+")),
        ("我今年34歲", ("34歲", "30-39歲", "30-39")),
        ("本人52岁，男", ("52岁", "50-59岁", "50-59")),
        ("我今年四十五歲", ("四十五歲", "40-49歲", "40-49")),
        ("我今年３４歲", ("３４歲", "30-39歲", "30-39")),
    ],
)
def test_an_exact_age_comes_with_its_ten_years(text, age):
    assert ages(text) == [age]


@pytest.mark.parametrize(
    "text",
    [
        "I am 34 weeks pregnant, 100% sure, 165 cm, 5 kilos heavier.",
        "Women over 40, people aged 65 and over, at age 50, since the age of 12, for 20 years.",
        "It rose to 102F. A risk over 10 years.",
        "50歲以上建議篩檢，20歲時開過刀，從15歲開始。",
    ],
)
def test_other_numbers_are_no_ages(text):
    assert ages(text) == []


def test_the_ten_years_are_those_of_the_ask_form():
    assert {band_of(years) for years in range(121)} == set(AgeBand.values)


def test_the_written_set_is_found_as_well_as_promised():
    """`python -m benchmarks.safety` tells more; here that no change makes it worse than the issue asks."""
    wanted = hit = told = right = 0
    for line in SET.read_text().splitlines():
        each = json.loads(line)
        text = each["text"]
        spans = [*personal_data(text, country="TW"), *exact_ages(text)]
        marked = [(text.index(words), text.index(words) + len(words)) for _kind, words in each["find"]]
        wanted += len(marked)
        hit += sum(any(span.start <= start and end <= span.end for span in spans) for start, end in marked)
        told += len(spans)
        right += sum(any(span.start < end and start < span.end for start, end in marked) for span in spans)

    assert hit / wanted >= 0.95
    assert right / told >= 0.90


HOSTILE = [
    "1",
    "12 ",
    "0912 345 678 ",
    "1-",
    "a@",
    "a.",
    "a@a.",
    "a dot ",
    "gmail.com at ",
    "A",
    "Aa ",
    "my name is ",
    "My Son ",
    "Dear ",
    "thanks, ",
    "王",
    "我叫",
    "先生",
    "陳先生",
    "路",
    "1號",
    "一號路",
    "市區路1號",
    "小區1",
    "1歲",
    "line ",
    "line id ",
    "@a",
    "微信",
    "born on ",
    "出生1年1月",
    "1 A St ",
    "live 1 ",
    "1 Rue a",
    "mrn ",
    "mrn 1234",
    "ssn a1",
    "護照",
    "(",
    "facebook.com/",
    "my blog a.",
    " ",
    "\n",
    "İ",
    "１",
]


def work(text: str) -> int:
    """How many characters the patterns were given to read, all together: a count, since times tell of the machine."""
    reading = Reading(text)
    return sum(
        end - start
        for rule in RULES
        if not rule.signs or any(sign in reading.lowered for sign in rule.signs)
        for start, end in (reading.windows(rule.anchor) if rule.anchor else [(0, len(text))])
    )


@pytest.mark.parametrize("seed", HOSTILE)
def test_no_text_is_read_more_often_than_there_are_rules(seed):
    text = (seed * 100_000)[:100_000]

    assert work(text) <= len(RULES) * (len(text) + 300)


@pytest.mark.parametrize("seed", HOSTILE)
def test_a_hostile_text_is_read_through(seed):
    text = (seed * 20_000)[:20_000]

    assert masked(text, personal_data(text, country="TW")) is not None


def unbounded(parsed, inside: bool = False) -> bool:
    """Whether a pattern repeats without a bound, or repeats often what itself repeats often."""
    for op, argument in parsed:
        if op in (parser.MAX_REPEAT, parser.MIN_REPEAT, parser.POSSESSIVE_REPEAT):
            _least, most, inner = argument
            if most == parser.MAXREPEAT or (most > MOST_NESTED and inside):
                return True
            if unbounded(inner, inside or most > MOST_NESTED):
                return True
        elif any(unbounded(part, inside) for part in parts(op, argument)):
            return True
    return False


def parts(op, argument) -> list:
    if op == parser.BRANCH:
        return argument[1]
    if op in (parser.SUBPATTERN, parser.ASSERT, parser.ASSERT_NOT):
        return [argument[-1]]
    return []


ALL_PATTERNS = {pattern.pattern: pattern for rule in (*RULES, *AGES) for pattern in (rule.pattern,)}
ALL_PATTERNS |= {rule.anchor.pattern.pattern: rule.anchor.pattern for rule in (*RULES, *AGES) if rule.anchor}
ALL_PATTERNS |= {each.pattern: each for each in (CANDIDATE, ANNOUNCED, A_DATE, NOT_A_PHONE)}


@pytest.mark.parametrize("pattern", ALL_PATTERNS.values(), ids=lambda pattern: pattern.pattern[:40])
def test_no_pattern_repeats_without_a_bound(pattern):
    assert not unbounded(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))


@pytest.mark.parametrize(
    ("pattern", "is_unbounded"), [("a*", True), ("(?:a{1,9}b){1,9}", True), ("(?:a{1,9}b){1,3}", False)]
)
def test_a_pattern_without_a_bound_is_seen(pattern, is_unbounded):
    assert unbounded(parser.parse(pattern)) is is_unbounded
