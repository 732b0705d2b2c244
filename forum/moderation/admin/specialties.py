"""The admins' tree of specialties: one screen from which each is added, changed, put in its place and opened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Doctor
from forum.moderation.specialties import change_specialty, create_specialty, waiting_by_specialty
from forum.moderation.specialty_forms import NewSpecialtyForm, PlaceForm, SpecialtyForm, StepForm
from forum.specialties.models import Specialty, SpecialtyMerge
from forum.specialties.ordering import ChangedMeanwhile, TooDeep, Way, lock_tree, place_specialty, step_specialty

admin.site.add_desk(
    title=gettext_lazy("Specialties"),
    about=gettext_lazy("The fields in which patients ask: names, order, who may ask, how soon doctors answer."),
    screen="specialties",
    permission="specialties.view_specialty",
    position=50,
)


@dataclass
class Row:
    """One specialty of the tree; `ways` are those in which it can go from where it stands."""

    specialty: Specialty
    ways: list[Way]
    waiting: int
    children: list["Row"]
    focused: str = ""


def page_of_specialties(request: HttpRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    """A screen below the tree, with the admin site around it."""
    context = {**admin.site.each_context(request), **context}
    return TemplateResponse(request, f"admin/specialties/{template}.html", context, status=status)


def to_tree(specialty_id: int, way: str = "") -> HttpResponse:
    """Back to the tree, to the row of this specialty: the focus returns to the button that was pressed."""
    # Without a fragment: browsers give the focus to nothing where an address has one.
    return redirect(f"{reverse('admin:specialties')}?row={specialty_id}&way={way}")


@admin.site.screen("specialties/", name="specialties", permission="specialties.view_specialty")
@require_safe
def specialties(request: HttpRequest) -> HttpResponse:
    """The tree, with how many questions wait where, and the merges that can still be undone."""
    rows = list(_rows(request.GET.get("row", ""), request.GET.get("way", "")))
    merges = SpecialtyMerge.objects.undoable().select_related("made_by")
    return page_of_specialties(request, "tree", {"title": _("Specialties"), "rows": rows, "merges": merges})


def _rows(focused: str, way: str) -> Iterator[Row]:
    """The tree; in the `focused` row the button of the way that was gone takes the focus, or one that is there."""
    waiting = waiting_by_specialty()
    tree: dict[int | None, list[Specialty]] = {}
    for each in Specialty.objects.all():
        tree.setdefault(each.parent_id, []).append(each)

    def row(specialty: Specialty, beside: list[Specialty], children: list[Row]) -> Row:
        ways = _ways(specialty, beside, bool(children))
        focus = _focus(way, ways) if str(specialty.pk) == focused else ""
        return Row(specialty, ways, waiting.get(specialty.pk, 0), children, focus)

    for top in tree.get(None, []):
        below = tree.get(top.pk, [])
        yield row(top, tree[None], [row(child, below, []) for child in below])


def _ways(specialty: Specialty, beside: list[Specialty], has_children: bool) -> list[Way]:
    is_first, is_last = specialty == beside[0], specialty == beside[-1]
    possible = {
        Way.UP: not is_first,
        Way.DOWN: not is_last,
        Way.IN: specialty.parent_id is None and not is_first and not has_children,
        Way.OUT: specialty.parent_id is not None,
    }
    return [way for way in Way if possible[way]]


def _focus(way: str, ways: list[Way]) -> str:
    if not (way and ways):
        return "name"
    return way if way in ways else ways[-1 if way in (Way.IN, Way.OUT) else 0]


@admin.site.screen("specialties/<int:pk>/move/", name="move_specialty", permission="specialties.change_specialty")
@require_POST
def move_specialty(request: HttpRequest, pk: int) -> HttpResponse:
    """One step up, down, in under the one above, or out."""
    specialty = get_object_or_404(Specialty, pk=pk)
    form = StepForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The site did not understand that button. Nothing was changed."))
        return to_tree(pk)
    way = form.cleaned_data["way"]
    return _moved(request, specialty, partial(step_specialty, way=way), way)


@admin.site.screen("specialties/place/", name="place_specialty", permission="specialties.change_specialty")
@require_POST
def drop_specialty(request: HttpRequest) -> HttpResponse:
    """Where it was dropped with the mouse."""
    form = PlaceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The tree was changed meanwhile. Nothing was moved; this is how it stands now."))
        return redirect("admin:specialties")
    to = form.cleaned_data
    return _moved(request, to["specialty"], partial(place_specialty, parent=to["parent"], before=to["before"]))


def _moved(request: HttpRequest, specialty: Specialty, act: Callable[..., bool], way: str = "") -> HttpResponse:
    try:
        if act(specialty=specialty, by=request.user):
            messages.success(request, _where(specialty.pk))
    except TooDeep:
        messages.error(request, _("There are two levels at most: “%(name)s” was not moved.") % {"name": specialty})
    except ChangedMeanwhile:
        messages.error(request, _("The tree was changed meanwhile. Nothing was moved; this is how it stands now."))
    return to_tree(specialty.pk, way)


def _where(pk: int) -> str:
    """Its place in words."""
    specialty = Specialty.objects.select_related("parent").get(pk=pk)
    row = list(Specialty.objects.filter(parent=specialty.parent))
    place = {"name": specialty, "place": row.index(specialty) + 1, "number": len(row), "parent": specialty.parent}
    if specialty.parent:
        return _("“%(name)s” is number %(place)d of %(number)d under “%(parent)s” now.") % place
    return _("“%(name)s” is number %(place)d of %(number)d now.") % place


@admin.site.screen("specialties/add/", name="add_specialty", permission="specialties.add_specialty")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def add_specialty(request: HttpRequest) -> HttpResponse:
    """A new one, closed for asking until an admin opens it."""
    if request.method == "POST":
        lock_tree()
    form = NewSpecialtyForm(instance=Specialty(), data=request.POST if request.method == "POST" else None)
    if not (form.is_bound and form.is_valid()):
        context = {"title": _("Add a specialty"), "form": form}
        return page_of_specialties(request, "edit", context, status=422 if form.is_bound else 200)
    values = {name: value for name, value in form.cleaned_data.items() if name != "edition"}
    specialty = create_specialty(by=request.user, **values)
    messages.success(request, _("“%(name)s” was added. Patients can ask in it once you open it.") % {"name": specialty})
    return to_tree(specialty.pk)


@admin.site.screen("specialties/<int:pk>/", name="edit_specialty", permission="specialties.change_specialty")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def edit_specialty(request: HttpRequest, pk: int) -> HttpResponse:
    """Names, address, description, icon, answer target, review limit, default topics."""
    if request.method == "POST":
        lock_tree()
    specialty = get_object_or_404(Specialty, pk=pk)
    context = {"title": specialty.name, "specialty": specialty}
    form = SpecialtyForm(instance=specialty, data=request.POST if request.method == "POST" else None)
    if not (form.is_bound and form.is_valid()):
        return page_of_specialties(request, "edit", context | {"form": form}, status=422 if form.is_bound else 200)
    try:
        change_specialty(specialty=specialty, by=request.user, **form.cleaned_data)
    except ChangedMeanwhile:
        context |= {"form": form.over(), "conflict": form.differences()}
        return page_of_specialties(request, "edit", context, status=409)
    messages.success(request, _("“%(name)s” was saved.") % {"name": form.cleaned_data["name"]})
    return to_tree(pk)


@admin.site.screen("specialties/<int:pk>/open/", name="open_specialty", permission="specialties.change_specialty")
@require_POST
def open_specialty(request: HttpRequest, pk: int) -> HttpResponse:
    """Let patients ask in it; a word of warning where no doctor would read what they ask."""
    specialty = get_object_or_404(Specialty, pk=pk)
    specialty.open(by=request.user)
    messages.success(request, _("Patients can ask in “%(name)s” now.") % {"name": specialty})
    theirs = [each for each in (specialty.pk, specialty.parent_id) if each]
    if not Doctor.objects.working().filter(specialties__in=theirs).exists():
        messages.warning(request, _("No doctor works in it at the moment: what is asked there would wait."))
    return to_tree(pk)
