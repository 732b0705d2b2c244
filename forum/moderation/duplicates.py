"""For an admin who merges questions: what could be the other one, and what a merge would take along."""

import re
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from forum.moderation.models import Claim
from forum.notifications.models import Subscription
from forum.questions.models import OPEN_STATES, Question, State
from forum.search.queries import search_questions, similar_to_text
from forum.search.services import topics_to_lend

SHOWN = 8
# "12", "#12", or the address of a thread wherever it was copied from.
NUMBER = re.compile(r"(?:#?|.*/questions/)([1-9][0-9]{0,17})(?:/.*)?")


@dataclass(frozen=True)
class TakenAlong:
    """What comes with a question that is merged into another."""

    followers: int
    duplicates: int
    topics: list[str]
    answers_found: int
    claim: Claim | None
    drafts: int
    asker_is_told: bool


def find_questions(text: str) -> list[Question]:
    """Those of this number or address; else public threads found by the words, then open ones with it as headline."""
    text = " ".join(text.split())
    if not text:
        return []
    if number := NUMBER.fullmatch(text):
        return list(_mergeable().filter(pk=number[1]))
    waiting = _open().filter(headline__icontains=text).order_by("-id")
    return [*search_questions(text).select_related("specialty")[:SHOWN], *waiting[:SHOWN]]


def targets_among(questions: list[Question], question: Question) -> list[Question]:
    """Those into which this one can be merged."""
    return [each for each in questions if each.pk != question.pk and question.can_merge_into(each)]


def likely_targets(question: Question) -> list[Question]:
    """What the same account has asked too, what waits for the same address, then the public threads most like it."""
    own: list[Question] = []
    if question.asker_id:
        own += _mergeable().filter(asker=question.asker_id).order_by("-id")[:SHOWN]
    if question.email:
        own += _open().filter(email__iexact=question.email).order_by("-id")[:SHOWN]
    like = similar_to_text(f"{question.headline}\n{question.text}", limit=SHOWN).select_related("specialty")
    return targets_among(list(dict.fromkeys([*own, *like])), question)


def taken_along(question: Question, target: Question) -> TakenAlong:
    """What a merge of the two would move or end."""
    return TakenAlong(
        followers=Subscription.objects.filter(question=question).count(),
        duplicates=question.merged.count(),
        topics=[topic.name for topic in topics_to_lend(question, target)],
        answers_found=question.answers_found.aggregate(times=Sum("times"))["times"] or 0,
        claim=Claim.objects.valid().filter(question=question).select_related("doctor").first(),
        drafts=question.drafts.count(),
        asker_is_told=bool(question.asker_id or question.email),
    )


def _open() -> QuerySet[Question]:
    """These alone are looked through by their words: there are few of them, whatever has been answered."""
    return _mergeable().filter(state__in=OPEN_STATES)


def _mergeable() -> QuerySet[Question]:
    states = (*OPEN_STATES, State.PUBLISHED, State.HIDDEN, State.MERGED)
    return Question.objects.filter(state__in=states, removed=False).select_related("specialty")
