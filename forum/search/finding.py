"""What a reader's words find: by the words, with all that the reader put round them, and by what they mean."""

import re
from dataclasses import dataclass, replace
from typing import Any

from forum.questions.language import detect_language
from forum.search.asking import asked_by_text
from forum.search.ranking import LOOKED_THROUGH, MOST_BY_WORDS, Asked, Mode, Ranked, Scope, rank, without_near_identical
from forum.search.words import web_query
from forum.specialties.models import Specialty

QUOTED = re.compile(r'"[^"]+"')
LEFT_OUT = re.compile(r'(?<!\S)-("[^"]+"|\w\S*)')
ENGLISH_LETTER = re.compile("[A-Za-z]")
IN_ENGLISH, AS_IT_IS = "websearch_to_tsquery('english', %({0})s)", "websearch_to_tsquery('simple', %({0})s)"
QUERY = f"({IN_ENGLISH} || {AS_IT_IS})"
IN_SPECIALTY = "q.specialty_id IN (SELECT id FROM specialties_specialty WHERE %(specialty)s IN (id, parent_id))"
# Of one language, so much is found at most: nobody reads further.
MOST_FOUND = MOST_BY_WORDS


@dataclass(frozen=True)
class Filters:
    """What a reader narrows the results by; a specialty stands for those under it too."""

    specialty: Specialty | None = None
    age_band: str = ""
    sex: str = ""

    def lookups(self) -> dict[str, Any]:
        """As Django's lookups on questions."""
        values = {"age_band": self.age_band, "sex": self.sex}
        chosen = {name: value for name, value in values.items() if value}
        return chosen | ({"specialty__in": self.specialty.with_children()} if self.specialty else {})

    def scope(self) -> Scope:
        """As the ranking takes it."""
        scope = Scope()
        for name in ("age_band", "sex"):
            if getattr(self, name):
                scope = scope.narrowed(f"q.{name} = %({name})s", **{name: getattr(self, name)})
        if self.specialty:
            scope = scope.narrowed(IN_SPECIALTY, specialty=self.specialty.pk)
        return scope


def found_ids(text: str, filters: Filters) -> list[int]:
    """The ids of the threads that a cleaned query finds, best first; the query's own language before the others."""
    wanted = LEFT_OUT.sub(" ", text)
    # Where no letter is English, both would be the same query.
    readings = (IN_ENGLISH, AS_IT_IS) if ENGLISH_LETTER.search(wanted) else (AS_IT_IS,)
    queries = [reading.format("wanted") for reading in readings]
    scope = _honouring(text, filters.scope()).finding(*queries, wanted=web_query(wanted))
    quotes_alone = not QUOTED.sub(" ", text).strip()
    scope = replace(scope, by_words_alone=quotes_alone and filters == Filters())
    asked = asked_by_text(wanted.replace('"', " "), detect_language(text))
    own = rank(asked, scope, MOST_FOUND)
    # Behind so many of the own language nobody would see them.
    others = [] if len(own) == MOST_FOUND else _others(asked, scope)
    return [one.question_id for ranked in (own, others) for one in _once(ranked)]


def _others(asked: Asked, scope: Scope) -> list[Ranked]:
    """What holds the words in other languages."""
    return rank(asked.counting(Mode.TEXT), replace(scope, own_language=False), MOST_FOUND)


def _honouring(text: str, scope: Scope) -> Scope:
    """The scope narrowed to threads with the "words in quotes" and without the -words, however near the others are."""
    quoted, left_out = QUOTED.findall(LEFT_OUT.sub(" ", text)), LEFT_OUT.findall(text)
    if quoted:
        scope = scope.narrowed(f"e.vector @@ {QUERY.format('quoted')}", quoted=web_query(" ".join(quoted)))
    if left_out:
        scope = scope.narrowed(f"NOT e.vector @@ {QUERY.format('left_out')}", left_out=web_query(" or ".join(left_out)))
    return scope


def _once(ranked: list[Ranked]) -> list[Ranked]:
    """Without near-identical ones among the best, which are all that anybody looks at."""
    return [*without_near_identical(ranked[:LOOKED_THROUGH], LOOKED_THROUGH), *ranked[LOOKED_THROUGH:]]
