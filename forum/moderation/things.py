"""What can be reported: a thread and what stands on its page, named by their anchors there."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.articles.models import Article
from forum.questions.models import Question
from forum.replies.models import FollowUp, Reply

THREAD, ARTICLE = "thread", "more-info"
NUMBERED = re.compile(r"(reply|follow-up)-([1-9][0-9]{0,17})")
Part = Question | Reply | FollowUp | Article


@dataclass(frozen=True)
class Thing:
    """A thread or a part of one, and the anchor `what` that names it; `part` is None where there is no such."""

    question: Question
    what: str
    part: Part | None

    @property
    def is_public(self) -> bool:
        if self.part is None or not self.question.is_published:
            return False
        answered = not isinstance(self.part, FollowUp) or self.part.answered_at is not None
        return self.part is self.question or (self.part.is_shown and answered)

    @property
    def is_removed(self) -> bool:
        return self.part is not None and self.part.removed

    @property
    def is_hidden(self) -> bool:
        """Taken off the site, and to be brought back."""
        if self.part is None or self.part.removed:
            return False
        return self.part.state == "hidden" if self.part is self.question else not self.part.is_shown

    @property
    def name(self) -> str:
        if isinstance(self.part, Reply):
            return _("Reply by Dr. %(name)s") % {"name": self.part.doctor} if self.part.doctor else _("Reply")
        names = {Question: _("Thread"), Article: _("More Info"), FollowUp: _("Follow-up")}
        return names.get(type(self.part), _("No longer there"))

    @property
    def doctor(self) -> Doctor | None:
        """Who answers for it, and can be asked to correct it; None where nobody with a sign-in does."""
        if isinstance(self.part, Question):
            replies = self.question.replies.shown().in_order().select_related("doctor")
            found = next((reply.doctor for reply in replies if reply.doctor and reply.doctor.user_id), None)
        else:
            fields = {Reply: "doctor", FollowUp: "answered_by", Article: "signed_by"}
            found = getattr(self.part, fields[type(self.part)]) if self.part else None
        return found if found and found.user_id else None

    @property
    def words(self) -> list[str]:
        """What it says, part by part."""
        if isinstance(self.part, FollowUp):
            return [self.part.text, self.part.answer]
        return [self.part.text] if self.part else []

    def get_absolute_url(self) -> str:
        return self.question.get_absolute_url() + (f"#{self.what}" if self.what != THREAD else "")


def thing_named(question: Question, what: str) -> Thing:
    """The thing of that name on this thread."""
    return things_named([(question, what)])[question.pk, what]


def things_named(named: Iterable[tuple[Question, str]]) -> dict[tuple[int, str], Thing]:
    """The same of many, in three queries at most."""
    named = list(named)
    replies, articles, follow_ups = _parts(named)
    things = {}
    for question, what in named:
        found = NUMBERED.fullmatch(what)
        part: Part | None = None
        if what == THREAD:
            part = question
        elif what == ARTICLE:
            part = articles.get(question.pk)
        elif found and found[1] == "reply":
            part = replies.get((question.pk, int(found[2])))
        elif found and int(found[2]) <= len(follow_ups[question.pk]):
            part = follow_ups[question.pk][int(found[2]) - 1]
        if part is not None and part is not question:
            part.question = question
        things[question.pk, what] = Thing(question, what, part)
    return things


def _parts(named: list[tuple[Question, str]]) -> tuple[dict, dict, dict]:
    """Replies by thread and id, articles by thread, the follow-ups of each thread in order: those that are named."""
    ids = [int(found[2]) for _q, what in named if (found := NUMBERED.fullmatch(what)) and found[1] == "reply"]
    replies = Reply.objects.filter(pk__in=ids).select_related("doctor") if ids else []
    with_article = [question.pk for question, what in named if what == ARTICLE]
    articles = Article.objects.filter(question__in=with_article).select_related("signed_by") if with_article else []
    asked = [question.pk for question, what in named if what.startswith("follow-up-")]
    follow_ups: dict[int, list[FollowUp]] = defaultdict(list)
    if asked:
        rows = FollowUp.objects.filter(question__in=asked).order_by("created_at", "id").select_related("answered_by")
        for row in rows:
            follow_ups[row.question_id].append(row)
    return {(r.question_id, r.pk): r for r in replies}, {a.question_id: a for a in articles}, follow_ups
