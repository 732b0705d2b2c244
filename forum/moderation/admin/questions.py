"""Questions and topics in the admin site. Patients' and doctors' words are shown there and not edited."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from accounts.long_lists import LongListAdmin
from forum.moderation.report_forms import GroundForm
from forum.moderation.services import hide_thread, restore_thread
from forum.questions.models import OPEN_STATES, Decision, Question, State, WrongState
from forum.search.models import Topic
from forum.search.queries import search_questions
from forum.search.tasks import score_again

MOST_FOUND = 200
GREATEST_ID = 2**63 - 1


class DecisionInline(admin.TabularInline):
    model = Decision
    fields = ["made_at", "act", "decided_by", "from_state", "to_state", "reason"]
    readonly_fields = fields
    extra = 0
    can_delete = False

    @admin.display(description=_("by"))
    def decided_by(self, decision: Decision) -> str:
        """The doctor or admin; the patient stays unnamed."""
        return str(decision.named_by or "")

    def has_add_permission(self, request: HttpRequest, question=None) -> bool:
        return False


@admin.register(Question)
class QuestionAdmin(LongListAdmin):
    list_display = ["__str__", "title", "specialty", "state", "created_at"]
    list_filter = ["state", "specialty"]
    list_select_related = ["specialty"]
    search_fields = ["id"]  # what is typed is looked up by get_search_results
    search_help_text = _("A number, or words of a published thread or of the title of one that waits.")
    ordering = ["-id"]
    fields = ["state", "specialty", "public_title", "headline", "text", "pseudonym", "age_band", "sex", "asked_on"]
    fields += ["sent_images", "revisions", "duplicate"]
    readonly_fields = ["sent_images", "revisions", "duplicate"]
    inlines = [DecisionInline]
    actions = ["hide", "restore"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).exclude(state=State.WITHDRAWN)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # Only what the filters offer: others would tell whose question it is.
        return lookup.split("__")[0] in self.list_filter

    @admin.display(description=_("images"))
    def sent_images(self, question: Question) -> str:
        images = [(each.get_absolute_url(), each.description) for each in question.images.in_order()]
        return format_html_join(" · ", '<a href="{}">{}</a>', images) or "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, question=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, question=None) -> bool:
        return False

    @admin.display(description=_("revisions"))
    def revisions(self, question: Question) -> str:
        """What replies and More Info said before."""
        links = [
            (reverse("reply_revisions", args=[question.pk, reply.pk]), _("Reply %(id)s") % {"id": reply})
            for reply in question.replies.in_order()
        ]
        if hasattr(question, "article"):
            links.append((reverse("article_revisions", args=[question.pk]), _("More Info")))
        return format_html_join(", ", '<a href="{}">{}</a>', links)

    @admin.display(description=_("duplicate"))
    def duplicate(self, question: Question) -> str:
        """Where it is merged into another one, or that is undone."""
        into = question.merged_into
        words = _("Merged into %(target)s") % {"target": into} if into else _("Merge it into another one")
        return format_html('<a href="{}">{}</a>', reverse("admin:merge_question", args=[question.pk]), words)

    def get_search_results(self, request: HttpRequest, questions: QuerySet, term: str) -> tuple[QuerySet, bool]:
        """Through the indexes: by number, else published threads as readers find them, and those that wait."""
        words = term.strip()
        if not words:
            return questions, False
        if (number := words.lstrip("#")).isdecimal():
            return questions.filter(pk=min(int(number), GREATEST_ID)), False
        published = search_questions(words).values_list("pk", flat=True)[:MOST_FOUND]
        waiting = Q(state__in=OPEN_STATES, headline__icontains=words)
        return questions.filter(Q(pk__in=list(published)) | waiting), False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Nobody changes the words; whether a thread is shown is decided by those who may."""
        return request.user.has_perm("questions.change_question")

    @admin.action(description=_("Hide the chosen threads"), permissions=["decide"])
    def hide(self, request: HttpRequest, questions: QuerySet) -> HttpResponse | None:
        return self._many(request, questions, State.PUBLISHED, hide_thread)

    @admin.action(description=_("Restore the chosen threads"), permissions=["decide"])
    def restore(self, request: HttpRequest, questions: QuerySet) -> HttpResponse | None:
        return self._many(request, questions, State.HIDDEN, restore_thread)

    def _many(self, request: HttpRequest, chosen: QuerySet, state: State, act: Callable) -> HttpResponse | None:
        """First a page that lists those in this state and asks for the ground, then the act on each."""
        confirmed = "confirmed" in request.POST
        form = GroundForm(request.POST if confirmed else None)
        if confirmed and form.is_valid():
            self._each(request, chosen, act, form.cleaned_data["ground"])
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Hide all of these?") if act is hide_thread else _("Restore all of these?"),
            "opts": self.opts,
            "threads": chosen.filter(state=state),
            "form": form,
            "action": request.POST.get("action", ""),
        }
        return TemplateResponse(request, "admin/questions/question/confirm.html", context)

    def _each(self, request: HttpRequest, threads: QuerySet, act: Callable, ground: str) -> None:
        for thread in threads:
            try:
                act(question=thread, by=request.user, reason=ground)
            except WrongState:
                messages.warning(request, _("#%(id)s is not in a state that allows this.") % {"id": thread.pk})


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ["name", "specialty", "slug"]
    list_filter = ["specialty"]
    list_select_related = ["specialty"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request: HttpRequest, topic: Topic, form, change: bool) -> None:
        super().save_model(request, topic, form, change)
        if change and "name" in form.changed_data:
            score_again(topic)
