"""What everybody with an account may do with all of it: take it along, and delete it."""

from tempfile import TemporaryFile

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db.models import ProtectedError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from forum.archive.forms import DeleteAccountForm
from forum.archive.own_data import forget_account, write_zip
from forum.archive.permissions import can_delete_account
from forum.questions.limits import within_limit


@login_required
@never_cache
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """What the site holds of this person, and the ways to take it along and to delete it."""
    return render(request, "archive/my_data.html", {"can_delete": can_delete_account(request.user)})


@login_required
@never_cache
@require_safe
def export_my_data(request: HttpRequest) -> FileResponse:
    """All of it as a ZIP."""
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    write_zip(request.user, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"consilium-{timezone.localdate()}.zip")


@sensitive_post_parameters("password")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete_account(request: HttpRequest) -> HttpResponse:
    """Delete the account at once, for the owner who types the password."""
    if not can_delete_account(request.user):
        messages.error(request, _("An admin's account is deleted by another admin."))
        return redirect("my_data")
    form = DeleteAccountForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound and not within_limit(request, action="delete_account"):
        form.add_error(None, _("Too many tries from here. Please wait an hour."))
        return render(request, "archive/delete_account.html", {"form": form}, status=429)
    if not form.is_bound or not form.is_valid():
        return render(request, "archive/delete_account.html", {"form": form}, status=422 if form.is_bound else 200)
    user = request.user
    try:
        forget_account(user)
    except ProtectedError:
        form.add_error(None, _("Decisions as an admin carry your name. Please ask an admin, who can switch it off."))
        return render(request, "archive/delete_account.html", {"form": form}, status=409)
    logout(request)
    messages.success(request, _("Your account is deleted."))
    return redirect("home")
