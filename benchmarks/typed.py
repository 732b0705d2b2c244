"""What readers and patients type in the measurements: made of real questions that are not on the site."""

import json
import random
import re
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from opencc import OpenCC

from benchmarks.recombining import misspelt
from forum.questions.models import AgeBand, Sex
from forum.search.words import HAN_RUN
from forum.specialties.models import Specialty

CALLS = 200
LONGEST_QUERY = 300
WORD = re.compile(r"[a-z]{4,}")
STOP_WORDS = [
    "the",
    "what should i do",
    "is it not",
    "i am",
    "can you",
    "how do i",
    "what is this",
    "和",
    "的",
    "是不是",
]
KNOWN = "SELECT word, documents FROM search_spelling WHERE word = ANY(%s) ORDER BY documents, word"
COMMONEST = "SELECT word FROM search_spelling ORDER BY documents DESC, word LIMIT 150"
# Short words of no meaning of their own, which full text leaves out.
ORDINARY = "SELECT word FROM unnest(%s) AS word WHERE numnode(plainto_tsquery('english', word)) > 0"


def questions(language: str) -> list[str]:
    """At least CALLS texts of patients, in the order of the files; some twice where there are few."""
    texts = json.loads((settings.DATA_DIR / "typed.json").read_text())[language]
    return (texts * (CALLS // len(texts) + 1))[: max(CALLS, len(texts))][:CALLS]


class Typed:
    """Queries by kind, CALLS of each; a query is a text and the filters chosen with it."""

    def __init__(self, seed: int = 7) -> None:
        self._chance = random.Random(seed)
        self._english, self._chinese = questions("en"), questions("zh")
        commonest = [word for (word,) in _rows(COMMONEST, None)]
        self._common = [word for (word,) in _rows(ORDINARY, commonest)][:40]
        self._specialties = list(Specialty.objects.filter(questions__language="en").distinct().order_by("pk"))
        self._traditional = OpenCC("s2t")

    def kinds(self) -> dict[str, list[tuple[str, dict]]]:
        plain: dict[str, Callable[[str, str], str]] = {
            "one common word": lambda _en, _zh: self._some(1),
            "two common words": lambda _en, _zh: self._some(2),
            "three rare words of one question": lambda en, _zh: " ".join(self._rarest(en)[:3]),
            "two words in quotes": lambda en, _zh: f'"{self._neighbours(en)}"',
            "a common word without another": lambda _en, _zh: self._some(2).replace(" ", " -"),
            "common words joined by or": lambda _en, _zh: self._some(4).replace(" ", " or "),
            "a misspelt word": lambda en, _zh: misspelt(self._rarest(en)[-1], self._chance),
            "Chinese, Simplified": lambda _en, zh: self._piece(zh),
            "Chinese, Traditional": lambda _en, zh: self._traditional.convert(self._piece(zh)),
            "300 characters of a question": lambda en, _zh: en[:LONGEST_QUERY],
            "stop words alone": lambda _en, _zh: self._chance.choice(STOP_WORDS),
        }
        pairs = list(zip(self._english, self._chinese, strict=True))
        kinds = {kind: [(make(en, zh), {}) for en, zh in pairs] for kind, make in plain.items()}
        kinds["a common word in a specialty"] = [(self._some(1), self._specialty()) for _ in pairs]
        kinds["a common word, age and sex"] = [(self._some(1), self._age_and_sex()) for _ in pairs]
        return kinds

    def _some(self, number: int) -> str:
        return " ".join(self._chance.sample(self._common, number))

    def _rarest(self, text: str) -> list[str]:
        """The words of a question that some threads hold, the rarest first."""
        return [word for word, _ in _rows(KNOWN, WORD.findall(text.lower()))] or ["headache"]

    def _neighbours(self, text: str) -> str:
        words = re.findall(r"[A-Za-z]+", text)
        place = self._chance.randrange(max(len(words) - 1, 1))
        return " ".join(words[place : place + 2])

    def _piece(self, text: str) -> str:
        run = max(HAN_RUN.findall(text), key=len, default="头痛")
        size = self._chance.choice((2, 2, 3, 4, 6))
        place = self._chance.randrange(max(len(run) - size, 1))
        return run[place : place + size]

    def _specialty(self) -> dict:
        return {"specialty": self._chance.choice(self._specialties)}

    def _age_and_sex(self) -> dict:
        return {"age_band": self._chance.choice(AgeBand.values), "sex": self._chance.choice(Sex.values)}


def _rows(statement: str, parameter: list | None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, None if parameter is None else [parameter])
        return cursor.fetchall()
