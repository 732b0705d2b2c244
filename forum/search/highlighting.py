"""Excerpts in which the words that were found are marked. The text is escaped first, then marked."""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchHeadline
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat, Left
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info

from forum.questions.language import detect_language
from forum.questions.models import Question
from forum.safety.chinese import one_script_by_character
from forum.search.words import character_pairs, is_chinese, language_group, text_query

# Private-use characters: PostgreSQL puts them round what it found, and they mean nothing in a text.
START, STOP = "\ue000", "\ue001"
AROUND = 60
LONGEST = 280


@dataclass(frozen=True)
class Result:
    """A thread that was found, with a marked excerpt; `language` names its own where the query's is another."""

    question: Question
    excerpt: SafeString
    language: str


def highlight(questions: list[Question], text: str) -> list[Result]:
    """The results in the order given, each with an excerpt of the question and first reply round the words found."""
    latin = _headlines([question for question in questions if not is_chinese(question.language)], text)
    return [
        Result(
            question,
            marked(_with_ends(latin.get(question.pk) or _chinese_excerpt(question, text), _body(question))),
            _other_language(question.language, text),
        )
        for question in questions
    ]


def _other_language(language: str, text: str) -> str:
    if not text or language_group(language) == language_group(detect_language(text)):
        return ""
    try:
        return get_language_info(language)["name_translated"]
    except KeyError:
        return language


def _with_ends(piece: str, body: str) -> str:
    """The piece with "…" where the text goes on before or after it."""
    words = " ".join(piece.replace(START, "").replace(STOP, "").split())
    whole = " ".join(body.split())
    return f"{'' if whole.startswith(words) else '… '}{piece}{'' if whole.endswith(words) else ' …'}"


def marked(text: str) -> SafeString:
    """Escaped text with `<mark>` round what stands between START and STOP."""
    pieces = re.split(f"{START}([^{START}{STOP}]*){STOP}", text)
    return mark_safe(
        "".join(f"<mark>{escape(piece)}</mark>" if place % 2 else escape(piece) for place, piece in enumerate(pieces))
    )


def _headlines(questions: list[Question], text: str) -> dict[int, str]:
    found = Question.objects.filter(pk__in=[question.pk for question in questions], replies__hidden_at=None).annotate(
        found_words=SearchHeadline(
            Left(Concat(F("text"), Value(" "), F("replies__text"), output_field=TextField()), 5000),
            text_query(text),
            config="english",
            start_sel=START,
            stop_sel=STOP,
            max_words=45,
            min_words=25,
        )
    )
    return dict(found.order_by("pk", "replies__created_at").distinct("pk").values_list("pk", "found_words"))


def _body(question: Question) -> str:
    return " ".join([question.text, *(reply.text for reply in question.first_replies)])


def _chinese_excerpt(question: Question, text: str) -> str:
    body = " ".join(_body(question).split()).replace(START, "").replace(STOP, "")
    pairs = sorted(set(character_pairs(text)), key=len, reverse=True)
    if not pairs:
        return body[:LONGEST]
    wanted = re.compile("|".join(map(re.escape, pairs)))
    first = wanted.search(one_script_by_character(body))
    begin = max(first.start() - AROUND, 0) if first else 0
    piece = body[begin : begin + LONGEST]
    covered = _covered(one_script_by_character(piece), pairs)
    return "".join(
        (START if hit and not before else "") + (STOP if before and not hit else "") + character
        for character, hit, before in zip(piece, covered, [False, *covered], strict=False)
    ) + (STOP if covered and covered[-1] else "")


def _covered(piece: str, pairs: list[str]) -> list[bool]:
    """For each character, whether it belongs to a pair of the query; neighbouring pairs overlap."""
    covered = [False] * len(piece)
    for pair in pairs:
        at = piece.find(pair)
        while at >= 0:
            covered[at : at + len(pair)] = [True] * len(pair)
            at = piece.find(pair, at + 1)
    return covered
