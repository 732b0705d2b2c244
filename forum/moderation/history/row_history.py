from collections.abc import Iterable

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from forum.moderation.history.acts import ELSEWHERE, acts_that_say
from forum.moderation.history.changes import changes_of
from forum.moderation.history.entries import Entry
from forum.moderation.history.source import Source, Wanted
from forum.questions.models import Question, QuestionWordsEvent
from forum.specialties.models import Specialty


class RowHistory(Source):
    """An event model of pghistory: rows as they were before; what became of them is in the next one."""

    at, pk = "pgh_created_at", "pgh_id"

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.key = model._meta.model_name
        self.name = _("patient's words") if model is QuestionWordsEvent else model.pgh_tracked_model._meta.verbose_name
        self.fields = {each.name for each in model._meta.fields}
        self.is_elsewhere = not self._path(Question)

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
        acts = list(acts)
        if self.is_elsewhere:
            acts = [act for act in acts if act not in ELSEWHERE] + [
                raw for raw, act in ELSEWHERE.items() if act in acts
            ]
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
        act = context.get("act") or row.pgh_label.removeprefix("words_")
        about = row.pgh_obj_id if tracked is Question else getattr(row, "question_id", None)
        return Entry(
            place=self.place(row),
            kind=str(self.name),
            act=ELSEWHERE.get(act, act) if self.is_elsewhere else act,
            who=context.get("by"),
            question=about,
            thing="" if tracked is Question else f"{tracked._meta.verbose_name} #{row.pgh_obj_id}",
            reason=context.get("reason", ""),
            changes=changes,
            compare=self.key if any(each.long for each in changes) else "",
            row=row.pgh_obj_id,
        )
