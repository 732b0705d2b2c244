"""The admins' search of people, and what is done with an account.

The search is sent by POST: an e-mail address in an address bar would stand in logs, histories and referrers.
"""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import Doctor, User
from accounts.people import Findings, Person, doctors_to_merge_into, find_people
from forum.moderation.people import NotThisAccount, deactivate_account, may_act_on, reactivate_account, remove_factors
from forum.moderation.people_forms import FindForm, ProfileMergeForm, ReasonForm
from forum.moderation.profile_merging import merge_profile, what_moves
from forum.questions.models import WrongState

# What each button does, and what is said when it is done.
ACTS: dict[str, tuple[Callable[..., bool], str]] = {
    "deactivate": (deactivate_account, gettext_lazy("The account is off; its owner is signed out everywhere.")),
    "reactivate": (reactivate_account, gettext_lazy("The account is on again.")),
    "remove_factors": (remove_factors, gettext_lazy("The second factors are gone; the owner is told by mail.")),
}

admin.site.add_desk(
    title=gettext_lazy("People"),
    about=gettext_lazy("Find somebody by e-mail, licence number or name; switch an account off, merge a profile."),
    screen="people",
    permission="accounts.view_user",
    position=45,
)


@admin.site.screen("people/", name="people", permission="accounts.view_user")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Who is found by the words that were sent."""
    form = FindForm(request.POST if request.method == "POST" else None)
    found = find_people(form.cleaned_data["words"]) if form.is_valid() else Findings()
    context = {"title": _("People"), "form": form, "found": found}
    return _page(request, "admin/people.html", context, status=422 if form.errors else 200)


@admin.site.screen("people/<int:user_id>/", name="person", permission="accounts.view_user")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One account; POST does what the pressed button says."""
    user = get_object_or_404(User, pk=user_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        if not request.user.has_perm("accounts.change_user"):
            raise PermissionDenied
        if form.is_valid():
            _do(request, user, form.cleaned_data["reason"])
            return redirect(request.path)
    context = {
        "title": user.email,
        "person": Person(user, user.doctor_profile),
        "factors": Authenticator.objects.filter(user=user).order_by("created_at", "pk"),
        "decisions": user.account_decisions.select_related("by"),
        "may_act": request.user.has_perm("accounts.change_user") and may_act_on(request.user, user),
        "form": form,
    }
    return _page(request, "admin/person.html", context, status=422 if form.errors else 200)


@admin.site.screen("people/profiles/<int:doctor_id>/merge/", name="merge_profile", permission="accounts.delete_doctor")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def merge_archive_profile(request: HttpRequest, doctor_id: int) -> HttpResponse:
    """What would move, and to whom: a search for the doctor first, then the choice."""
    source = get_object_or_404(Doctor.objects.filter(user=None, verified_at=None), pk=doctor_id)
    find = FindForm({"words": request.POST.get("words") or source.name[:254]})
    doctors = doctors_to_merge_into(find.cleaned_data["words"]) if find.is_valid() else []
    merging = request.POST.get("act") == "merge"
    form = ProfileMergeForm(request.POST if merging else None, doctors=doctors)
    if merging and form.is_valid():
        return _merge(request, source, **form.cleaned_data)
    context = {"title": _("Merge “%(name)s”") % {"name": source}, "source": source, "moves": what_moves(source)}
    context |= {"find": find, "doctors": doctors, "form": form}
    return _page(request, "admin/merge_profile.html", context, status=422 if form.errors else 200)


def _merge(request: HttpRequest, source: Doctor, *, doctor: Doctor, reason: str) -> HttpResponse:
    try:
        merge_profile(source=source, target=doctor, by=request.user, reason=reason)
    except WrongState:
        messages.error(request, _("One of the two has changed meanwhile. Nothing was merged."))
        return redirect("admin:people")
    messages.success(request, _("“%(name)s” is merged; its address leads to the doctor.") % {"name": source})
    return redirect("admin:person", doctor.user_id)


def _do(request: HttpRequest, user: User, reason: str) -> None:
    act, done = ACTS.get(request.POST.get("act", ""), (None, ""))
    if act is None:
        return
    try:
        if act(user=user, by=request.user, reason=reason):
            messages.success(request, done)
        else:
            messages.warning(request, _("That was so already. Nothing was changed."))
    except NotThisAccount:
        messages.error(request, _("You may not do that with your own account, or one with more rights than yours."))


def _page(request: HttpRequest, template: str, context: dict, *, status: int) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), **context}, status=status)
