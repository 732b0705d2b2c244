"""What a text alarms of, and what it does not: families of sentences, then the sets of benchmarks/red_flags.jsonl."""

import json
import re
import shutil
from pathlib import Path

import pytest

from forum.safety.chinese import one_script_by_character
from forum.safety.red_flags import cantonese, rule_named, rules, screen
from forum.safety.red_flags.advice import ADVICE
from forum.safety.red_flags.rules import Severity, all_rules

SENTENCES = Path(__file__).resolve().parents[2] / "benchmarks" / "red_flags.jsonl"


def codes(text: str) -> set[str]:
    return {flag.code for flag in screen(text)}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("self_harm", "I want to end my life."),
        ("self_harm", "我不想活了"),
        ("self_harm", "I do not wish to live any longer"),
        ("self_harm", "I lost my job and I want to die"),
        ("self_harm", "I have the pills lined up and the letters are written"),
        ("self_harm", "弟弟把貓送人了，最近突然變得很平靜"),
        ("chest_pain", "Pressure on my chest, my left arm hurts and I am sweating"),
        ("chest_pain", "Crushing chest pain that spreads to my left arm, and a rash on that arm"),
        ("chest_pain", "Chest pain going down my left arm and I am sweating, I first thought of a pulled muscle"),
        ("chest_pain", "胸口很悶冒冷汗"),
        ("stroke", "Her face is drooping and her speech is slurred"),
        ("stroke", "突然右手右腳沒力，講話不清楚"),
        ("breathing", "I cant breathe"),
        ("breathing", "吸不到氣"),
        ("anaphylaxis", "After a peanut my tongue is swelling and I have hives"),
        ("bleeding", "My arm is cut and the blood won't stop"),
        ("bleeding", "今天吐血兩次"),
        ("bleeding", "Grandpa takes apixaban and fell down the steps, his belly is hard and he is pale"),
        ("bleeding", "The saw went through my thumb"),
        ("bleeding", "阿公吃利伐沙班，昨天跌倒，肚子越來越脹"),
        ("pregnancy", "I am 30 weeks pregnant and bleeding heavily"),
        ("pregnancy", "29+2, my waters are trickling"),
        ("pregnancy", "32週，寶寶今天很安靜"),
        ("ectopic", "6 weeks pregnant, sharp pain on the right side low in the belly, I fainted"),
        ("meningitis", "High fever and a stiff neck"),
        ("meningitis", "Her rash stays when I press a glass on it"),
        ("meningitis", "囟門鼓起來"),
        ("sepsis", "Fever, and she is confused and her skin is mottled"),
        ("infant_fever", "My 5-week-old has a fever"),
        ("infant_fever", "寶寶兩個月大，發燒"),
        ("infant_fever", "Twins, six weeks, one has 38.4"),
        ("infant_fever", "我女兒快兩個月，耳溫38.5"),
        ("testicle", "Sudden pain in my left testicle"),
        ("poisoning", "I took 30 tablets of paracetamol"),
        ("poisoning", "小孩喝到漂白水"),
        ("poisoning", "My toddler, 14 months, has eaten maybe 15 of my iron tablets"),
        ("poisoning", "The round battery of the remote is missing and my 2 year old is drooling"),
        ("vision_loss", "Suddenly I cannot see with my right eye"),
        ("cauda_equina", "Back pain, my bottom is numb and I can't pee"),
        ("vision_loss", "A grey smudge covers the lower half of what I see since yesterday"),
        ("cauda_equina", "I pooed myself and did not even feel it, bad back"),
        ("head_injury", "He hit his head and has vomited three times"),
        ("head_injury", "撞到頭，當時哭一下就好，現在一直想睡"),
        ("testicle", "兒子十三歲，睪丸痛"),
        ("worst_headache", "The worst headache of my life"),
        ("seizure", "He is having a seizure right now"),
        ("unconscious", "My father collapsed and does not respond"),
        ("ill_child", "My 2 year old has a fever and is limp"),
        ("self_harm", "We are on the 17th floor. I lean out again and again and one night I will do it"),
        ("testicle", "After the lecture one testis hurt badly and seemed to be turned sideways, vomiting since"),
        ("poisoning", "I took Calpol and Dolo 650 all day, maybe 24 tablets"),
        ("vision_loss", "I woke up and cannot see anything on the right side of the room, I even cleaned my glasses"),
        ("vision_loss", "Left the movie theatre with an eye that aches terribly, halos about every lamp, and I vomit"),
        ("breathing", "Grandpa's lips are blue, he has gone sleepy, the clip on his finger shows 81"),
    ],
)
def test_each_condition_alarms(code, text):
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "No chest pain, sweating or pain in the left arm.",
        "I don't have chest pain and my left arm does not hurt.",
        "He denies thoughts of suicide.",
        "沒有胸痛、冒冷汗或手麻",
        "My father had a stroke in 2010, his right arm was weak and his speech was slurred in 2010.",
        "Years ago I had crushing chest pain.",
        "I am afraid of a heart attack",
        "What are the symptoms of a stroke: a drooping face, slurred speech?",
        "How to prevent sudden loss of vision?",
        "Should I call if I have chest pain and sweat?",
        "擔心自己會中風半身不遂",
        "如果突然胸痛冒冷汗要怎麼辦",
        "五年前曾經吐血",
        "The chest pain and the sweating went away, I am fine now.",
        "What does a heart attack feel like?",
        "我從沒想過自殺",
        "",
        "!?…。",
    ],
)
def test_what_is_denied_past_feared_asked_or_over_does_not_alarm(text):
    assert codes(text) == set()


