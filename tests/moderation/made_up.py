"""A small world of which the figures are known: what happened, told twice, as rows and as plain facts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import Doctor
from forum.moderation.figures.weeks import begin
from forum.questions.models import Question
from forum.search.models import AnswerFound
from forum.specialties.models import Specialty
from tests.factories import QuestionFactory, ReplyFactory, ReportFactory

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Fact:
    """One thing that happened; `hours` is how long an answered question had waited for a doctor."""

    at: datetime
    what: str
    specialty: Specialty
    doctor: Doctor | None = None
    hours: float | None = None


class World:
    """Each verb makes the rows that the site would make, and notes the facts."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def ask(self, day: date, specialty: Specialty, **fields) -> Question:
        at = begin(day) + 9 * HOUR
        question = QuestionFactory(specialty=specialty, created_at=at, **fields)
        self._decide(question, at, "ask")
        self.facts.append(Fact(at, "asked", specialty))
        if question.is_open:
            self.facts.append(Fact(at, "unanswered", specialty))
        return question

    def answer(self, day: date, specialty: Specialty, doctor: Doctor, *, hours: float, paused: float = 0) -> Question:
        """A question asked on that day and answered after so many hours, not counting those with the patient."""
        at = begin(day) + (9 + hours + paused) * HOUR
        given = {"published_at": at, "modified_at": at, "paused": paused * HOUR}
        question = self.ask(day, specialty, published=True, **given)
        ReplyFactory(question=question, doctor=doctor, created_at=at)
        self._decide(question, at, "publish", by=doctor.user)
        self.facts.append(Fact(at, "answered", specialty, doctor, hours))
        return question

    def second(self, day: date, question: Question, doctor: Doctor) -> None:
        reply = ReplyFactory(question=question, doctor=doctor, created_at=begin(day))
        self._decide(question, begin(day), "second_reply", by=doctor.user, reason=f"reply {reply.pk}")
        self.facts.append(Fact(begin(day), "second_reply", question.specialty, doctor))

    def decline(self, day: date, specialty: Specialty, doctor: Doctor, reason: str) -> None:
        question = self.ask(day, specialty, declined=True, decline_reason=reason)
        at = begin(day) + 11 * HOUR
        self._decide(question, at, "decline", by=doctor.user, reason=reason)
        self.facts.append(Fact(at, f"declined_{reason}", specialty, doctor))

    def help(self, day: date, question: Question) -> None:
        reply = question.replies.in_order().first()
        question.replies.filter(pk=reply.pk).update(helped_at=begin(day))
        self.facts.append(Fact(begin(day), "helped", question.specialty, reply.doctor))

    def report(self, day: date, question: Question, what: str = "thread", doctor: Doctor | None = None) -> None:
        ReportFactory(question=question, what=what, reported_at=begin(day))
        self.facts.append(Fact(begin(day), "reported", question.specialty, doctor))

    def deflect(self, day: date, question: Question, times: int) -> None:
        AnswerFound.objects.create(question=question, day=day, times=times)
        self.facts += [Fact(begin(day), "deflected", question.specialty)] * times

    def _decide(self, question: Question, at: datetime, act: str, **fields) -> None:
        question.decisions.create(act=act, made_at=at, **fields)
