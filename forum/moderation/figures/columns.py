"""What the figures show, in which order: one list for tables, plots and sheets, so that all say the same."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from forum.moderation.figures.reading import Choice, Figures
from forum.moderation.models import Counted, declined
from forum.questions.models import DeclineReason

HOUR = 3600


class Level(IntEnum):
    """The narrowest thing a figure can be told of."""

    DOCTOR = 1
    SPECIALTY = 2
    SITE = 3


@dataclass(frozen=True)
class Column:
    """A figure with its name; its value as tables and sheets show it, None where there is none."""

    code: str
    label: str | Promise
    value: Callable[[Figures], int | float | None]
    level: Level = Level.DOCTOR


def _count(what: str, level: Level, label: str | Promise = "") -> Column:
    return Column(what.replace(":", "_"), label or Counted(what).label, lambda figures: figures.number(what), level)


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / HOUR, 2)


def _share(figures: Figures) -> float | None:
    return None if figures.unanswered_share is None else round(figures.unanswered_share, 1)


COLUMNS = [
    _count(Counted.ASKED, Level.SPECIALTY),
    _count(Counted.UNANSWERED, Level.SPECIALTY),
    Column("unanswered_share", _("Unanswered (%)"), _share, Level.SPECIALTY),
    _count(Counted.ANSWERED, Level.DOCTOR),
    Column("median", _("Half answered within (hours)"), lambda figures: _hours(figures.median)),
    Column("p90", _("Nine in ten within (hours)"), lambda figures: _hours(figures.p90)),
    _count(Counted.SECOND_REPLY, Level.DOCTOR),
    Column("declined", _("Declined"), lambda figures: figures.declined),
    *(
        _count(declined(reason), Level.DOCTOR, format_lazy("{}: {}", _("Declined"), reason.label))
        for reason in DeclineReason
    ),
    _count(Counted.REPORTED, Level.DOCTOR),
    _count(Counted.HELPED, Level.DOCTOR),
    _count(Counted.DEFLECTED, Level.SPECIALTY),
    Column("nothing_found", _("Searches without a result"), lambda figures: figures.nothing_found, Level.SITE),
]
BY_CODE = {column.code: column for column in COLUMNS}


def level_of(choice: Choice) -> Level:
    """What can be told of what was chosen."""
    return Level.DOCTOR if choice.doctor else Level.SPECIALTY if choice.specialty else Level.SITE


def columns_for(level: Level) -> list[Column]:
    """Those that can be told of a site, a specialty or a doctor."""
    return [column for column in COLUMNS if column.level <= level]