@pytest.mark.parametrize(
    ("quiet", "alarming", "code"),
    [
        ("My father had a stroke in 2010.", "My father has sudden face droop right now.", "stroke"),
        ("I have no fever.", "No fever but my chest is crushing.", "chest_pain"),
        ("My mother fainted years ago.", "Years ago she fainted, now her speech is slurred.", "stroke"),
        ("Her speech was slurred in 2010.", "She was fine until an hour ago, her speech is slurred.", "stroke"),
        ("The weakness went away.", "My right arm was suddenly weak, it went away.", "stroke"),
        ("没有胸痛", "没有发烧，突然胸口剧痛", "chest_pain"),
        ("He slurs when he has been drinking.", "He is slurring and has not been drinking.", "stroke"),
        ("The hives after the prawns are gone.", "Hives after prawns, now she is gone all floppy.", "anaphylaxis"),
        ("The oximeter reads 97.", "The oximeter reads 79, he says he is fine.", "breathing"),
        ("心跳一百零九，頭有點暈", "心跳一百九，快昏了", "chest_pain"),
    ],
)
def test_what_is_so_now_alarms_beside_what_is_not(quiet, alarming, code):
    assert codes(quiet) == set()
    assert code in codes(alarming)


@pytest.mark.parametrize(
    "text",
    ["PRESSURE on my chest and I’m sweating", "presure on my chest and im sweatting"],
)
def test_typing_mistakes_capitals_and_apostrophes_change_nothing(text):
    assert "chest_pain" in codes(text)


