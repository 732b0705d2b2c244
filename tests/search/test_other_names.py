"""What is read beside another name of an illness."""

import pytest

from forum.search.misspellings import WORD, right_spelling
from forum.search.other_names import LIST, with_other_names
from forum.search.words import as_read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("My son has Kartagener’s syndrome", "My son has Kartagener’s syndrome (primary ciliary dyskinesia)"),
        ("Whooping cough, whooping cough", "Whooping cough (pertussis), whooping cough"),
        ("Is pertussis whooping cough?", "Is pertussis whooping cough?"),
        ("High blood pressures are no name", "High blood pressures are no name"),
        ("Lou Gehrig's disease or ALS", "Lou Gehrig's disease (amyotrophic lateral sclerosis) or ALS"),
        ("ALS, also in small letters", "ALS (amyotrophic lateral sclerosis), also in small letters"),
        ("It is false, although", "It is false, although"),
        ("", ""),
    ],
)
def test_the_usual_name_is_read_once_behind_another(typed, read):
    assert with_other_names(typed) == read


def test_only_english_has_other_names():
    assert as_read("Shingles", "en") == "Shingles (herpes zoster)"
    assert as_read("Shingles", "de") == "Shingles"


def test_each_name_stands_once_in_order_and_is_rightly_spelled():
    rows = [line.split("\t") for line in LIST.read_text(encoding="utf-8").splitlines()]
    names = [name for name, _usual in rows]

    assert names == sorted(set(names))
    assert all(name != usual and usual for name, usual in rows)
    assert [word for _name, usual in rows for word in WORD.findall(usual) if right_spelling(word)] == []


def test_british_names_are_read_as_american_ones():
    assert as_read("Coeliac disease", "en") == "Coeliac disease (celiac disease)"
    assert as_read("A tumour", "en") == "A tumour (tumor)"
