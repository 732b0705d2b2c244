"""Other names of illnesses in English: who writes Kartagener's syndrome means primary ciliary dyskinesia.

An embedder of this size knows few of them, and to the index they are other words.
"""

import re
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("other_names.tsv")


def with_other_names(text: str) -> str:
    """The text with the usual name behind the first occurrence of another one, where it does not hold it already.

    `kinky hair disease` becomes `kinky hair disease (Menkes disease)`.
    """
    lower = text.lower()
    told: set[str] = set()

    def with_usual_name(match: re.Match[str]) -> str:
        usual = _usual_names()[match.group().lower().replace("’", "'")]
        if usual in told:
            return match.group()
        told.add(usual)  # once is enough to look through the text for it
        return match.group() if usual in lower else f"{match.group()} ({usual})"

    return _any_name().sub(with_usual_name, text)


@cache
def _usual_names() -> dict[str, str]:
    return dict(line.split("\t") for line in LIST.read_text(encoding="utf-8").splitlines())


@cache
def _any_name() -> re.Pattern[str]:
    """The longest comes first, as it should win."""
    names = sorted(_usual_names(), key=lambda name: (-len(name), name))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b".replace("'", "['’]"), re.IGNORECASE)