@pytest.mark.parametrize(
    "pair",
    [
        ("突然說話不清楚，右手無力", "突然说话不清楚，右手无力"),
        ("喘不過氣", "喘不过气"),
        ("活著沒意思", "活着没意思"),
    ],
)
def test_both_scripts_of_chinese_are_one(pair):
    assert codes(pair[0]) == codes(pair[1]) != set()


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("stroke", "阿爸講嘢突然唔清楚，右手郁唔到"),
        ("stroke", "阿媽半邊面跌咗落嚟，企都企唔穩"),
        ("chest_pain", "老豆心口翳住，標晒冷汗"),
        ("breathing", "佢喺度唞唔到氣，口唇轉紫"),
        ("breathing", "細路俾提子鯁親，喊唔出聲"),
        ("unconscious", "我婆婆啱啱冧低，叫極都冇反應"),
        ("bleeding", "公公屙啲屎黑到好似柏油，企起身想暈"),
        ("bleeding", "鎅親隻手，啲血標出嚟，㩒極都唔停"),
        ("infant_fever", "我個B得卅日大，探熱38.6度"),
        ("infant_fever", "BB六個星期，發燒38.2度"),
        ("pregnancy", "大肚三十五週，由尋晚到而家BB冇郁過"),
        ("anaphylaxis", "食完蝦成身風癩，條脷腫晒"),
        ("poisoning", "我食咗成樽必理痛，而家冇咩感覺"),
        ("self_harm", "我唔想做人喇，遺書寫好咗"),
        ("meningitis", "個女發緊高燒，條頸好硬，好眼瞓"),
        ("seizure", "阿公發羊吊，抽咗十分鐘都未停"),
        ("testicle", "個仔一邊春袋突然好痛，仲想嘔"),
        ("vision_loss", "隻左眼突然睇唔到嘢"),
        ("cauda_equina", "腰痛，下面麻痹，屙唔到尿"),
        ("seizure", "阿仔高熱驚厥抽搐緊"),
        ("breathing", "佢夜晚驚醒，唞唔到氣，口唇紫晒"),
        ("chest_pain", "我好驚，心口痛，標冷汗"),
        ("bleeding", "試過好多方法都止唔到血，流血不止"),
        ("poisoning", "噚晚食左成樽安眠藥"),
        ("poisoning", "食晒成排必理痛"),
        ("unconscious", "突然暈低，叫極都無反應"),
        ("infant_fever", "BB出世得十九日，探肛38.6度"),
        ("self_harm", "我唔係唔想死，只係未夠膽"),
        ("breathing", "食緊提子突然冇晒聲，喊唔出"),
    ],
)
def test_written_cantonese_alarms(code, text):
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "我冇心口痛，亦冇氣促",
        "心口唔痛，淨係想睇報告",
        "個女冇發燒，頸都冇硬",
        "我唔係想死，只係返工好攰",
        "未試過暈低",
        "唔該，想請問點樣預約",
        "唔知點解眼皮成日跳",
        "爺爺舊年中風，而家行得走得",
        "我驚會有心臟病",
        "阿爸試過中風，而家好返晒",
        "阿媽抑鬱，銀行工作好忙，食慾唔好",
    ],
)
def test_what_cantonese_denies_dates_or_fears_does_not_alarm(text):
    assert codes(text) == set()


def test_each_word_of_cantonese_has_one_meaning_in_simplified_characters():
    rows = [row for row in cantonese.TABLE.read_text(encoding="utf-8").splitlines() if row and not row.startswith("#")]
    words = [word for row in rows for word in set(one_script_by_character(row.partition("\t")[0]).split())]
    meanings = [row.partition("\t")[2] for row in rows]

    assert sorted(words) == sorted(set(words))
    assert meanings == [one_script_by_character(meaning) for meaning in meanings]


