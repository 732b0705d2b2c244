"""The admins' figures: what was asked, answered and more, as plots, tables and sheets."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from forum.moderation.figures.columns import BY_CODE, Level, columns_for, level_of
from forum.moderation.figures.forms import FiguresForm
from forum.moderation.figures.plots import Plot, declined_plot, ranked_plot, weekly_plots
from forum.moderation.figures.reading import Choice, counted_until, read_figures
from forum.moderation.figures.tables import By, Table, table_by
from forum.moderation.spreadsheets import csv_lines

PERMISSION = "moderation.view_weekcount"
MOST_DOCTORS = 50
RANKED = {
    By.SPECIALTY: [
        ("asked_by_specialty", _("Most questions asked, by specialty"), "asked"),
        ("median_by_specialty", _("Longest time to answer half, in hours, by specialty"), "median"),
    ],
    By.DOCTOR: [("answered_by_doctor", _("Most questions answered, by doctor"), "answered")],
}

admin.site.add_desk(
    title=_("Figures"),
    about=_("How many questions came, how soon they were answered, what was declined or reported; by week."),
    screen="figures",
    permission=PERMISSION,
    position=80,
)


@admin.site.screen("figures/", name="figures", permission=PERMISSION)
@require_safe
def figures_page(request: HttpRequest) -> HttpResponse:
    """The figures of the weeks, specialty and doctor chosen in the address."""
    form = FiguresForm(request.GET.dict())
    context = {**admin.site.each_context(request), "title": _("Figures"), "form": form}
    if form.is_valid():
        context |= _shown(form.choice, request.GET.dict())
    return TemplateResponse(request, "admin/figures.html", context, status=200 if form.is_valid() else 422)


@admin.site.screen("figures.csv", name="figures_csv", permission=PERMISSION)
@require_safe
def figures_csv(request: HttpRequest) -> HttpResponse:
    """The same as a sheet; `by` tells of what it has a row: week, specialty or doctor."""
    form, by = FiguresForm(request.GET.dict()), request.GET.get("by", By.WEEK)
    if by not in list(By) or not form.is_valid():
        raise Http404
    choice = form.choice
    table = table_by(By(by), choice, read_figures(choice))
    response = HttpResponse(
        "".join(csv_lines(table.head, ([row.name, *row.cells] for row in table.rows))),
        content_type="text/csv; charset=utf-8",
    )
    name = f"figures-by-{by}-{choice.first}-{choice.last}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _shown(choice: Choice, chosen: dict[str, str]) -> dict[str, Any]:
    summed, level = read_figures(choice), level_of(choice)
    tables = [table_by(By.SPECIALTY, choice, summed)]
    if not choice.doctor:
        tables.append(table_by(By.DOCTOR, choice, summed))
    return {
        "choice": choice,
        "counted_at": counted_until(choice),
        "totals": [(column.label, column.value(summed.of_all)) for column in columns_for(level)],
        "plots": [*weekly_plots(summed, level), declined_plot(summed)],
        "tables": [(table, table.rows[:MOST_DOCTORS], _ranked(table, level)) for table in tables],
        "most_doctors": MOST_DOCTORS,
        "sheets": [(by, _address(chosen, by)) for by in By],
    }


def _ranked(table: Table, level: Level) -> list[Plot]:
    named = [(row.name, row.figures) for row in table.rows]
    return [
        ranked_plot(code, title, BY_CODE[column], named)
        for code, title, column in RANKED[table.by]
        if BY_CODE[column].level <= level
    ]


def _address(chosen: dict[str, str], by: By) -> str:
    return "?" + urlencode({name: value for name, value in chosen.items() if value and name != "by"} | {"by": by})
