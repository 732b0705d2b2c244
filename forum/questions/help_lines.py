"""Whom to call in an emergency: what forum/safety knows of the country, where admins have not put something else."""

from django.conf import settings
from django.utils.translation import get_language

from forum.safety.emergency import CrisisLine, HelpLines
from forum.texts.current import words_of
from forum.texts.registry import TEXTS

ELSEWHERE = "ZZ"  # ISO 3166 leaves it to users; here, every country that the registry does not know


def code_of_numbers(country: str) -> str:
    """Of the text that holds the numbers of this country (ISO 3166 code)."""
    return f"numbers.{country}"


def help_lines(country: str = "") -> HelpLines:
    """Those of the configured country, or of this one (ISO 3166 code); names are in the active language."""
    code = code_of_numbers(country or settings.COUNTRY)
    words = words_of(code if code in TEXTS else code_of_numbers(ELSEWHERE))
    if not words["crisis_number"]:
        return HelpLines(words["emergency"], None)
    chinese = words["crisis_name_zh_hant"] if (get_language() or "").startswith("zh") else ""
    name = chinese or words["crisis_name"]
    return HelpLines(words["emergency"], CrisisLine(name, words["crisis_number"], words["crisis_source"]))
