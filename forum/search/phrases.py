"""Names for topics, found in the texts of threads: pure functions, no models.

What several threads call alike is counted in one form (English without its plurals, Chinese in one script) and shown as
most of them write it. It is told from what every question says by three things: doctors take it up in their replies,
few threads elsewhere hold it, and it is made of more than everyday words. Chinese, which has no spaces, is cut where
the characters of a run hold together (pointwise mutual information) and its neighbours vary (their entropy), as is
usual in finding new words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import log, log2

from forum.search.boilerplate import (
    ADJECTIVE_ENDINGS,
    CHINESE_MEDICAL,
    CHINESE_NOT_ALONE,
    CHINESE_NOT_FIRST,
    CHINESE_NOT_LAST,
    MEDICAL_ENDINGS,
    NOT_ALONE,
    STOP_WORDS,
)
from forum.search.cohesion import LONGEST_CHARACTERS, MOST_COUNTED, Cohesion, chinese_runs
from forum.search.words import is_chinese, one_script

# (form in which it is counted, writing) for each place where a phrase stands
Phrase = tuple[tuple[str, ...], str]

LONGEST_WORDS = 3
SHORTEST_WORD = 4
FEWEST_THREADS = 3
READ_OF_A_TEXT = 3_000
# Of Chinese names: at least so firm inside (0 to 1), and so free at both ends (bits).
FIRM = 0.25
FREE = 1.5
# The share of its threads whose replies take a name up: the least, and where nothing else speaks for it.
LEAST_AGREED = 0.1
WELL_AGREED = 0.3
# A phrase that stands inside a longer one in so many of its threads is left to that one.
NEARLY_ALL = 0.8

WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
SENTENCE_END = re.compile(r"[.!?;:,()\[\]{}\"“”/\\|<>=+*\n\r\t…]+| - ")


@dataclass(frozen=True, slots=True)
class ThreadText:
    """The words of one thread: its titles, its question and its replies."""

    pk: int
    title: str
    question: str
    replies: str = ""


@dataclass
class Found:
    """A phrase and the threads that are about it. `agreed`: those of them whose replies hold it too."""

    form: tuple[str, ...]
    writings: Counter = field(default_factory=Counter)
    threads: set[int] = field(default_factory=set)
    agreed: int = 0

    @property
    def name(self) -> str:
        """As most write it; of equals the one in small letters."""
        return max(self.writings, key=lambda writing: (self.writings[writing], writing.islower(), writing))

    def absorb(self, other: "Found") -> None:
        """Take over the threads of what is the same name in another writing ("check-up", "checkup")."""
        self.agreed = round(self.agreed + other.agreed * len(other.threads - self.threads) / len(other.threads))
        self.threads |= other.threads


def singular(word: str) -> str:
    """An English word without the ending of its plural, roughly; the same for both."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def key_of(name: str, language: str) -> str:
    """By what two names are told to be the same: with and without hyphen, plurals, both Chinese scripts.

    Chinese diseases go with and without 病 or 症 at the end.
    """
    if is_chinese(language):
        return re.sub("(?<=..)[病症]$", "", "".join(one_script(name).lower().split()))
    return "".join(singular(word) for word in name.lower().replace("-", " ").split())


def phrases(text: str, language: str) -> Iterator[Phrase]:
    """All that may be a name in this text, each time it stands there."""
    return _chinese(text) if is_chinese(language) else _english(text)


def _english(text: str) -> Iterator[Phrase]:
    """Runs of 1 to 3 words without stop words; "of" may stand in the middle of three."""
    for sentence in SENTENCE_END.split(text):
        words = WORD.findall(sentence)
        forms = [singular(word.lower().replace("-", "").replace("’", "'")) for word in words]
        stops = [_is_stop(word.lower().replace("’", "'")) for word in words]
        for start in range(len(words)):
            for end in range(start + 1, min(start + LONGEST_WORDS, len(words)) + 1):
                if _may_be_english(words[start:end], forms[start:end], stops[start:end]):
                    yield tuple(forms[start:end]), " ".join(words[start:end])


def _is_stop(word: str) -> bool:
    return word in STOP_WORDS or "'" in word or (word.isdecimal() and len(word) > 2) or len(word) > 30


def _may_be_english(words: list[str], forms: list[str], stops: list[bool]) -> bool:
    if stops[0] or stops[-1] or words[0][0].isdecimal():
        return False
    if len(words) == 1:
        return len(words[0]) >= SHORTEST_WORD and not {words[0].lower(), forms[0]} & NOT_ALONE
    if len(words) == 2:
        return len(set(forms)) == 2 and len(words[0]) > 1
    return (not stops[1] or forms[1] == "of") and len(set(forms)) == 3


def _chinese(text: str) -> Iterator[Phrase]:
    """Runs of 2 to 6 characters, or an abbreviation in Latin letters."""
    for run in chinese_runs(text):
        for start in range(len(run)):
            for end in range(start + 1, min(start + LONGEST_CHARACTERS, len(run)) + 1):
                form = tuple(unit for unit, _, _ in run[start:end])
                if _may_be_chinese(form):
                    yield form, text[run[start][1] : run[end - 1][2]]


