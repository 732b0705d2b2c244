"""The admins' queue of askers' requests: the list, and the screen on which one is decided."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.claiming import claim_or_release, say_held
from accounts.claims import HeldByAnotherAdmin
from forum.moderation.removals import decide_removal, told_of_asker
from forum.moderation.report_forms import RemovalDecisionForm
from forum.questions.models import RemovalKind, RemovalOutcome, RemovalRequest, WrongState

LONGEST_WORDS = 140


class RemovalOutcomeFilter(admin.SimpleListFilter):
    """The open ones unless decided ones are asked for."""

    title = _("decision")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(RemovalOutcome.GRANTED, _("Done")), (RemovalOutcome.REFUSED, _("Refused"))]

    def choices(self, changelist):
        everything, *others = super().choices(changelist)
        return [everything | {"display": _("Open")}, *others]

    def queryset(self, request: HttpRequest, removals: QuerySet) -> QuerySet:
        value = self.value() if self.value() in RemovalOutcome.values else ""
        return removals.filter(outcome=value).order_by(*(["-decided_at", "-id"] if value else ["requested_at", "id"]))


@admin.register(RemovalRequest)
class RemovalRequestAdmin(admin.ModelAdmin):
    """What askers want done with their public threads, oldest first. Nobody but admins learns of them."""

    list_display = ["wanted", "said", "requested_at", "decision"]
    list_display_links = None
    list_filter = [RemovalOutcomeFilter, "kind"]
    list_select_related = ["question", "decided_by"]
    list_per_page = 50
    show_full_result_count = False
    ordering = ["requested_at", "id"]
    actions = None

    class Media:
        css = {"all": ["css/admin_reports.css"]}

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # Only what the filters offer: others would tell whose it is.
        return lookup.split("__")[0] in ("outcome", "kind")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, removal=None) -> bool:
        return False

    @admin.display(description=_("what is asked for"))
    def wanted(self, removal: RemovalRequest) -> str:
        html = '<a href="{}/change/">{}</a><p class="title" lang="{}">{} {}</p>'
        thread = removal.question
        return format_html(html, removal.pk, removal.get_kind_display(), thread.language, thread, thread.title)

    @admin.display(description=_("the asker's words"))
    def said(self, removal: RemovalRequest) -> str:
        return Truncator(removal.words).chars(LONGEST_WORDS)

    @admin.display(description=_("decision"))
    def decision(self, removal: RemovalRequest) -> str:
        return "" if removal.is_open else f"{removal.get_outcome_display()} · {removal.decided_by}"

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Removal requests"), **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context=None) -> HttpResponse:
        """One request with its thread; POST claims, releases or decides it."""
        removal = self.get_object(request, object_id)
        if removal is None:
            raise Http404
        if not self.has_view_permission(request, removal):
            raise PermissionDenied
        form = RemovalDecisionForm()
        if request.method == "POST":
            if not self.has_change_permission(request, removal):
                raise PermissionDenied
            form = self._act(request, removal)
            if form is None:
                return redirect(request.path)
        return self._decision_page(request, removal, form)

    def _act(self, request: HttpRequest, removal: RemovalRequest) -> RemovalDecisionForm | None:
        """What the pressed button says; the form with its errors, or None where there is nothing to mend."""
        try:
            return None if claim_or_release(request, removal) else self._decide(request, removal)
        except HeldByAnotherAdmin as refusal:
            say_held(request, refusal)
        except WrongState:
            messages.error(request, _("It is not in a state that allows this. Nothing was changed."))
        return None

    def _decide(self, request: HttpRequest, removal: RemovalRequest) -> RemovalDecisionForm | None:
        form = RemovalDecisionForm(request.POST)
        if not form.is_valid():
            return form
        done = decide_removal(removal=removal, by=request.user, **form.cleaned_data)
        if done:
            messages.success(request, _("Decided. The asker is told."))
        else:
            messages.warning(request, _("It was decided before; that stays as it is."))
        return None

    def _decision_page(self, request: HttpRequest, removal: RemovalRequest, form) -> HttpResponse:
        thread = removal.question
        masks = removal.is_open and removal.kind == RemovalKind.ANONYMISE
        context = {
            **self.admin_site.each_context(request),
            "title": _("Request: %(what)s") % {"what": removal.get_kind_display()},
            "opts": self.opts,
            "media": self.media,
            "removal": removal,
            "thread": thread,
            "replies": thread.replies.in_order().select_related("doctor"),
            "follow_ups": thread.follow_ups.order_by("created_at", "id"),
            "found": told_of_asker(thread) if masks else None,
            "masks": masks,
            "others": thread.removal_requests.newest_first().exclude(pk=removal.pk),
            "decisions": thread.decisions.select_related("by", "question"),
            "form": form,
            "held": removal.is_held_from(request.user),
        }
        return TemplateResponse(request, "admin/questions/removalrequest/decide.html", context)
