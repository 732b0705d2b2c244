"""How hard a reply is to read."""

import pytest

from forum.moderation.readability import count_syllables, flesch_kincaid_grade, readability

EASY = (
    "An eye that twitches is tired. Sleep more. Drink less coffee. It will stop in a week. See a doctor if it does not."
)
HARD = (
    "Notwithstanding considerable diagnostic uncertainty, electromyographic examination substantiates idiopathic "
    "fasciculation, characteristically self-limiting, necessitating reassurance and, where appropriate, subsequent "
    "neurological reevaluation."
)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("a", 1),
        ("sleep", 1),
        ("tired", 1),
        ("walked", 1),
        ("table", 2),
        ("doctor", 2),
        ("muscle", 2),
        ("eyelid", 2),
        ("medicine", 3),
        ("neurology", 4),
        ("examination", 5),
        ("doctor's", 2),
    ],
)
def test_syllables_are_counted(word, syllables):
    assert count_syllables(word) == syllables


def test_grade_is_that_of_kincaid():
    # 5 words in 1 sentence, 8 syllables.
    assert flesch_kincaid_grade("The doctor gives good medicine.") == pytest.approx(0.39 * 5 + 11.8 * 8 / 5 - 15.59)
    assert flesch_kincaid_grade("") == 0


def test_titles_and_numbers_end_no_sentence():
    assert flesch_kincaid_grade("Dr. Wu gives 2.5 mg, approx. three drops.") == flesch_kincaid_grade(
        "Dr Wu gives 2 mg, approx three drops."
    )


def test_an_easy_reply_is_said_to_be():
    line = readability(EASY, "en")

    assert (line.line, line.is_hard) == ("Reading level: grade 1 — most people can read this.", False)


def test_a_hard_reply_comes_with_advice():
    line = readability(HARD, "en")

    assert line.is_hard
    assert line.line.endswith("— hard for many. Shorter sentences and everyday words help.")


@pytest.mark.parametrize(("text", "language"), [("", "en"), ("Sleep more.", "en"), ("", "zh-hant"), ("OK.", "zh-hant")])
def test_too_little_tells_nothing(text, language):
    assert readability(text, language) is None


def test_chinese_is_counted():
    line = readability("多半是疲勞引起的。請多休息，少喝咖啡！", "zh-hant")

    assert (line.line, line.is_hard) == ("2 sentences, 16 characters, about 8 a sentence.", False)


def test_long_chinese_sentences_come_with_advice():
    line = readability("眼皮跳動多半是因為疲勞" * 5 + "。", "zh-hant")

    assert (line.line, line.is_hard) == (
        "1 sentence, 55 characters, about 55 a sentence. Shorter sentences are easier to read.",
        True,
    )
