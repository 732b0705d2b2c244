"""The end of a specialty: closed for asking, merged into another one and back, or deleted where nothing uses it."""

import pghistory
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from forum.moderation.admin.specialties import page_of_specialties, to_tree
from forum.moderation.specialties import Closed, close_specialty, waiting_in, what_moves
from forum.moderation.specialty_forms import CloseForm, MergeForm
from forum.specialties.models import Specialty, SpecialtyMerge
from forum.specialties.ordering import ChangedMeanwhile
from forum.specialties.services import CannotUndo, merge_specialty, undo_merge

CANNOT_UNDO = {
    "late": gettext_lazy("A merge can be undone for a day. This one stays."),
    "target": gettext_lazy("“%(target)s” was merged into another specialty itself. Undo that first."),
    "name": gettext_lazy("There is another specialty called “%(name)s” by now. Rename that one first."),
    "address": gettext_lazy("Another specialty has the address of “%(name)s” by now. Change that one first."),
}


@admin.site.screen("specialties/<int:pk>/close/", name="close_specialty", permission="specialties.change_specialty")
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take no more questions, and say where those go that wait; of a closed one, where they go after all."""
    specialty = get_object_or_404(Specialty, pk=pk)
    form = CloseForm(request.POST if request.method == "POST" else None, specialty=specialty)
    if form.is_bound and form.is_valid():
        try:
            closed = close_specialty(specialty=specialty, by=request.user, to=form.cleaned_data["to"])
        except ChangedMeanwhile:
            form.add_error("to", _("It is not open any more. Please choose another one."))
        else:
            _say_closed(request, specialty, closed)
            return to_tree(pk)
    waiting, with_patient = waiting_in(specialty)
    title = _("Close “%(name)s” for asking") if specialty.is_open else _("Questions that wait in “%(name)s”")
    context = {"title": title % {"name": specialty}, "specialty": specialty, "form": form}
    context |= {"waiting": waiting, "with_patient": with_patient}
    return page_of_specialties(request, "close", context, status=422 if form.is_bound else 200)


def _say_closed(request: HttpRequest, specialty: Specialty, closed: Closed) -> None:
    messages.success(request, _("“%(name)s” is closed for asking.") % {"name": specialty})
    if closed.moved:
        words = ngettext("%(number)d question was passed on.", "%(number)d questions were passed on.", closed.moved)
        messages.success(request, words % {"number": closed.moved})
    if closed.held:
        words = ngettext(
            "%(number)d question stayed: a doctor is at work on it.",
            "%(number)d questions stayed: doctors are at work on them.",
            closed.held,
        )
        messages.warning(request, words % {"number": closed.held})


@admin.site.screen("specialties/<int:pk>/merge/", name="merge_specialty", permission="specialties.delete_specialty")
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the specialty that takes over everything of this one, see what moves, do it."""
    source = get_object_or_404(Specialty, pk=pk)
    data = request.POST if request.method == "POST" else request.GET
    form = MergeForm(data if "target" in data else None, source=source)
    target = form.cleaned_data["target"] if form.is_valid() else None
    if request.method == "POST" and target:
        try:
            merge_specialty(source=source, target=target, by=request.user)
        except ValueError:
            form.add_error("target", _("The tree was changed meanwhile: that is not possible any more."))
        else:
            names = {"source": source.name, "target": target.name}
            messages.success(request, _("“%(source)s” is now part of “%(target)s”. Undo it within a day.") % names)
            return to_tree(target.pk)
    context = {"title": _("Merge “%(name)s” into another specialty") % {"name": source}, "source": source}
    context |= {"form": form, "target": target, "moves": what_moves(source, target) if target else []}
    return page_of_specialties(request, "merge", context, status=422 if form.errors else 200)


@admin.site.screen("specialties/merges/<int:pk>/undo/", name="undo_merge", permission="specialties.delete_specialty")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back, within a day."""
    merge = get_object_or_404(SpecialtyMerge, pk=pk)
    names = {"name": merge.name, "target": merge.target_name}
    try:
        undone = undo_merge(merge=merge, by=request.user)
    except CannotUndo as refusal:
        messages.error(request, CANNOT_UNDO[refusal.reason] % names)
        return redirect("admin:specialties")
    if undone is None:
        messages.warning(request, _("That merge was undone before."))
        return redirect("admin:specialties")
    messages.success(request, _("“%(name)s” is a specialty of its own again.") % names)
    if undone.left:
        words = ngettext(
            "%(number)d row that the merge had moved was moved or deleted by somebody since, and stays so.",
            "%(number)d rows that the merge had moved were moved or deleted by somebody since, and stay so.",
            undone.left,
        )
        messages.warning(request, words % {"number": undone.left})
    return to_tree(undone.specialty.pk)


@admin.site.screen("specialties/<int:pk>/delete/", name="delete_specialty", permission="specialties.delete_specialty")
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one that nothing uses: no question, reply, doctor, topic or sub-specialty."""
    specialty = get_object_or_404(Specialty, pk=pk)
    try:
        with transaction.atomic(), pghistory.context(act="delete", by=request.user.pk):
            specialty.delete()
    except ProtectedError:
        messages.error(
            request, _("“%(name)s” is in use. Merge it into another specialty instead.") % {"name": specialty}
        )
        return to_tree(pk)
    messages.success(request, _("“%(name)s” was deleted.") % {"name": specialty})
    return redirect("admin:specialties")
