from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from forum.moderation.access import doctor_required
from forum.moderation.forms import SavedReplyForm
from forum.replies.models import SavedReply


@doctor_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_replies(request: HttpRequest) -> HttpResponse:
    """The doctor's own saved replies and the shared ones; a form for one more."""
    doctor = request.user.doctor_profile
    form = SavedReplyForm(request.POST or None, instance=SavedReply(owner=doctor))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved. You can insert it into any reply in this language."))
        return redirect("saved_replies")
    usable = list(SavedReply.objects.usable_by(doctor))
    context = {
        "form": form,
        "own": [each for each in usable if not each.is_shared],
        "shared": [each for each in usable if each.is_shared],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "moderation/saved_replies.html", context, status=status)


@doctor_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_saved_reply(request: HttpRequest, saved_reply_id: int) -> HttpResponse:
    """One of the doctor's own; those of others do not exist."""
    saved = get_object_or_404(request.user.doctor_profile.saved_replies, pk=saved_reply_id)
    form = SavedReplyForm(request.POST or None, instance=saved)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Changed."))
        return redirect("saved_replies")
    status = 422 if request.method == "POST" else 200
    return render(request, "moderation/edit_saved_reply.html", {"form": form, "saved": saved}, status=status)


@doctor_required
@require_POST
def delete_saved_reply(request: HttpRequest, saved_reply_id: int) -> HttpResponse:
    """One of the doctor's own; replies that it went into stay as they are."""
    get_object_or_404(request.user.doctor_profile.saved_replies, pk=saved_reply_id).delete()
    messages.success(request, _("Deleted."))
    return redirect("saved_replies")
