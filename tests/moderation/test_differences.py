"""What became of a text, word by word."""

import pytest

from forum.moderation.differences import MOST_PAIRS, Change, Part, difference


def shown(before: str, after: str) -> str:
    """[-removed-] and {+added+} in the text."""
    marks = {Change.SAME: "%s", Change.REMOVED: "[-%s-]", Change.ADDED: "{+%s+}"}
    return "".join(marks[part.change] % part.text for part in difference(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Sleep more.", "Sleep more.", "Sleep more."),
        ("", "Sleep.", "{+Sleep.+}"),
        ("Sleep.", "", "[-Sleep.-]"),
        ("Take two pills a day.", "Take one pill a day.", "Take [-two pills-]{+one pill+} a day."),
        ("Sleep more.\nDrink less.", "Sleep more.\nDrink less coffee.", "Sleep more.\nDrink less{+ coffee+}."),
        ("One.\n\nTwo.", "One.\n\nNew.\n\nTwo.", "One.\n\n{+New.\n\n+}Two."),
        ("多半是疲勞。", "多半是壓力。", "多半是[-疲勞-]{+壓力+}。"),
        ("A. Sleep more.\nEnd.", "B.\nEnd.", "[-A-]{+B+}.[- Sleep more.-]\nEnd."),
        ("38.5°C", "39.5°C", "[-38-]{+39+}.5°C"),
    ],
)
def test_difference_shows_the_words_that_changed(before, after, expected):
    assert shown(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a  b\tc\r\nd\n", "a b c\nd"),
        ("<b>x</b> & y\n- z", "<i>x</i> &amp; y\n* z"),
        ("眼皮 twitching 一直\n跳", "眼皮一直 twitching\n\n跳動"),
        ("word " * 3000, "other " * 3000),
    ],
)
def test_difference_loses_nothing(before, after):
    parts = difference(before, after)

    assert "".join(part.text for part in parts if part.change != Change.ADDED) == before
    assert "".join(part.text for part in parts if part.change != Change.REMOVED) == after


def test_passage_too_long_for_words_is_replaced_in_one_piece():
    words = int(MOST_PAIRS**0.5) + 1
    before, after = "Before.\n" + "a b " * words, "Before.\n" + "a c " * words

    assert difference(before, after) == [
        Part(Change.SAME, "Before.\n"),
        Part(Change.REMOVED, "a b " * words),
        Part(Change.ADDED, "a c " * words),
    ]
