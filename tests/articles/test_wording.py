import pytest

from forum.articles.wording import closeness, holds_pieces_of

ORIGINAL = "## Causes\n\n1. **Tiredness**: tired nerves fire more easily than rested ones, so sleep more."


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (ORIGINAL, True),
        ("I would add that TIRED nerves fire more easily than\nrested ones.", True),
        ("Tired nerves fire quite easily, and more easily than others.", False),
        ("", False),
    ],
)
def test_text_holds_pieces_of_another_where_six_words_in_a_row_stand_in_both(text, holds):
    assert holds_pieces_of(text, ORIGINAL) is holds


@pytest.mark.parametrize(
    ("text", "holds"), [("多半是疲勞引起的肌肉跳動", True), ("多半是因疲勞引起", False), ("眼皮跳動", False)]
)
def test_chinese_counts_by_characters(text, holds):
    assert holds_pieces_of(text, "這多半是疲勞引起的, 請多休息。") is holds


def test_a_short_text_is_held_as_a_whole():
    assert holds_pieces_of("Please sleep more, and drink less.", "Sleep more.") is True
    assert holds_pieces_of("Please rest.", "Sleep more.") is False


def test_closeness_counts_rarer_words_more_and_forms_of_a_word_as_one():
    common, rare, nothing = closeness(
        "My eyelids twitched all evening after coffee", ["An eyelid.", "An eyelid, twitching.", "A knee."]
    )

    assert rare > common > nothing == 0


def test_closeness_of_chinese_counts_pairs_of_characters():
    assert closeness("眼皮跳動", ["眼皮", "膝蓋"])[1] == 0 < closeness("眼皮跳動", ["眼皮", "膝蓋"])[0]
