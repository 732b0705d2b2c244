"""The tables of history. Each is asked for a page at most, in the order of its time."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from pghistory.core import event_models

from accounts.models import AccountDecision
from forum.history.models import Erasure, Rule
from forum.moderation.history.acts import ADMIN_ACTS, acts_that_say, reasons_that_say
from forum.moderation.history.entries import Entry
from forum.moderation.history.others import AccountDecisions, Exports, TextRevisions
from forum.moderation.history.row_history import RowHistory
from forum.moderation.history.source import Source, Wanted
from forum.questions.models import Decision, Question, State
from forum.specialties.models import Specialty

# Kinds of things that Django's log calls by an address.
CALLED_BY_ADDRESS = ("user", "emailaddress")


class Decisions(Source):
    key, name, at = "decision", _("Decision"), "made_at"
    # Of the question no words.
    READ = ("act", "by", "from_state", "to_state", "reason", "made_at", "question__asker")

    def rows(self, wanted: Wanted) -> QuerySet:
        rows = Decision.objects.select_related("question").only(*self.READ)
        if wanted.act:
            rows = rows.filter(act=wanted.act)
        if wanted.person:
            # Which questions somebody has asked is no admin's business.
            rows = rows.filter(by=wanted.person).exclude(question__asker=wanted.person)
        if wanted.question:
            rows = rows.filter(question=wanted.question)
        if wanted.specialty:
            rows = rows.filter(question__specialty=wanted.specialty)
        if wanted.words:
            reasons = Q(reason__icontains=wanted.words) & ~Q(reason="")
            codes = Q(reason__in=reasons_that_say(wanted.words))
            rows = rows.filter(reasons | codes | Q(act__in=acts_that_say(wanted.words)))
        return rows

    def entries(self, rows: list[Decision]) -> list[Entry]:
        return [
            Entry(
                place=self.place(row),
                kind=str(self.name),
                act=row.act,
                who=row.by_id,
                by_asker=row.by_id is not None and row.by_id == row.question.asker_id,
                question=row.question_id,
                from_state=self._state(row.from_state),
                to_state=self._state(row.to_state),
                reason=str(row.why),
            )
            for row in rows
        ]

    @staticmethod
    def _state(state: str) -> str:
        return str(State(state).label) if state in State.values else state


class AdminSite(Source):
    """Django's log: the only trace of topics, texts, accounts and licences."""

    key, name, at = "adminlog", _("Admin site"), "action_time"

    def rows(self, wanted: Wanted) -> QuerySet:
        rows = LogEntry.objects.select_related("content_type")
        if wanted.act:
            flags = [flag for flag, act in ADMIN_ACTS.items() if act == wanted.act]
            rows = rows.filter(action_flag__in=flags)
        if wanted.person:
            rows = rows.filter(user=wanted.person)
        for model, pk in ((Question, wanted.question), (Specialty, wanted.specialty)):
            if pk:
                rows = rows.filter(content_type=ContentType.objects.get_for_model(model), object_id=str(pk))
        if wanted.words:
            said = acts_that_say(wanted.words)
            flags = [flag for flag, act in ADMIN_ACTS.items() if act in said]
            named = Q(object_repr__icontains=wanted.words) & ~Q(content_type__model__in=CALLED_BY_ADDRESS)
            rows = rows.filter(Q(action_flag__in=flags) | named)
        return rows

    def entries(self, rows: list[LogEntry]) -> list[Entry]:
        return [
            Entry(
                place=self.place(row),
                kind=str(self.name),
                act=ADMIN_ACTS.get(row.action_flag, "admin"),
                who=row.user_id,
                thing=self._thing(row),
                reason=row.get_change_message(),
            )
            for row in rows
        ]

    @staticmethod
    def _thing(row: LogEntry) -> str:
        kind = row.content_type
        known = f"#{row.object_id}" if kind and kind.model in CALLED_BY_ADDRESS else row.object_repr
        return f"{kind.name if kind else ''} {known}".strip()


class Erasures(Source):
    key, name, at = "erasure", _("Erasure"), "erased_at"

    def rows(self, wanted: Wanted) -> QuerySet:
        rows = Erasure.objects.all()
        if wanted.person or wanted.specialty or wanted.act not in ("", "erase"):
            return rows.none()
        if wanted.question:
            rows = rows.filter(question_number=wanted.question)
        if wanted.words and "erase" not in acts_that_say(wanted.words):
            rules = [code for code, rule in Rule.choices if wanted.words.casefold() in str(rule).casefold()]
            rows = rows.filter(rule__in=rules)
        return rows

    def entries(self, rows: list[Erasure]) -> list[Entry]:
        names = {model._meta.db_table: RowHistory(model).name for model in event_models()}
        others = ((Decision, Decisions), (LogEntry, AdminSite), (AccountDecision, AccountDecisions))
        names |= {model._meta.db_table: source.name for model, source in others}
        return [
            Entry(
                place=self.place(row),
                kind=str(self.name),
                act="erase",
                question=row.question_number,
                thing=f"{names.get(row.source, row.source)}: {row.rows}",
                reason=str(row.get_rule_display()),
            )
            for row in rows
        ]


def sources() -> dict[str, Source]:
    """All of them by key. Whoever tracks a model with pghistory finds it here."""
    every = [
        Decisions(),
        *map(RowHistory, event_models()),
        AccountDecisions(),
        TextRevisions(),
        AdminSite(),
        Erasures(),
        Exports(),
    ]
    return {source.key: source for source in every}
