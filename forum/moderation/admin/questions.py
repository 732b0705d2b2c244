"""Questions and topics in the admin site. Patients' and doctors' words are shown there and not edited."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from forum.moderation.services import hide_thread, restore_thread
from forum.questions.declining import NEXT_STEP
from forum.questions.models import Decision, DeclineText, Question, State, WrongState
from forum.search.models import Topic
from forum.search.tasks import score_again


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
class QuestionAdmin(admin.ModelAdmin):
    list_display = ["__str__", "title", "specialty", "state", "created_at"]
    list_filter = ["state", "specialty"]
    list_select_related = ["specialty"]
    search_fields = ["=id", "public_title", "headline"]
    ordering = ["-id"]
    show_full_result_count = False
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

    @admin.action(description=_("Hide the chosen threads"), permissions=["view"])
    def hide(self, request: HttpRequest, questions: QuerySet) -> None:
        self._each(request, questions, hide_thread)

    @admin.action(description=_("Restore the chosen threads"), permissions=["view"])
    def restore(self, request: HttpRequest, questions: QuerySet) -> None:
        self._each(request, questions, restore_thread)

    def _each(self, request: HttpRequest, questions: QuerySet, act: Callable) -> None:
        for question in questions:
            try:
                act(question=question, by=request.user, reason="admin")
            except WrongState:
                messages.warning(request, _("#%(id)s is not in a state that allows this.") % {"id": question.pk})


@admin.register(DeclineText)
class DeclineTextAdmin(admin.ModelAdmin):
    """Where there is none for a reason and language, the site's own words stand, in the help below the field."""

    list_display = ["reason", "language", "next_step"]
    list_display_links = ["reason"]
    list_filter = ["language"]

    def get_form(self, request: HttpRequest, text: DeclineText | None = None, **kwargs):
        words = {reason.label: step for reason, step in NEXT_STEP.items()}
        known = format_html_join("", "<br><strong>{}</strong>: {}", words.items())
        return super().get_form(request, text, help_texts={"next_step": known}, **kwargs)


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
