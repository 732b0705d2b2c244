"""What admins do with accounts and with the site's own texts, and what they take along of history."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountDecision
from forum.history.models import Export
from forum.moderation.history.acts import acts_that_say
from forum.moderation.history.entries import Entry
from forum.moderation.history.source import Source, Wanted
from forum.texts.models import TextRevision
from forum.texts.registry import TEXTS


class AccountDecisions(Source):
    key, name, at = "accountdecision", _("Account"), "made_at"

    def rows(self, wanted: Wanted) -> QuerySet:
        rows = AccountDecision.objects.all()
        if wanted.question or wanted.specialty:
            return rows.none()
        if wanted.act:
            rows = rows.filter(act=wanted.act)
        if wanted.person:
            rows = rows.filter(Q(by=wanted.person) | Q(user=wanted.person))
        if wanted.words:
            rows = rows.filter(Q(reason__icontains=wanted.words) | Q(act__in=acts_that_say(wanted.words)))
        return rows

    def entries(self, rows: list[AccountDecision]) -> list[Entry]:
        return [
            Entry(
                place=self.place(row),
                kind=str(self.name),
                act=row.act,
                who=row.by_id,
                thing=" ".join(filter(None, [f"#{row.user_id}", row.about])),
                reason=row.reason,
            )
            for row in rows
        ]


class TextRevisions(Source):
    key, name, at = "textrevision", _("Site text"), "at"

    def rows(self, wanted: Wanted) -> QuerySet:
        rows = TextRevision.objects.all()
        said = not wanted.words or "text" in acts_that_say(wanted.words)
        if wanted.question or wanted.specialty or wanted.act not in ("", "text"):
            return rows.none()
        if not said:
            rows = rows.filter(Q(reason__icontains=wanted.words) | Q(code__icontains=wanted.words))
        return rows.filter(by=wanted.person) if wanted.person else rows

    def entries(self, rows: list[TextRevision]) -> list[Entry]:
        return [
            Entry(
                place=self.place(row),
                kind=str(self.name),
                act="text",
                who=row.by_id,
                thing=f"{self._called(row.code)} ({row.get_language_display()}, {row.number})",
                reason=row.reason,
            )
            for row in rows
        ]

    @staticmethod
    def _called(code: str) -> str:
        """As the screen of the texts has it; one that is no longer in the code by its code."""
        return str(TEXTS[code].name) if code in TEXTS else code


class Exports(Source):
    key, name, at = "export", _("Export"), "made_at"

    def rows(self, wanted: Wanted) -> QuerySet:
        rows = Export.objects.all()
        said = not wanted.words or "export" in acts_that_say(wanted.words)
        if wanted.question or wanted.specialty or wanted.act not in ("", "export") or not said:
            return rows.none()
        return rows.filter(by=wanted.person) if wanted.person else rows

    def entries(self, rows: list[Export]) -> list[Entry]:
        return [
            Entry(
                place=self.place(row),
                kind=str(self.name),
                act="export",
                who=row.by_id,
                thing=row.get_format_display(),
                reason=", ".join(f"{name}: {value}" for name, value in row.filters.items()),
            )
            for row in rows
        ]