def _may_be_chinese(form: tuple[str, ...]) -> bool:
    if len(form) == 1:
        return len(form[0]) > 2
    return form[0] not in CHINESE_NOT_FIRST and form[-1] not in CHINESE_NOT_LAST and len(form[-1]) < 6


class PhraseCount:
    """Collects the phrases of the threads of one specialty and language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.threads = 0
        self._found: dict[tuple[str, ...], Found] = {}
        self._cohesion = Cohesion() if is_chinese(language) else None
        self._fewest = 1

    def add(self, thread: ThreadText) -> None:
        """A thread is about what its titles say, and what its question says more than once."""
        self.threads += 1
        titles = list(phrases(thread.title, self.language))
        question = list(phrases(thread.question[:READ_OF_A_TEXT], self.language))
        replied = {form for form, _ in phrases(thread.replies[:READ_OF_A_TEXT], self.language)}
        often = Counter(form for form, _ in question)
        about = {form for form, _ in titles} | {form for form, count in often.items() if count > 1}
        for form, writing in (*titles, *question):
            if form in about:
                found = self._found.setdefault(form, Found(form))
                found.writings[writing] += 1
                if thread.pk not in found.threads:
                    found.threads.add(thread.pk)
                    found.agreed += form in replied
        if self._cohesion:
            self._cohesion.add(f"{thread.title}\n{thread.question[:READ_OF_A_TEXT]}")
        self._forget_rare()

    def _forget_rare(self) -> None:
        if len(self._found) > MOST_COUNTED:
            self._found = {form: one for form, one in self._found.items() if len(one.threads) > self._fewest}
            self._fewest += 1

    def found(self) -> list[Found]:
        """The phrases of at least three threads that read as names, without those that say the same as a longer one."""
        frequent = {form: one for form, one in self._found.items() if len(one.threads) >= FEWEST_THREADS}
        if self._cohesion:
            freedom = self._cohesion.freedom(frequent)
            frequent = {
                form: one
                for form, one in frequent.items()
                if self._cohesion.firmness(form) >= FIRM and freedom[form] >= FREE
            }
        return [one for one in alike(fold(frequent), self.language) if is_name(one, self.language)]


def alike(found: Iterable[Found], language: str) -> list[Found]:
    """Each name once, in one word or in two, in either script; its commonest writing stands for the others."""
    groups: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        groups[key_of("".join(one.form), language)].append(one)
    kept = []
    for group in groups.values():
        first, *others = sorted(group, key=lambda one: (-len(one.threads), one.form))
        for other in others:
            first.absorb(other)
        kept.append(first)
    return kept


def fold(found: dict[tuple[str, ...], Found]) -> list[Found]:
    """Without what nearly always stands inside a longer one: that says the same better."""
    within: set[tuple[str, ...]] = set()
    for form, longer in found.items():
        for part in _parts(form):
            shorter = found.get(part)
            if shorter and len(shorter.threads & longer.threads) >= NEARLY_ALL * len(shorter.threads):
                within.add(part)
    return [one for form, one in found.items() if form not in within]


def _parts(form: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for size in range(1, len(form)):
        for start in range(len(form) - size + 1):
            yield form[start : start + size]


def is_name(found: Found, language: str) -> bool:
    """Whether a phrase reads as the name of a subject and not as a piece of a sentence."""
    agreed = found.agreed / len(found.threads)
    if is_chinese(language):
        return agreed >= LEAST_AGREED and "".join(found.form) not in CHINESE_NOT_ALONE
    if len(found.form) > 1:
        return True
    word = found.form[0]
    if not _is_noun(found):
        return False
    return agreed >= (LEAST_AGREED if word.endswith(MEDICAL_ENDINGS) else WELL_AGREED)


def _is_noun(found: Found) -> bool:
    """Not by its ending an English adjective, adverb or participle; those have no plural."""
    word = found.form[0]
    return not word.endswith(ADJECTIVE_ENDINGS) or any(writing.lower() == word + "s" for writing in found.writings)


def score(found: Found, threads: int, elsewhere: float, language: str, *, known: bool = False) -> float:
    """How good a topic the phrase would be, 0 to about 100, in a specialty of so many threads.

    `elsewhere` is the share of the other specialties' threads that it names too, `known` whether it is the name of a
    topic already, of whichever specialty. Many threads count, and so do replies that take the phrase up; a phrase that
    says much of the specialty's threads, or as much of those of the others, tells little.
    """
    here = len(found.threads) / threads
    agreed = found.agreed / len(found.threads)
    telling = (1 + log(1 / here)) ** 0.5 * here / (here + elsewhere)
    words = 1.0 if len(found.form) > 1 else 0.8
    return round(
        4 * log2(1 + len(found.threads)) * telling * (0.3 + agreed) * words * _medical(found, language, known), 2
    )


def _medical(found: Found, language: str, known: bool) -> float:
    if known:
        return 1.5
    if is_chinese(language):
        return 1.2 if CHINESE_MEDICAL & set("".join(found.form)) else 0.5
    return 1.2 if any(word.endswith(MEDICAL_ENDINGS) for word in found.form) else 1.0
