"""The values of a JSON object, asked for by name and type; what is wrong with one is said in plain words."""

import re
from datetime import date
from typing import Any

MAX_TEXT = 100_000
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Rejected(ValueError):
    """This line is not taken; the message is the reason, for the person who runs the import."""


class Fields:
    """One JSON object of a line. `path` is where it stands; keys that are not in `known` are added to `unknown`."""

    def __init__(self, value: Any, path: str, known: set[str], unknown: list[str]) -> None:
        if not isinstance(value, dict):
            raise Rejected(f"{path or 'the line'} must be an object, not {kind(value)}")
        self.values = value
        self.path = path
        self.unknown = unknown
        unknown += [self.at(key) for key in value if key not in known]

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def text(self, key: str, *, most: int = MAX_TEXT) -> str | None:
        """A text of at most `most` characters as it stands; None where it is missing, null or blank."""
        value = self.values.get(key)
        if value is None:
            return None
        return checked_text(value, self.at(key), most)

    def required_text(self, key: str, *, most: int = MAX_TEXT) -> str:
        if self.values.get(key) is None:
            raise Rejected(f"{self.at(key)} is missing")
        value = self.text(key, most=most)
        if value is None:
            raise Rejected(f"{self.at(key)} is empty")
        return value

    def name(self, key: str, *, most: int) -> str | None:
        """As `text`, without the spaces around it."""
        value = self.text(key, most=most)
        return value and value.strip()

    def object(self, key: str, known: set[str]) -> "Fields | None":
        value = self.values.get(key)
        return None if value is None else Fields(value, self.at(key), known, self.unknown)

    def items(self, key: str) -> list[tuple[Any, str]]:
        """The entries of a list, each with its path; none where it is missing or null."""
        value = self.values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Rejected(f"{self.at(key)} must be a list, not {kind(value)}")
        return [(item, f"{self.at(key)}[{number}]") for number, item in enumerate(value)]

    def objects(self, key: str, known: set[str]) -> list["Fields"]:
        return [Fields(item, path, known, self.unknown) for item, path in self.items(key)]

    def date(self, key: str) -> date | None:
        """A day as YYYY-MM-DD, from 1900 to 2100."""
        value = self.text(key)
        if value is None:
            return None
        if not DATE.fullmatch(value):
            raise Rejected(f"{self.at(key)} must be a date like 2023-12-15, not {short(value)}")
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise Rejected(f"{self.at(key)} is a day that does not exist: {value}") from None
        if not 1900 <= day.year <= 2100:
            raise Rejected(f"{self.at(key)} is not between the years 1900 and 2100: {value}")
        return day

    def whole_number(self, key: str) -> int | None:
        value = self.values.get(key)
        if value is None or type(value) is int:
            return value
        raise Rejected(f"{self.at(key)} must be a whole number, not {kind(value)}")


def checked_text(value: Any, path: str, most: int) -> str | None:
    """`value` if it is text of at most `most` characters; None if it is blank."""
    if not isinstance(value, str):
        raise Rejected(f"{path} must be text, not {kind(value)}")
    if len(value) > most:
        raise Rejected(f"{path} has {len(value):,} characters; at most {most:,} are taken")
    return value if value.strip() else None


def kind(value: Any) -> str:
    """What a JSON value is, in words."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    words = {str: "text", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return words[type(value)]


def short(value: Any) -> str:
    """A value to show in a message: its beginning, without control characters."""
    return repr(value if not isinstance(value, str) or len(value) <= 40 else f"{value[:40]}…")
