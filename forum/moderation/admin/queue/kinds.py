"""The kinds of task in the admins' one queue. To add a kind: write a class of it here and put it into KINDS.

Its model is a Claimable, its manager has `open()`, and its admin has the page on which one task is decided.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.claims import Claimable
from accounts.models import Application
from forum.moderation.admin.things import look_up_things
from forum.moderation.models import Outcome, Report
from forum.moderation.removals import decide_removal
from forum.moderation.reporting import claim_report, decide_report, release_report
from forum.questions.models import RemovalOutcome, RemovalRequest
from forum.search.models import TopicProposal
from forum.search.services import accept_proposal, reject_proposal

# The order of work: where somebody may come to harm, where somebody waits, and what nobody waits for.
URGENT, SOMEBODY_WAITS, NOBODY_WAITS = range(3)


@dataclass(frozen=True)
class Act:
    """What can be done with many tasks at once. `do` takes the task, `by`, `ground` and `note`; False: too late."""

    name: str
    label: str | Promise
    do: Callable[..., bool]
    wants_ground: bool = False
    wants_note: bool = False
    is_decision: bool = True


@dataclass(frozen=True)
class Shown:
    """A task in the queue: what it is about, and what was said of it, in the language of the thread."""

    about: str
    title: str = ""
    said: str = ""
    language: str = ""


class Kind:
    """One kind of task; `ranks` tells which of them have which place in the order of work, oldest first within it."""

    name: str
    label: Promise
    model: type[Claimable]
    since: str
    ranks: dict[int, Q] = {SOMEBODY_WAITS: Q()}
    related: tuple[str, ...] = ("claimed_by",)
    decisions: tuple[Act, ...] = ()
    beware: str | Promise = ""  # what is not seen in the list of the chosen ones

    def may_see(self, user) -> bool:
        return user.has_perm(f"{self.model._meta.app_label}.view_{self.model._meta.model_name}")

    def may_decide(self, user) -> bool:
        return user.has_perm(f"{self.model._meta.app_label}.change_{self.model._meta.model_name}")

    def open(self) -> QuerySet:
        """In the order of work, by an index."""
        return self.model._default_manager.open().select_related(*self.related).order_by(self.since, "pk")

    def rank_of(self, task: Model) -> int:
        return next(iter(self.ranks))

    def since_of(self, task: Model) -> datetime:
        return getattr(task, self.since)

    def url(self, task: Model) -> str:
        """Of the page on which it is decided."""
        return reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_change", args=[task.pk])

    @property
    def list_url(self) -> str:
        """Of the list in which decided ones are found."""
        return reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist")

    def look_up(self, tasks: list) -> None:
        """What `shown` needs, for all of them at once."""

    def shown(self, task) -> Shown:
        raise NotImplementedError

    def claim(self, task: Claimable, *, by, **_given) -> bool:
        task.claim(by=by)
        return True

    def release(self, task: Claimable, *, by, **_given) -> bool:
        task.release(by=by)
        return True

    @property
    def acts(self) -> dict[str, Act]:
        """By name: what this kind has in common with all others, then its own."""
        common = (
            Act("claim", _("I am at them"), self.claim, is_decision=False),
            Act("release", _("Let others have them"), self.release, is_decision=False),
        )
        return {act.name: act for act in (*common, *self.decisions)}


def _decide_report(outcome: Outcome, task: Report, *, by, ground: str, note: str) -> bool:
    return decide_report(report=task, by=by, outcome=outcome, ground=ground, note=note)


class Reports(Kind):
    name, label = "report", _("Reports")
    model = Report
    since = "reported_at"
    ranks = {URGENT: Q(urgent=True), SOMEBODY_WAITS: Q(urgent=False)}
    related = ("question", "claimed_by")
    beware = _("What else is open on the same thing that somebody reported is decided with its report.")
    decisions = (
        Act("keep", _("Keep what they are about"), partial(_decide_report, Outcome.KEEP), wants_ground=True),
        Act("hide", _("Hide what they are about"), partial(_decide_report, Outcome.HIDE), wants_ground=True),
    )

    def open(self) -> QuerySet:
        return super().open().worst_first()

    def rank_of(self, task: Report) -> int:
        return URGENT if task.urgent else SOMEBODY_WAITS

    def look_up(self, tasks: list[Report]) -> None:
        look_up_things(tasks)

    def shown(self, task: Report) -> Shown:
        about = f"{task.thing.name}: {task.get_reason_display()}"
        return Shown(about, task.question.title, task.words, task.question.language)

    def claim(self, task: Report, *, by, **_given) -> bool:
        claim_report(report=task, by=by)
        return True

    def release(self, task: Report, *, by, **_given) -> bool:
        release_report(report=task, by=by)
        return True


def _refuse_removal(task: RemovalRequest, *, by, ground: str, note: str) -> bool:
    return decide_removal(removal=task, by=by, outcome=RemovalOutcome.REFUSED, note=note)


class Removals(Kind):
    """What is granted cannot be had back, so that each is granted on its own page."""

    name, label = "removal", _("Removal and anonymity")
    model = RemovalRequest
    since = "requested_at"
    related = ("question", "claimed_by")
    decisions = (Act("refuse", _("Refuse them; their askers read the reason"), _refuse_removal, wants_note=True),)

    def shown(self, task: RemovalRequest) -> Shown:
        return Shown(task.get_kind_display(), task.question.title, task.words, task.question.language)


class Applications(Kind):
    """Of these each is read and decided for itself."""

    name, label = "application", _("Doctors' applications")
    model = Application
    since = "sent_at"

    def open(self) -> QuerySet:
        return Application.objects.waiting().select_related(*self.related).order_by(self.since, "pk")

    def shown(self, task: Application) -> Shown:
        return Shown(_("Application: %(name)s") % {"name": task.name}, task.issuing_body)


def _accept_proposal(task: TopicProposal, *, by, ground: str, note: str) -> bool:
    return accept_proposal(proposal=task, by=by, reason=note) is not None


def _reject_proposal(task: TopicProposal, *, by, ground: str, note: str) -> bool:
    return reject_proposal(proposal=task, by=by, reason=note)


class Proposals(Kind):
    name, label = "topic", _("Topic proposals")
    model = TopicProposal
    since = "proposed_at"
    ranks = {NOBODY_WAITS: Q()}
    related = ("specialty", "claimed_by")
    decisions = (
        Act("accept", _("Accept them as topics"), _accept_proposal),
        Act("reject", _("Reject them; they are not proposed again"), _reject_proposal),
    )

    def shown(self, task: TopicProposal) -> Shown:
        return Shown(_("New topic: %(name)s") % {"name": task.name}, task.specialty.label)


KINDS: dict[str, Kind] = {kind.name: kind for kind in (Reports(), Removals(), Applications(), Proposals())}


def kinds_of(user) -> dict[str, Kind]:
    """Those that this admin may see."""
    return {name: kind for name, kind in KINDS.items() if kind.may_see(user)}
