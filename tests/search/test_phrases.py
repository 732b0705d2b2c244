"""Which phrases of threads may be the names of topics. All texts were written for these tests."""

import pytest

from forum.search.cohesion import Cohesion
from forum.search.phrases import Found, PhraseCount, ThreadText, fold, key_of, phrases, score, singular

ENGLISH = [
    ("Is a frozen shoulder curable?", "My frozen shoulder hurts.", "A frozen shoulder needs time."),
    ("What should I do about my frozen shoulders?", "Please help me.", "Frozen shoulders get better by themselves."),
    ("Frozen shoulder and swimming", "May I swim?", "Swim gently with a frozen shoulder."),
    ("Does tinnitus go away?", "The ringing is worse at night.", "Tinnitus often fades."),
    ("Sleeping with tinnitus", "How do others sleep?", "Soft music helps with tinnitus."),
    ("Tinnitus after a concert", "It is loud.", "Rest your ears; tinnitus from noise may pass."),
]
CHINESE = [
    ("带状疱疹怎么办？", "腰上起了一片水疱，很痛。", "带状疱疹越早用药越好。"),
    ("请问带状疱疹会传染吗", "家里有小孩。", "带状疱疹的水疱液有传染性。"),
    ("得了带状疱疹能洗澡吗？", "已经三天了。", "带状疱疹可以洗澡，水温不要太高。"),
    ("季节性过敏性鼻炎怎么治疗", "春天总打喷嚏。", "过敏性鼻炎要避开花粉。"),
    ("小孩过敏性鼻炎吃什么药", "早上流清鼻涕。", "过敏性鼻炎可用喷鼻剂。"),
    ("过敏性鼻炎和感冒的区别", "分不清楚。", "过敏性鼻炎不发烧。"),
]


def found(texts: list[tuple[str, str, str]], language: str) -> dict[str, tuple[int, int]]:
    """Name: threads, and in how many of them a reply takes it up."""
    count = PhraseCount(language)
    for pk, (title, question, replies) in enumerate(texts):
        count.add(ThreadText(pk, title, question, replies))
    return {one.name: (len(one.threads), one.agreed) for one in count.found()}


def names(text: str, language: str) -> list[str]:
    return [name for _form, name in phrases(text, language)]


def test_english_names_are_what_several_threads_are_about():
    assert found(ENGLISH, "en") == {"frozen shoulder": (3, 3), "tinnitus": (3, 3)}


def test_chinese_names_are_cut_out_of_sentences_without_their_boilerplate():
    assert found(CHINESE, "zh") == {"带状疱疹": (3, 3), "过敏性鼻炎": (3, 3)}


def test_two_threads_are_too_few():
    assert found([*ENGLISH[:2], *ENGLISH[3:5]], "en") == {}


def test_names_in_both_chinese_scripts_are_one_and_shown_as_most_write_it():
    texts = [(title.replace("带状疱疹", "帶狀皰疹"), question, replies) for title, question, replies in CHINESE[:2]]

    assert found([*texts, CHINESE[2]], "zh") == {"帶狀皰疹": (3, 3)}


def test_a_plural_and_a_hyphen_make_no_other_name():
    texts = [
        ("My check-up", "", "check-up"),
        ("Two checkups", "", "checkup"),
        ("A checkup, one checkup", "", "checkup"),
    ]

    assert found(texts, "en") == {"checkup": (3, 3)}


def test_what_the_question_says_once_is_not_what_it_is_about():
    once = [("Hello", "I had tinnitus.", "tinnitus")] * 3
    twice = [("Hello", "I had tinnitus. Now tinnitus is back.", "tinnitus")] * 3

    assert (found(once, "en"), found(twice, "en")) == ({}, {"tinnitus": (3, 3)})


def test_an_everyday_word_that_no_reply_takes_up_is_no_name():
    texts = [(f"The neighbourhood {word}", "", "Rest.") for word in ("sings", "shouts", "dances")]

    assert found(texts, "en") == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What should I do?", []),
        ("Please help me with gout", ["gout"]),
        ("shortness of breath", ["shortness of breath"]),
        ("dry, cough", ["cough"]),
        ("My doctor's advice", []),
        ("COVID-19", ["COVID-19"]),
    ],
)
def test_english_runs_hold_no_stop_words_and_cross_no_stop(text, expected):
    assert [name for name in names(text, "en") if name not in ("advice", "dry")] == expected


@pytest.mark.parametrize("text", ["怎么办", "请问怎么治疗？", "我该怎么办呢", "谢谢医生"])
def test_chinese_boilerplate_is_no_name(text):
    assert names(text, "zh") == []


def test_kidney_function_is_not_cut_at_the_character_for_can():
    assert "肾功能" in names("肾功能能恢复吗", "zh")


def test_the_type_of_diabetes_belongs_to_its_name():
    assert "2型糖尿病" in names("2型糖尿病怎么办", "zh")


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Migraines", "migraine", "en"),
        ("check-up", "checkup", "en"),
        ("Allergies", "allergy", "en"),
        ("帶狀皰疹", "带状疱疹", "zh"),
        ("癫痫病", "癫痫", "zh"),
    ],
)
def test_writings_of_one_name_have_one_key(one, other, language):
    assert key_of(one, language) == key_of(other, language)


def test_two_diseases_have_two_keys():
    assert len({key_of(name, "zh") for name in ("肝病", "肝炎", "肝癌")}) == 3


@pytest.mark.parametrize(
    ("word", "expected"),
    [("allergies", "allergy"), ("rashes", "rash"), ("pills", "pill"), ("diabetes", "diabete"), ("virus", "virus")],
)
def test_singular(word, expected):
    assert singular(word) == singular(expected) == expected


def one(form: str, *threads: int, agreed: int = 0) -> Found:
    return Found(tuple(form.split()), threads=set(threads), agreed=agreed)


def test_a_phrase_with_nearly_the_threads_of_a_longer_one_is_left_to_that():
    phrases = [one("panic attack", 1, 2, 3, 4), one("panic", 1, 2, 3, 4, 5), one("attack", 1, 2, 3, 4, 6, 7)]

    kept = fold({phrase.form: phrase for phrase in phrases})

    assert kept == [phrases[0], phrases[2]]


def test_a_firm_run_beats_one_that_meets_by_chance():
    cohesion = Cohesion()
    for text in ("胆结石大", "胆结石小", "胆结石多", "大小多", "小大", "多大小"):
        cohesion.add(text)

    assert cohesion.firmness(tuple("胆结石")) > cohesion.firmness(tuple("大小"))
    assert cohesion.freedom([tuple("胆结"), tuple("胆结石")])[tuple("胆结")] == 0


def test_a_name_that_replies_take_up_and_others_do_not_hold_scores_more():
    plain = score(one("gout", 1, 2, 3), 100, 0.0, "en")

    assert score(one("gout", 1, 2, 3, agreed=3), 100, 0.0, "en") > plain
    assert score(one("gout", 1, 2, 3), 100, 0.03, "en") < plain
    assert score(one("gout", 1, 2, 3), 100, 0.0, "en", known=True) > plain
    assert score(one("gout", 1, 2, 3, 4), 100, 0.0, "en") > plain
