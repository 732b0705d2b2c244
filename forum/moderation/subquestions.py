"""A patient often asks several things at once: the questions within a question, and what became of each."""

import re
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

MOST = 8
LONGEST = 300
LONG = {"en": 160, "zh": 50}  # characters; a longer sentence is cut to its clauses that ask
MOST_CLAUSES = 20
SHORTEST = 4  # characters: "Why?" is a question, "OK?" is none

# A sentence ends with a mark, a line break, or a mark in Chinese; "e.g." and "3.5" end nothing.
SENTENCE = re.compile(r"(?:[^.!?。！？\n]|[.](?!\s|$|[A-Z][a-z]))+(?:[.!?。！？]+|(?=\n)|$)")
ASKED_IN_ENGLISH = re.compile(
    r"^(?:(?:so|and|but|also|or|then|please|doctor|hi|hello|dear|sir|thanks)[\s,]+){0,4}"
    r"(?:should|can|could|may|might|must|will|would|shall|is|are|was|were|am|do|does|did|has|have"
    r"|what|why|when|where|which|who|whom|whose|how)\s+"
    r"(?:i|it|this|that|there|these|those|we|my|the|a|an|he|she|they|is|are|do|does|can|should|could|would|much|many"
    r"|long|often|far|soon|to|you|anyone|any)\b"
    r"|\b(?:should i|can i|could i|may i|must i|do i need|is it|is this|could it be|what should"
    r"|tell me (?:if|what|why|how)"
    r"|(?:want|like|need) to know|(?:wondering|wonder|know|ask|not sure|unsure) (?:if|whether))\b",
    re.IGNORECASE,
)
# In both scripts.
ASKED_IN_CHINESE = re.compile(
    r"[嗎吗呢]$|請問|请问|想問|想问|想請教|想请教|想知道|(?<!不)怎[麼么樣样](?![也都])|如何|是否|是不是|會不會|会不会|能不能|可不可以"
    r"|要不要|需不需要|該不該|该不该|有[沒没]有[辦办]法|[為为]什[麼么]|[為为]何|什[麼么](?:原因|時候|时候)|哪一?科|多久"
)
CLAUSE = re.compile(r"[,，;；]\s*")
MARK = re.compile(r"[?？][!！]*$")
HAN = re.compile(r"[\u4e00-\u9fff]")


class Status(models.TextChoices):
    """What became of one of the patient's questions."""

    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered")
    VISIT = "visit", _("needs a visit")
    NOT_ONLINE = "not_online", _("cannot be said online")


@dataclass(frozen=True)
class SubQuestion:
    text: str
    status: str = Status.OPEN

    @property
    def is_open(self) -> bool:
        return self.status == Status.OPEN

    def as_json(self) -> dict[str, str]:
        return {"text": self.text, "status": str(self.status)}


def propose_sub_questions(text: str) -> list[SubQuestion]:
    """The sentences of a patient's text that ask something, in order, each once; eight at most."""
    found: dict[str, SubQuestion] = {}
    for sentence in SENTENCE.findall(text):
        sentence = " ".join(sentence.split())
        if _asks(sentence):
            words = _shortened(sentence)[:LONGEST]
            found.setdefault(words.lower().rstrip("?？.!。！ "), SubQuestion(words))
    return list(found.values())[:MOST]


def _asks(sentence: str) -> bool:
    words = sentence.rstrip("?？!！。. ")
    if HAN.search(words):
        return len(HAN.findall(words)) >= SHORTEST and _is_marked(sentence, ASKED_IN_CHINESE)
    return sum(letter.isalpha() for letter in words) >= SHORTEST - 1 and _is_marked(sentence, ASKED_IN_ENGLISH)


def _is_marked(sentence: str, words_that_ask: re.Pattern) -> bool:
    return bool(MARK.search(sentence)) or bool(words_that_ask.search(sentence.rstrip("!！。. ")))


def _shortened(sentence: str) -> str:
    """Of a long sentence its end, from the last clause on that asks in so many words; the whole where none does."""
    chinese = bool(HAN.search(sentence))
    if len(sentence) <= LONG["zh" if chinese else "en"]:
        return sentence
    words_that_ask = ASKED_IN_CHINESE if chinese else ASKED_IN_ENGLISH
    begins = [comma.end() for comma in CLAUSE.finditer(sentence)][-MOST_CLAUSES:]
    return next(
        (sentence[at:] for at in reversed(begins) if words_that_ask.search(sentence[at:].rstrip("?？!！。. "))),
        sentence,
    )
