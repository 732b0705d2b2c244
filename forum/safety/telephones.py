"""Telephone numbers that people are told to call, and the countries in which they do."""

import re
from pathlib import Path

import phonenumbers

WRITTEN = re.compile(r"\+?[0-9]+(?:[ -][0-9]+)*")


def _countries() -> dict[str, str]:
    lines = Path(__file__).with_name("countries.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


COUNTRIES = _countries()  # ISO 3166 code: English name, by name


def can_be_called(number: str, country: str) -> bool:
    """Whether this is written as a number and could be dialled in this country: a short one of it, or a full one.

    Whether somebody answers is not known to it, nor is what the country has changed lately: it looks at the length.
    """
    if not WRITTEN.fullmatch(number):
        return False
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_short_number_for_region(parsed, country) or phonenumbers.is_possible_number(parsed)
