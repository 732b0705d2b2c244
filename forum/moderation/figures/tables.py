"""The figures as tables: the same rows on the screen and in the sheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.moderation.figures.columns import Level, columns_for, level_of
from forum.moderation.figures.reading import Choice, Figures, Summed
from forum.specialties.models import Specialty


class By(StrEnum):
    """What a table has a row for."""

    WEEK = "week"
    SPECIALTY = "specialty"
    DOCTOR = "doctor"


@dataclass(frozen=True)
class Row:
    """`slug` is what the screen's form knows a specialty or doctor by."""

    name: str
    slug: str
    figures: Figures
    cells: list[int | float | None]


@dataclass(frozen=True)
class Table:
    by: By
    head: list[str | Promise]
    rows: list[Row]


HEADS = {By.WEEK: _("Week from"), By.SPECIALTY: _("Specialty"), By.DOCTOR: _("Doctor")}


def table_by(by: By, choice: Choice, summed: Summed) -> Table:
    """Weeks in their order, specialties in that of their tree, doctors by how many questions they answered."""
    narrowest = {By.WEEK: Level.SITE, By.SPECIALTY: Level.SPECIALTY, By.DOCTOR: Level.DOCTOR}[by]
    columns = columns_for(min(narrowest, level_of(choice)))
    named = {By.WEEK: _weeks, By.SPECIALTY: _specialties, By.DOCTOR: _doctors}[by](summed)
    rows = [Row(name, slug, figures, [column.value(figures) for column in columns]) for name, slug, figures in named]
    return Table(by, [HEADS[by], *(column.label for column in columns)], rows)


def _weeks(summed: Summed) -> Iterator[tuple[str, str, Figures]]:
    for week, figures in summed.by_week.items():
        yield week.isoformat(), "", figures


def _specialties(summed: Summed) -> Iterator[tuple[str, str, Figures]]:
    found = Specialty.objects.select_related("parent").in_tree_order().filter(pk__in=summed.by_specialty)
    for specialty in found:
        name = f"{specialty.parent.label} › {specialty.label}" if specialty.parent_id else specialty.label
        yield name, specialty.slug, summed.by_specialty[specialty.pk]


def _doctors(summed: Summed) -> Iterator[tuple[str, str, Figures]]:
    found = [(doctor, summed.by_doctor[doctor.pk]) for doctor in Doctor.objects.filter(pk__in=summed.by_doctor)]
    for doctor, figures in sorted(found, key=lambda pair: (-pair[1].number("answered"), pair[0].name)):
        yield doctor.name, doctor.slug, figures
