from django.contrib import admin, messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.claiming import claim_or_release, say_held
from accounts.claims import HeldByAnotherAdmin
from forum.questions.models import Question, State
from forum.search.forms import LONGEST_NAME, ProposalDecisionForm, ProposalNameForm
from forum.search.models import AnswerFound, ProposalState, Topic, TopicProposal
from forum.search.services import accept_proposal, reject_proposal

EXAMPLES = 3
MOST_OFFERED = 2_000
MOST_THREADS = 100


@admin.register(AnswerFound)
class AnswerFoundAdmin(admin.ModelAdmin):
    """Which threads spared how many patients their question. Counted by the site, edited by nobody."""

    list_display = ["day", "thread", "times"]
    list_filter = ["day"]
    list_select_related = ["question"]
    ordering = ["-day", "-times"]

    @admin.display(description=_("thread"))
    def thread(self, found: AnswerFound) -> str:
        return found.question.title

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, found=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, found=None) -> bool:
        return False


class StateFilter(admin.SimpleListFilter):
    """The open ones unless others are asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(state.value, state.label) for state in ProposalState if state != ProposalState.OPEN]

    def choices(self, changelist):
        everything, *others = super().choices(changelist)
        return [everything | {"display": ProposalState.OPEN.label}, *others]

    def queryset(self, request: HttpRequest, proposals: QuerySet) -> QuerySet:
        return proposals.filter(state=self.value() or ProposalState.OPEN)


@admin.register(TopicProposal)
class TopicProposalAdmin(admin.ModelAdmin):
    """The one screen on which proposals are accepted, renamed, merged into a topic there is, and rejected."""

    list_display = ["proposed", "threads", "specialty", "score"]
    list_display_links = None
    list_filter = [StateFilter, "language", ("specialty", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["specialty", "topic", "decided_by"]
    list_per_page = 50
    search_fields = ["name"]
    search_help_text = _("Part of a name")
    ordering = ["-score", "id"]
    show_full_result_count = False
    actions = ["accept_chosen", "reject_chosen"]

    class Media:
        css = {"all": ["css/admin_proposals.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        threads = Question.objects.published().filter(topic_proposals=OuterRef("pk")).order_by("pk")
        number = threads.order_by().values("topic_proposals").values(number=Count("pk"))
        examples = threads.values(thread=JSONObject(pk="pk", public_title="public_title"))[:EXAMPLES]
        return super().get_queryset(request).annotate(number=Subquery(number), examples=ArraySubquery(examples))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, proposal=None) -> bool:
        return False

    @admin.display(description=_("name"), ordering="name")
    def proposed(self, proposal: TopicProposal) -> str:
        """The name to be edited and the buttons; of one that is decided, what was decided."""
        if proposal.state != ProposalState.OPEN:
            day = localize(localdate(proposal.decided_at))
            words = (proposal.get_state_display(), proposal.topic, day, proposal.decided_by, proposal.reason)
            decided = " · ".join(str(word) for word in words if word)
            return format_html('<strong>{}</strong><p class="decided">{}</p>', proposal.name, decided)
        labels = (("_accept", _("Accept")), ("_reject", _("Reject")))
        buttons = [(name, proposal.pk, f"{label}: {proposal.name}", label) for name, label in labels]
        html = '<button class="button" name="{}" value="{}" aria-label="{}">{}</button>'
        field = ProposalNameForm(proposal=proposal)["name"]
        return format_html('{}<div class="decide">{}</div>', field, format_html_join(" ", html, buttons))

    @admin.display(description=_("threads"))
    def threads(self, proposal: TopicProposal) -> str:
        threads = [Question(**example) for example in proposal.examples]
        titles = [(thread.get_absolute_url(), thread.public_title) for thread in threads]
        listed = format_html_join("", '<li><a href="{}">{}</a></li>', titles)
        number = proposal.number or 0
        words = ngettext("%(number)s thread", "%(number)s threads", number) % {"number": number}
        return format_html('<strong>{}</strong><ul class="examples">{}</ul>', words, listed)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context=None) -> HttpResponse:
        """One proposal with its threads; POST claims, releases or decides it."""
        proposal = self.get_object(request, object_id)
        if proposal is None:
            raise Http404
        if not self.has_view_permission(request, proposal):
            raise PermissionDenied
        form = ProposalDecisionForm(initial={"name": proposal.name})
        if request.method == "POST":
            if not self.has_change_permission(request, proposal):
                raise PermissionDenied
            form = self._act(request, proposal)
            if form is None:
                return redirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "title": _("New topic: %(name)s") % {"name": proposal.name},
            "opts": self.opts,
            "proposal": proposal,
            "threads": proposal.questions.published().newest_first()[:MOST_THREADS],
            "topics": _topics_beside([proposal])[proposal.specialty_id],
            "form": form,
            "held": proposal.is_held_from(request.user),
        }
        return TemplateResponse(request, "admin/search/topicproposal/decide.html", context)

    def _act(self, request: HttpRequest, proposal: TopicProposal) -> ProposalDecisionForm | None:
        """What the pressed button says; the form with its errors, or None where there is nothing to mend."""
        form = ProposalDecisionForm(request.POST)
        try:
            if claim_or_release(request, proposal):
                return None
            if not form.is_valid():
                return form
            name, reason = form.cleaned_data["name"], form.cleaned_data["reason"]
            if request.POST.get("act") == "accept":
                done = accept_proposal(proposal=proposal, by=request.user, name=name, reason=reason)
            else:
                done = reject_proposal(proposal=proposal, by=request.user, reason=reason)
        except HeldByAnotherAdmin as refusal:
            say_held(request, refusal)
            return None
        if done:
            messages.success(request, _("Decided."))
        else:
            self._tell_late(request, [])
        return None

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The list, with the names of the topics there are; or the decision of the one row whose button was pressed."""
        for button, act in (("_accept", self._accept), ("_reject", self._reject)):
            pk = request.POST.get(button, "")
            if pk.isdecimal() and len(pk) < 19:
                if not self.has_change_permission(request):
                    raise PermissionDenied
                act(request, TopicProposal.objects.filter(pk=int(pk)))
                return redirect(request.get_full_path())
        response = super().changelist_view(request, {"title": _("Proposed topics"), **(extra_context or {})})
        if "cl" in (getattr(response, "context_data", None) or {}):
            response.context_data["topics"] = _topics_beside(response.context_data["cl"].result_list)
        return response

    @admin.action(description=_("Accept the chosen ones"), permissions=["change"])
    def accept_chosen(self, request: HttpRequest, proposals: QuerySet) -> None:
        self._accept(request, proposals)

    @admin.action(description=_("Reject the chosen ones"), permissions=["change"])
    def reject_chosen(self, request: HttpRequest, proposals: QuerySet) -> None:
        self._reject(request, proposals)

    def _accept(self, request: HttpRequest, proposals: QuerySet) -> None:
        """All of them under the names that stand in their fields, or none."""
        rows = list(proposals.order_by("pk"))
        forms = [ProposalNameForm(request.POST, proposal=proposal) for proposal in rows]
        if not all(form.is_valid() for form in forms):
            messages.error(request, _("A topic's name has %(most)s characters at most.") % {"most": LONGEST_NAME})
            return
        try:
            with transaction.atomic():
                topics = [
                    accept_proposal(proposal=proposal, by=request.user, name=form.cleaned_data["name"])
                    for proposal, form in zip(rows, forms, strict=True)
                ]
        except HeldByAnotherAdmin as refusal:
            say_held(request, refusal)
            return
        for topic in filter(None, topics):
            threads = topic.questions.filter(state=State.PUBLISHED).count()
            words = ngettext(
                "“%(topic)s” has %(number)s thread now.", "“%(topic)s” has %(number)s threads now.", threads
            )
            messages.success(request, words % {"topic": topic, "number": threads})
        self._tell_late(request, topics)

    def _reject(self, request: HttpRequest, proposals: QuerySet) -> None:
        rows = list(proposals.order_by("pk"))
        try:
            with transaction.atomic():
                done = [reject_proposal(proposal=proposal, by=request.user) for proposal in rows]
        except HeldByAnotherAdmin as refusal:
            say_held(request, refusal)
            return
        for proposal in (proposal for proposal, rejected in zip(rows, done, strict=True) if rejected):
            messages.success(request, _("“%(name)s” will not be proposed again.") % {"name": proposal.name})
        self._tell_late(request, done)

    def _tell_late(self, request: HttpRequest, outcomes: list) -> None:
        if not outcomes or not all(outcomes):
            messages.warning(request, _("What is decided already, or no longer proposed, stays as it is."))


def _topics_beside(proposals: list[TopicProposal]) -> dict[int, list[str]]:
    """The topics of the specialties of these proposals, to choose from as a name is typed."""
    names: dict[int, list[str]] = {proposal.specialty_id: [] for proposal in proposals}
    rows = Topic.objects.filter(specialty__in=names).order_by("name").values_list("specialty_id", "name")
    for specialty_id, name in rows[:MOST_OFFERED]:
        names[specialty_id].append(name)
    return names
