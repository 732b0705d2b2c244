"""The admins' queue of reports: the list, the screen on which one is decided, decisions on many."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.claiming import say_held
from accounts.claims import HeldByAnotherAdmin
from forum.moderation.admin.things import look_up_things
from forum.moderation.models import Outcome, Report
from forum.moderation.report_forms import DecisionForm, ManyDecisionsForm
from forum.moderation.reporting import (
    NobodyToAsk,
    claim_report,
    decide_report,
    release_report,
    restore_thing,
)
from forum.questions.models import WrongState

LONGEST_WORDS = 140
MOST_BESIDE = 50


class OutcomeFilter(admin.SimpleListFilter):
    """The open ones unless decided ones are asked for."""

    title = _("decision")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return Outcome.choices

    def choices(self, changelist):
        everything, *others = super().choices(changelist)
        return [everything | {"display": _("Open")}, *others]

    def queryset(self, request: HttpRequest, reports: QuerySet) -> QuerySet:
        value = self.value() if self.value() in Outcome.values else ""
        return reports.filter(outcome=value).order_by(*(["-decided_at", "-id"] if value else []))


class HolderFilter(admin.SimpleListFilter):
    title = _("who is at it")
    parameter_name = "holder"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("me", _("I am"))]

    def queryset(self, request: HttpRequest, reports: QuerySet) -> QuerySet:
        return reports.filter(claimed_by=request.user) if self.value() == "me" else reports


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    """Readers' reports, urgent and oldest first. Nobody else learns of them, and nobody edits what reporters wrote."""

    list_display = ["about", "said", "number", "reported_at", "held"]
    list_display_links = None
    list_filter = [OutcomeFilter, HolderFilter, "reason"]
    list_select_related = ["question", "claimed_by", "decided_by"]
    list_per_page = 50
    show_full_result_count = False
    ordering = ["-urgent", "reported_at", "id"]
    actions = ["keep_chosen", "hide_chosen"]

    class Media:
        css = {"all": ["css/admin_reports.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        same = Report.objects.open().filter(question=OuterRef("question"), what=OuterRef("what")).order_by()
        number = same.values("what").values(number=Count("pk"))
        return super().get_queryset(request).annotate(on_the_same=Subquery(number))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, report=None) -> bool:
        return False

    @admin.display(description=_("what"))
    def about(self, report: Report) -> str:
        html = '<a href="{}/change/">{}</a><p class="title" lang="{}">{}</p>'
        return format_html(html, report.pk, report.thing.name, report.question.language, report.question.title)

    @admin.display(description=_("reason"), ordering="reason")
    def said(self, report: Report) -> str:
        words = Truncator(report.words).chars(LONGEST_WORDS)
        html = '<strong class="{}">{}</strong><p>{}</p>'
        return format_html(html, "urgent" if report.urgent else "", report.get_reason_display(), words)

    @admin.display(description=_("reports"))
    def number(self, report: Report) -> str:
        """How many open reports there are on the same thing."""
        return report.on_the_same or ""

    @admin.display(description=_("who is at it"))
    def held(self, report: Report) -> str:
        if not report.is_open:
            return f"{report.get_outcome_display()} · {report.decided_by}"
        return f"{report.claimed_by}, {report.claimed_until:%H:%M}" if report.claimed_until else ""

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The list; what each report is about is looked up for all of them at once."""
        response = super().changelist_view(request, {"title": _("Reports"), **(extra_context or {})})
        if "cl" in (getattr(response, "context_data", None) or {}):
            look_up_things(response.context_data["cl"].result_list)
        return response

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context=None) -> HttpResponse:
        """One report with the thing in its context; POST claims, releases, decides or restores."""
        report = self.get_object(request, object_id)
        if report is None:
            raise Http404
        if not self.has_view_permission(request, report):
            raise PermissionDenied
        look_up_things([report])
        form = DecisionForm(initial={"ground": report.reason})
        if request.method == "POST":
            if not self.has_change_permission(request, report):
                raise PermissionDenied
            form = self._act(request, report)
            if form is None:
                return redirect(request.path)
        return self._decision_page(request, report, form)

    def _decision_page(self, request: HttpRequest, report: Report, form: DecisionForm) -> HttpResponse:
        same = Report.objects.on_the_same(report).exclude(pk=report.pk).select_related("decided_by")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Report on: %(name)s") % {"name": report.thing.name},
            "opts": self.opts,
            "media": self.media,
            "report": report,
            "thing": report.thing,
            "same": same.order_by("-reported_at", "-id")[:MOST_BESIDE],
            "decisions": report.question.decisions.select_related("by", "question"),
            "form": form,
            "held": report.is_held_from(request.user),
        }
        return TemplateResponse(request, "admin/moderation/report/decide.html", context)

    def _act(self, request: HttpRequest, report: Report) -> DecisionForm | None:
        """What the pressed button says; the form with its errors, or None where there is nothing to mend."""
        act = request.POST.get("act", "")
        try:
            if act == "decide":
                return self._decide(request, report)
            if act == "claim":
                claim_report(report=report, by=request.user)
            elif act == "release":
                release_report(report=report, by=request.user)
            elif act == "restore":
                restore_thing(thing=report.thing, by=request.user, reason=report.ground or report.reason)
                messages.success(request, _("Restored: readers see it again."))
        except HeldByAnotherAdmin as refusal:
            say_held(request, refusal)
        except WrongState:
            messages.error(request, _("It is not in a state that allows this. Nothing was changed."))
        return None

    def _decide(self, request: HttpRequest, report: Report) -> DecisionForm | None:
        form = DecisionForm(request.POST)
        if not form.is_valid():
            return form
        try:
            done = decide_report(report=report, by=request.user, **form.cleaned_data)
        except NobodyToAsk:
            form.add_error("outcome", _("No doctor with a sign-in answers for it: nobody can be asked to correct it."))
            return form
        if done:
            messages.success(request, _("Decided."))
        else:
            messages.warning(request, _("It was decided before; that stays as it is."))
        return None

    @admin.action(description=_("Keep what the chosen ones are about"), permissions=["change"])
    def keep_chosen(self, request: HttpRequest, reports: QuerySet) -> HttpResponse | None:
        return self._many(request, reports, Outcome.KEEP)

    @admin.action(description=_("Hide what the chosen ones are about"), permissions=["change"])
    def hide_chosen(self, request: HttpRequest, reports: QuerySet) -> HttpResponse | None:
        return self._many(request, reports, Outcome.HIDE)

    def _many(self, request: HttpRequest, reports: QuerySet, outcome: Outcome) -> HttpResponse | None:
        """First a page that lists them, then the decision on each."""
        rows = list(reports.open().select_related("question", "claimed_by").worst_first())
        look_up_things(rows)
        confirmed = "confirmed" in request.POST
        form = ManyDecisionsForm(request.POST if confirmed else None, initial={"outcome": outcome})
        if confirmed and form.is_valid():
            self._decide_each(request, rows, form.cleaned_data)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Keep all of these?") if outcome == Outcome.KEEP else _("Hide all of these?"),
            "opts": self.opts,
            "media": self.media,
            "reports": rows,
            "form": form,
            "action": request.POST.get("action", ""),
        }
        return TemplateResponse(request, "admin/moderation/report/decide_many.html", context)

    def _decide_each(self, request: HttpRequest, rows: list[Report], decision: dict) -> None:
        """Each for itself: what is held by a colleague or cannot be done is told, and the others are decided."""
        decided = 0
        for report in rows:
            try:
                decided += decide_report(report=report, by=request.user, **decision)
            except HeldByAnotherAdmin as refusal:
                say_held(request, refusal)
            except WrongState:
                messages.warning(request, _("#%(id)s is not in a state that allows this.") % {"id": report.pk})
        words = ngettext("%(number)s decision was made.", "%(number)s decisions were made.", decided)
        messages.success(request, words % {"number": decided})
