"""The tables of history. Each is asked for a page at most, in the order of an index on its time."""

from collections.abc import Iterable

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from pghistory.core import event_models

from forum.history.models import Erasure, Rule
from forum.moderation.history.acts import ADMIN_ACTS, acts_that_say, reasons_that_say
from forum.moderation.history.changes import changes_of
from forum.moderation.history.entries import Entry
from forum.moderation.history.others import AccountDecisions, Exports, TextRevisions
from forum.moderation.history.source import Source, Wanted
from forum.questions.models import Decision, Question, QuestionWordsEvent, State
from forum.specialties.models import Specialty


class Decisions(Source):
    key, name, at = "decision", _("Decision"), "made_at"

    def rows(self, wanted: Wanted) -> QuerySet:
        rows = Decision.objects.select_related("question")
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


class RowHistory(Source):
    """An event model of pghistory: rows as they were before; what became of them is in the next one."""

    at, pk = "pgh_created_at", "pgh_id"

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.key = model._meta.model_name
        self.name = _("patient's words") if model is QuestionWordsEvent else model.pgh_tracked_model._meta.verbose_name
        self.fields = {each.name for each in model._meta.fields}

    def rows(self, wanted: Wanted) -> QuerySet:
        later = self.model.objects.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__gt=OuterRef("pgh_id"))
        rows = self.model.objects.annotate(later=Subquery(later.order_by("pgh_id").values("pgh_id")[:1]))
        if wanted.act:
            rows = rows.filter(self._done([wanted.act]))
        if wanted.person:
            rows = rows.filter(pgh_context__by=wanted.person)
        if wanted.question:
            rows = rows.filter(**{path: wanted.question}) if (path := self._path(Question)) else rows.none()
        if wanted.specialty:
            rows = rows.filter(**{path: wanted.specialty}) if (path := self._path(Specialty)) else rows.none()
        if wanted.words:
            rows = rows.filter(self._done(acts_that_say(wanted.words)))
        return rows

    def _done(self, acts: Iterable[str]) -> Q:
        """By the act that the context names; without one, by what happened to the row."""
        unnamed = [f"{prefix}{act}" for act in acts if act in ("update", "delete") for prefix in ("", "words_")]
        done = Q(pgh_context__isnull=True, pgh_label__in=unnamed) if unnamed else Q(pk__in=[])
        for act in acts:
            done |= Q(pgh_context__act=act)
        return done

    def _path(self, model: type[Model]) -> str:
        """The way from a row to the question or specialty it is about; empty where there is none."""
        if self.model.pgh_tracked_model is model:
            return "pgh_obj"
        name = model._meta.model_name
        if name in self.fields:
            return name
        if model is Specialty and self.model.pgh_tracked_model is Question:
            return "pgh_obj__specialty"
        return f"question__{name}" if model is Specialty and "question" in self.fields else ""

    def entries(self, rows: list[Model]) -> list[Entry]:
        changes = changes_of(self.model, rows)
        return [self._entry(row, changes[row.pk]) for row in rows]

    def _entry(self, row: Model, changes: list) -> Entry:
        context = row.pgh_context or {}
        tracked = self.model.pgh_tracked_model
        about = row.pgh_obj_id if tracked is Question else getattr(row, "question_id", None)
        return Entry(
            place=self.place(row),
            kind=str(self.name),
            act=context.get("act") or row.pgh_label.removeprefix("words_"),
            who=context.get("by"),
            question=about,
            thing="" if tracked is Question else f"{tracked._meta.verbose_name} #{row.pgh_obj_id}",
            reason=context.get("reason", ""),
            changes=changes,
            compare=self.key if any(each.long for each in changes) else "",
            row=row.pgh_obj_id,
        )


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
            rows = rows.filter(Q(action_flag__in=flags) | Q(object_repr__icontains=wanted.words))
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
        # Of an account the log says the address.
        known = f"#{row.object_id}" if kind and kind.app_label in ("accounts", "account") else row.object_repr
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
        names |= {Decision._meta.db_table: Decisions.name, LogEntry._meta.db_table: AdminSite.name}
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
    rest = [AdminSite(), AccountDecisions(), TextRevisions(), Erasures(), Exports()]
    every = [Decisions(), *map(RowHistory, event_models()), *rest]
    return {source.key: source for source in every}
