"""What a machine does for an article: draft one of signed ones, piece by piece, for a doctor to check."""

import re
import time
from collections.abc import Iterable, Iterator

from django.conf import settings

from forum.articles.drafters import Asked, Drafter, DrafterFailed, Failure, Material, configured_drafter
from forum.articles.models import Article, MachineDraft
from forum.articles.rendering import linked_addresses, without_other_links
from forum.articles.wording import holds_pieces_of
from forum.questions.models import Question
from forum.safety.personal import personal_data

LEFT_OUT = "[…]"
# What some models say to themselves first.
THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)
SECONDS_BETWEEN_SAVES = 0.5


def write_draft(draft: MachineDraft) -> None:
    """Write it from the start, as the configured drafter does. One that was cancelled or is finished stays as it is."""
    if not draft.begin():
        return
    material = _material(draft.material)
    if not material:
        draft.fail(Failure.NO_MATERIAL)
        return
    try:
        text = _written(draft, configured_drafter(), asked_of(draft.draft.question, material))
    except DrafterFailed as failed:
        draft.fail(failed.failure)
        return
    if text is not None:
        _finish(draft, text, material)


def _written(draft: MachineDraft, drafter: Drafter, asked: Asked) -> str | None:
    """The whole text, saved as it grows; None once nobody wants it any more."""
    text = ""
    for piece in _gathered(drafter.draft(asked)):
        text += piece
        if not draft.append(piece):
            return None
    return text


def _gathered(pieces: Iterable[str]) -> Iterator[str]:
    """Two saves a second are as many as anybody can see."""
    waiting, until = "", time.monotonic()
    for piece in pieces:
        waiting += piece
        if time.monotonic() >= until and waiting:
            yield waiting
            waiting, until = "", time.monotonic() + SECONDS_BETWEEN_SAVES
    if waiting:
        yield waiting


def _finish(draft: MachineDraft, text: str, material: list[Material]) -> None:
    """Of a machine's links only those stay that are in the articles: it may have made up the others."""
    known = {source["url"] for each in material for source in each.sources}
    known |= {address for each in material for address in linked_addresses(each.text)}
    text = without_other_links(THOUGHTS.sub("", text), known).strip()
    if not text:
        draft.fail(Failure.UNFIT)
        return
    used = _used(text, material)
    sources = {source["url"]: source for each in used for source in each.sources}
    draft.finish(text, [each.thread_id for each in used], list(sources.values()))


def _used(text: str, material: list[Material]) -> list[Material]:
    """The articles that are quoted or named by their number; all where the text tells of none."""
    numbered = enumerate(material, 1)
    return [each for n, each in numbered if f"[{n}]" in text or holds_pieces_of(text, each.text)] or material


def _material(thread_ids: list[int]) -> list[Material]:
    """Their articles as they stand now, those that are still public, in this order."""
    articles = Article.objects.to_start_from().filter(question__in=thread_ids).select_related("question", "signed_by")
    by_thread = {article.question_id: article for article in articles}
    found = [by_thread[pk] for pk in thread_ids if pk in by_thread]
    return [
        Material(each.question.title, each.text, each.signed_by.name, each.reviewed_on, each.sources, each.question_id)
        for each in found
    ]


def asked_of(question: Question, material: list[Material]) -> Asked:
    """What a drafter is told of a question: no pseudonym, no address, nothing in the text that looks like either."""
    text = without_personal_data(f"{question.headline}\n{question.text}", question)
    return Asked(text, question.specialty.name, question.language, material)


def without_personal_data(text: str, question: Question) -> str:
    for span in reversed(personal_data(text, country=settings.COUNTRY)):
        text = text[: span.start] + LEFT_OUT + text[span.end :]
    for own in (question.email, question.pseudonym):
        if own:
            text = _left_out(text, own)
    return text


def _left_out(text: str, words: str) -> str:
    """Without these words, small or capital letters; Latin ones where they are no part of a longer word."""
    alone = r"(?<![A-Za-z]){}(?![A-Za-z])"
    return re.sub(alone.format(re.escape(words)), LEFT_OUT, text, flags=re.IGNORECASE)
