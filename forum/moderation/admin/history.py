"""What happened: the history of the site, searched, taken along, and its versions compared."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from forum.history.models import Export
from forum.moderation.differences import difference
from forum.moderation.history.comparing import comparable, may_compare, versions_of
from forum.moderation.history.entries import Place
from forum.moderation.history.exporting import FORMATS
from forum.moderation.history.sources import sources
from forum.moderation.history.timeline import page_of, stream
from forum.moderation.history_forms import HistoryForm, PersonForm
from forum.moderation.revisions import Revision

SEEN = "questions.view_decision"

admin.site.add_desk(
    title=_("What happened"),
    about=_("Who did what, when and why: search it, compare versions, take it along."),
    screen="history",
    permission=SEEN,
    position=80,
)


@admin.site.screen("history/", name="history", permission=SEEN)
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """A page of what the form asks for, newest first; `after` is the place where it begins."""
    form = HistoryForm(request.GET)
    valid = form.is_valid()
    entries, end = page_of(form.wanted, Place.parse(request.GET.get("after", ""))) if valid else ([], None)
    query = request.GET.copy()
    query.pop("after", None)
    without_person = query.copy()
    without_person.pop("person", None)
    context = {
        **admin.site.each_context(request),
        "title": _("What happened"),
        "form": form,
        "entries": entries,
        "is_first": "after" not in request.GET,
        "query": query.urlencode(),
        "older": _with(query, after=str(end)) if end else "",
        "person": _person(form.cleaned_data.get("person")) if valid else None,
        "without_person": without_person.urlencode(),
        "person_form": PersonForm(),
        "may_export": request.user.has_perm("history.add_export"),
    }
    return TemplateResponse(request, "admin/history/history.html", context)


@admin.site.screen("history/person/", name="history_person", permission=SEEN)
@require_POST
def history_person(request: HttpRequest) -> HttpResponse:
    """Whose acts are wanted: straight to them where one is found, else a choice."""
    form = PersonForm(request.POST)
    query = QueryDict(request.POST.get("query", ""), mutable=True)
    found = form.found() if form.is_valid() else []
    choices = [(_described(user), f"{reverse('admin:history')}?{_with(query, person=str(user.pk))}") for user in found]
    if len(choices) == 1:
        return redirect(choices[0][1])
    context = {
        **admin.site.each_context(request),
        "title": _("Whose acts?"),
        "form": form,
        "choices": choices,
        "query": query.urlencode(),
    }
    return TemplateResponse(request, "admin/history/person.html", context)


@admin.site.screen("history/export/", name="history_export", permission="history.add_export")
@require_POST
def history_export(request: HttpRequest) -> HttpResponse:
    """All that the form asks for as a file, written as it is read. That it was taken along is history too."""
    if not request.user.has_perm(SEEN):
        raise PermissionDenied
    form = HistoryForm(QueryDict(request.POST.get("query", "")))
    kind = request.POST.get("format", "")
    if kind not in FORMATS or not form.is_valid():
        return redirect(f"{reverse('admin:history')}?{form.data.urlencode()}")
    write, content_type = FORMATS[kind]
    Export.objects.create(format=kind, filters=form.remembered, by=request.user)
    name = f"history-{timezone.localdate()}.{kind}"
    return StreamingHttpResponse(
        write(stream(form.wanted)),
        content_type=f"{content_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@admin.site.screen("history/<slug:kind>/<int:pk>/", name="history_versions", permission=SEEN)
@require_safe
def history_versions(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Two versions of a thing, those that the address names or the last two."""
    model = comparable(kind)
    if model is None or not may_compare(request.user, model, pk):
        raise Http404
    versions = versions_of(model, pk)
    if not versions:
        raise Http404
    before = _chosen(request, "from", versions, versions[max(len(versions) - 2, 0)])
    after = _chosen(request, "to", versions, versions[-1])
    context = {
        **admin.site.each_context(request),
        "title": _("Versions of %(thing)s") % {"thing": f"{sources()[kind].name} #{pk}"},
        "versions": versions,
        "before": before,
        "after": after,
        "parts": difference(before.text, after.text),
    }
    return TemplateResponse(request, "admin/history/versions.html", context)


def _chosen(request: HttpRequest, name: str, versions: list[Revision], otherwise: Revision) -> Revision:
    number = request.GET.get(name, "")
    return next((each for each in versions if str(each.number) == number), otherwise)


def _with(query: QueryDict, **fields: str) -> str:
    query = query.copy()
    for name, value in fields.items():
        query[name] = value
    return query.urlencode()


def _person(pk: int | None) -> str:
    """Whose acts are shown; of somebody who is neither doctor nor admin the number."""
    if not pk:
        return ""
    user = User.objects.select_related("doctor").filter(pk=pk).first()
    return _described(user) if user and (user.is_staff or user.is_doctor) else f"#{pk}"


def _described(user: User) -> str:
    return f"Dr. {user.doctor.name} · {user.email}" if hasattr(user, "doctor") else user.email