def test_mandarin_is_not_taken_for_cantonese():
    for text in (
        "在銀行前面企業門口等，食物和飲料都有，行李很重",
        "憂鬱的時候多走走，關係會變好",
        "體重 70 kg, BB gun",
        "聽日本人說，而家人不在",
    ):
        assert cantonese.in_mandarin(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "我對蝦過敏，吃了以後起蕁麻疹，只有手臂癢。",
        "I am drowning in paperwork and laughed so hard I couldn't breathe",
        "笑到喘不過氣",
        "My 7 week old drinks 100 ml every three hours.",
        "吃避孕藥有點出血",
        "備孕一年還沒動靜",
        "聚餐大出血，錢包大出血，下個月要省一點",
        "腰酸而已，腿不麻，大小便沒問題",
        "坐馬桶滑手機，腳麻了一下，跺跺腳一分鐘就好",
        "想買一氧化碳警報器，大家都沒有不舒服",
        "被蚊子叮，小腿腫一塊很癢，要擦什麼藥",
        "A stiff neck from the draught. Ice or heat?",
        "I cut an onion with a kitchen knife and nicked my thumb on Sunday",
        "I read about the spine. A bit of stiffness, none of the numbness down there.",
        "She had a fever at five weeks old and is a cheerful ten months now.",
        "In 2011 I was on a ward after an attempt. I have been well for years now.",
        "I am 66 and take only a tablet for cholesterol, is that too little?",
        "She has a cold, is drinking water well and lies on me, a bit floppy when tired.",
        "Pale itchy bumps come and go. My garden is full of nettles. "
        + "I work there every evening, plant, weed and water what grows, and enjoy the quiet after a long day. " * 2
        + "Years of it never gave me any allergy.",
    ],
)
def test_words_that_only_look_like_signs_do_not_alarm(text):
    assert screen(text) == []


def test_an_ambulance_comes_first():
    flags = screen("Sudden pain in my testicle, and my father has collapsed and does not respond")

    assert [flag.severity for flag in flags] == sorted(flag.severity for flag in flags)
    assert {flag.severity for flag in flags} == {Severity.CALL, Severity.GO}


def test_every_rule_has_a_source_and_words_for_the_patient():
    rules = all_rules().rules

    assert {rule.code for rule in rules} == set(ADVICE)
    assert all(rule.source.name and rule.source.url.startswith("https://") for rule in rules)
    assert all(ADVICE[rule.code].steps for rule in rules)


RULE = """
[[rules]]
code = "hiccups"
severity = "go"
source = {{ name = "A book", url = "https://example.org/" }}
signs = [{{ {sign} }}]
"""


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ('[words.stethoscope]\nen = ["stethoscope"]', "no sign names the words ['stethoscope']"),
        ('[words.pain]\nen = ["ow"]', "the words 'pain' are told twice"),
        (RULE.format(sign='near = ["hiccup"]'), "no words are told for ['hiccup']"),
        (RULE.format(sign='near = ["pain"], beside = ["fever"]'), "a sign has no ['beside']"),
    ],
)
def test_rules_that_cannot_be_meant_are_refused(monkeypatch, tmp_path, more, complaint):
    shutil.copytree(rules.FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "more.toml").write_text(more, encoding="utf-8")
    monkeypatch.setattr(rules, "FOLDER", tmp_path)

    with pytest.raises(ValueError, match=f"^{re.escape(complaint)}$"):
        rules.all_rules.__wrapped__()


def test_half_a_character_changes_nothing():
    assert codes("I want to kill myself \ud83d") == codes("我不想活了\ud83d") == {"self_harm"}


def test_a_rule_goes_by_its_code():
    assert rule_named("stroke").name == "Stroke"
    assert rule_named("of old") is None


@pytest.mark.parametrize(
    "part",
    [
        "before",
        "between",
        "check",
        "last",
        "stranger",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
    ],
)
def test_patients_sentences_are_told_apart(part):
    cases = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    cases = [case for case in cases if case["id"].startswith(f"{part}-")]
    alarming = [bool(screen(case["text"])) for case in cases if case["urgency"] == "emergency"]
    others = [bool(screen(case["text"])) for case in cases if case["urgency"] != "emergency"]

    assert sum(alarming) / len(alarming) >= 0.95
    assert 1 - sum(others) / len(others) >= 0.90


def test_the_set_is_large_enough_and_in_both_languages():
    cases = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]

    assert sum(case["urgency"] == "emergency" for case in cases) >= 150
    assert sum(case["urgency"] != "emergency" for case in cases) >= 150
    assert {case["lang"] for case in cases} == {"en", "zh-hant", "zh-hans"}
    assert len({case["id"] for case in cases}) == len(cases)
