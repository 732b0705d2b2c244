"""The admins' screens on which a question is merged into another, and that undone."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from forum.moderation.duplicates import find_questions, likely_targets, taken_along, targets_among
from forum.moderation.merge_forms import MergeForm, UndoForm
from forum.moderation.merging import UrgentQuestion, merge_by_admin, undo_merge
from forum.moderation.models import Merge
from forum.questions.models import Question, State, WrongState

LATEST = 20

admin.site.add_desk(
    title=gettext_lazy("Duplicates"),
    about=gettext_lazy("Merge a question into another one that asks the same, and undo that."),
    screen="duplicates",
    permission="moderation.view_merge",
    position=40,
)


@admin.site.screen("duplicates/", name="duplicates", permission="moderation.view_merge")
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """Find the question that is to be merged, or that was; the latest merges."""
    latest = Merge.objects.standing().newest_first().select_related("question", "target", "made_by")
    sought = request.GET.get("find", "")
    context = {
        **admin.site.each_context(request),
        "title": _("Duplicates"),
        "sought": sought,
        "found": find_questions(sought),
        "latest": latest[:LATEST],
    }
    return TemplateResponse(request, "admin/moderation/duplicates/start.html", context)


@admin.site.screen("duplicates/<int:question_id>/", name="merge_question", permission="moderation.view_merge")
@require_http_methods(["GET", "HEAD", "POST"])
def merge_question(request: HttpRequest, question_id: int) -> HttpResponse:
    """One question: what it could be merged into, the two side by side; what it was merged into. POST does it."""
    allowed = Question.objects.exclude(state=State.WITHDRAWN).select_related("specialty", "merged_into__specialty")
    question = get_object_or_404(allowed, pk=question_id)
    form = None
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        form = act(request, question) if act else None
        if form is None:
            return redirect("admin:merge_question", question.pk)
    merge = question.merges.standing().select_related("target__specialty", "made_by").first()
    about = _merged(merge, form) if question.is_merged else _to_be_merged(request, question, form)
    context = {
        **admin.site.each_context(request),
        "title": _("Duplicate: %(what)s") % {"what": f"#{question.pk}"},
        "question": question,
        **about,
    }
    status = 422 if form else 200
    return TemplateResponse(request, "admin/moderation/duplicates/merge.html", context, status=status)


def _to_be_merged(request: HttpRequest, question: Question, form: MergeForm | None) -> dict:
    chosen = request.POST.get("into") or request.GET.get("into", "")
    target = next(iter(targets_among(find_questions(f"#{chosen}"), question)), None) if chosen else None
    if target:
        return {"target": target, "along": taken_along(question, target), "form": form or MergeForm()}
    sought = request.GET.get("find", "")
    found = targets_among(find_questions(sought), question) if sought else likely_targets(question)
    return {"sought": sought, "found": found}


def _merged(merge: Merge | None, form: UndoForm | None) -> dict:
    can_undo = merge is not None and merge.can_be_undone
    return {"merge": merge, "form": (form or UndoForm()) if can_undo else None}


def _merge(request: HttpRequest, question: Question) -> MergeForm | None:
    """The form with its errors, or None where there is nothing to mend."""
    if not request.user.has_perm("moderation.add_merge"):
        raise PermissionDenied
    target = next(iter(targets_among(find_questions(f"#{request.POST.get('into', '')}"), question)), None)
    form = MergeForm(request.POST)
    if target is None:
        messages.error(request, _("It cannot be merged into that one any more. Nothing was changed."))
        return None
    if not form.is_valid():
        return form
    try:
        done = merge_by_admin(question=question, target=target, by=request.user, **form.cleaned_data)
    except UrgentQuestion:
        messages.error(request, _("It is marked urgent: a doctor has to look at it first. Nothing was changed."))
    except WrongState:
        messages.error(request, _("It cannot be merged into that one any more. Nothing was changed."))
    else:
        if done:
            messages.success(request, _("Merged. Its asker is told, as far as there is an address."))
        else:
            messages.warning(request, _("It was merged before; that stays as it is."))
    return None


def _undo(request: HttpRequest, question: Question) -> UndoForm | None:
    if not request.user.has_perm("moderation.change_merge"):
        raise PermissionDenied
    form = UndoForm(request.POST)
    if not form.is_valid():
        return form
    merge = question.merges.standing().first()
    try:
        done = merge is not None and undo_merge(merge=merge, by=request.user, reason=form.cleaned_data["reason"])
    except WrongState:
        messages.error(request, _("The other one was merged on. Undo that first. Nothing was changed."))
        return None
    if done:
        messages.success(request, _("Undone: everything is back as it was. Its asker is told."))
    else:
        messages.warning(request, _("It was undone before."))
    return None


ACTS = {"merge": _merge, "undo": _undo}
