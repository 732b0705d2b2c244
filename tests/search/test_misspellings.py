"""What is read beside a patient's misspelled words."""

import pytest

from forum.search.misspellings import LIST, right_spelling, with_right_spelling
from forum.search.words import as_read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("My anxeity is back", "My anxeity (anxiety) is back"),
        ("Pregancy, pregancy", "Pregancy (pregnancy), pregancy"),
        ("Is it asthsma? I had asthma", "Is it asthsma? I had asthma"),
        ("Anaemia", "Anaemia (anemia)"),
        ("A headache", "A headache"),
        ("www.pregancy.com, anxeity@example.org", "www.pregancy.com, anxeity@example.org"),
        ("", ""),
    ],
)
def test_the_right_word_is_read_once_behind_a_misspelled_one(typed, read):
    assert with_right_spelling(typed) == read


@pytest.mark.parametrize(
    ("slip", "right"),
    [
        ("diziness", "dizziness"),  # a letter left out
        ("ultrassound", "ultrasound"),  # one put in
        ("bleeidng", "bleeding"),  # two swapped
        ("insomnea", "insomnia"),  # another that sounds the same
        ("opthalmolagyst", ""),  # three slips
        ("hemmorhoids", "hemorrhoids"),  # two in a long word
        ("phlem", "phlegm"),
        ("wipple", "whipple"),  # of the name of an illness
    ],
)
def test_a_slip_is_told_from_another_word(slip, right):
    assert right_spelling(slip) == right


@pytest.mark.parametrize("word", ["infarction", "ejection", "ingestion", "retinitis", "migraines", "smelling", "scoot"])
def test_a_right_word_that_looks_like_another_stays_alone(word):
    assert right_spelling(word) == ""


def test_the_list_names_each_word_once_in_order():
    words = " ".join(line for line in LIST.read_text().splitlines() if not line.startswith("#")).split()

    assert words == sorted(set(words))


def test_only_english_is_mended():
    assert as_read("anxeity", "en") == "anxeity (anxiety)"
    assert as_read("anxeity", "de") == "anxeity"
