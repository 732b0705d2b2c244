"""Files of judged texts, one JSON object a line, and the figures that come of them."""

import json
from collections.abc import Callable, Iterator
from typing import TypeVar

from django.core.management.base import CommandError

Judged = TypeVar("Judged")


def read_judged(file: str, judged_of: Callable[[dict], Judged], complain: Callable[[str], object]) -> Iterator[Judged]:
    """What `judged_of` makes of each line; it raises ValueError with the reason where a line is no good.

    Such a line is left out, and complained of with its number. Raises CommandError where the file cannot be opened.
    """
    try:
        lines = open(file, encoding="utf-8", errors="replace")  # noqa: SIM115
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.") from None
    with lines:
        for number, line in enumerate(lines, 1):
            try:
                yield judged_of(_object(line))
            except ValueError as error:
                complain(f"{file}, line {number}: {error}")


def sound(text: str) -> str:
    """The text without what the database cannot hold: NUL and lone surrogates."""
    return text.encode("utf-8", "ignore").decode().replace("\0", "").strip()


def _object(line: str) -> dict:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(fields, dict):
        raise ValueError("it is not an object")
    return fields


def as_json(figures: dict) -> str:
    """One object, shares to four places."""
    rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()}
    return json.dumps(rounded)


def as_table(figures: dict) -> str:
    """A line each, shares to four places."""
    width = max(map(len, figures))
    return "\n".join(
        f"{name:>{width}}: {value:.4f}" if isinstance(value, float) else f"{name:>{width}}: {value}"
        for name, value in figures.items()
    )
