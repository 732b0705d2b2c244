"""Admins look at the site as a visitor, a patient, or a doctor of a specialty sees it. Read-only; see viewing.py."""

from urllib.parse import urlsplit

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from forum.moderation.viewing import OF_A_DOCTOR, PATIENT, VISITOR, OnlyToBeRead, Role, seen_by, with_bar
from forum.specialties.models import Specialty

# It shows what doctors see of what is not public, so it is for those who may read that here too.
PERMISSION = "questions.view_question"

admin.site.add_desk(
    title=gettext_lazy("View as"),
    about=gettext_lazy("See any page as a visitor, a patient, or a doctor of a specialty sees it, without signing in."),
    screen="view_as",
    permission=PERMISSION,
    position=90,
)


def _roles() -> list[tuple[str, object]]:
    doctors = [(f"{OF_A_DOCTOR}{each.slug}", each.label) for each in Specialty.objects.in_tree_order()]
    return [(VISITOR, _("A visitor")), (PATIENT, _("A patient")), (_("A doctor of"), doctors)]


class ViewAsForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Through whose eyes?"), choices=_roles)
    path = forms.CharField(
        label=gettext_lazy("Address of the page"),
        initial="/",
        max_length=2000,
        help_text=gettext_lazy("As it stands in the address bar, or from the first / on."),
    )

    def clean_path(self) -> str:
        address = urlsplit(self.cleaned_data["path"])
        return f"/{address.path.lstrip('/')}" + (f"?{address.query}" if address.query else "")


@admin.site.screen("view-as/", name="view_as", permission=PERMISSION)
@require_safe
def view_as(request: HttpRequest) -> HttpResponse:
    """The choice of eyes and page; made, it leads to the page."""
    form = ViewAsForm(request.GET if "role" in request.GET else None)
    if form.is_valid():
        return redirect(Role.named(form.cleaned_data["role"]).address_of(form.cleaned_data["path"]))
    context = {**admin.site.each_context(request), "title": _("View as"), "form": form}
    return render(request, "admin/view_as.html", context, status=422 if form.errors else 200)


@admin.site.screen("view-as/<str:role>/<path:path>", name="view_as_page", permission=PERMISSION)
@admin.site.screen("view-as/<str:role>/", name="view_as_page", permission=PERMISSION)
@csrf_exempt  # whatever is sent here is refused
def view_as_page(request: HttpRequest, role: str, path: str = "") -> HttpResponseBase:
    """One page as the role sees it, under a bar that says so."""
    eyes, path = Role.named(role), f"/{path.lstrip('/')}"
    if request.method not in ("GET", "HEAD"):
        return _refused(request, _("Nothing can be sent from here"), status=403)
    try:
        answer = seen_by(eyes, path, asked_by=request)
    except OnlyToBeRead:
        return _refused(request, _("This page cannot be looked at"), status=409)
    if not answer.streaming and answer.get("Content-Type", "").startswith("text/html"):
        head = format_html('<link rel="stylesheet" href="{}">', static("css/view_as.css"))
        bar = render_to_string("admin/_view_as_bar.html", {"role": eyes, "path": path}, request)
        answer.content = with_bar(answer.content.decode(), head=head, bar=bar)
    return answer


def _refused(request: HttpRequest, title: str, *, status: int) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title}
    return render(request, "admin/view_as_refused.html", context, status=status)
