"""The figures of some weeks, summed from what is counted a week: as a whole, by week, by specialty, by doctor."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.db.models import Min, Sum

from accounts.models import Doctor
from forum.moderation.figures.weeks import A_WEEK, week_of, weeks_between
from forum.moderation.models import Counted, CountedWeek, declined
from forum.questions.models import DeclineReason
from forum.search.models import NothingFound
from forum.specialties.models import Specialty

CHOSEN = """
week BETWEEN %(first)s AND %(last)s
AND (%(specialties)s IS NULL OR specialty_id = ANY(%(specialties)s))
AND (%(doctor)s IS NULL OR doctor_id = %(doctor)s)
"""
SUMS = f"""
SELECT grouping(week, specialty_id, doctor_id), week, specialty_id, doctor_id, what, sum(number)
FROM moderation_weekcount WHERE {CHOSEN}
GROUP BY GROUPING SETS ((week, what), (specialty_id, what), (doctor_id, what), (what))
"""
# Exact: the waits themselves are kept, so that those of any weeks, specialties and doctors can be put together.
WAITS = f"""
SELECT grouping(week, specialty_id, doctor_id), week, specialty_id, doctor_id,
       percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY wait)
FROM (
    SELECT week, specialty_id, doctor_id, unnest(waits) AS wait FROM moderation_weekcount
    WHERE what = 'answered' AND {CHOSEN}
) AS waited
GROUP BY GROUPING SETS ((week), (specialty_id), (doctor_id), ()) HAVING count(*) > 0
"""
# What grouping() says of a row: which of week, specialty, doctor it is not of.
BY_WEEK, BY_SPECIALTY, BY_DOCTOR, OF_ALL = 0b011, 0b101, 0b110, 0b111


@dataclass(frozen=True)
class Choice:
    """Which figures are wanted: of the weeks from `first` to `last`, of a specialty (with those under it), a doctor."""

    first: date
    last: date
    specialty: Specialty | None = None
    doctor: Doctor | None = None


@dataclass
class Figures:
    """Of one week, specialty or doctor, or of all: numbers by Counted and decline; waits in seconds, if any waited."""

    numbers: dict[str, int] = field(default_factory=dict)
    median: float | None = None
    p90: float | None = None
    nothing_found: int = 0

    def number(self, what: str) -> int:
        return self.numbers.get(what, 0)

    @property
    def declined(self) -> int:
        return sum(self.number(declined(reason)) for reason in DeclineReason.values)

    @property
    def unanswered_share(self) -> float | None:
        """Of the questions asked then, how many in a hundred no doctor has dealt with by now; None of none."""
        asked = self.number(Counted.ASKED)
        return 100 * self.number(Counted.UNANSWERED) / asked if asked else None


@dataclass
class Summed:
    """All that was chosen. Every chosen week is there; specialties and doctors where something happened, by id."""

    of_all: Figures
    by_week: dict[date, Figures]
    by_specialty: dict[int, Figures] = field(default_factory=dict)
    by_doctor: dict[int, Figures] = field(default_factory=dict)

    def find(self, grouped: int, week: date, specialty: int, doctor: int | None) -> Figures | None:
        """Where a row of the sums belongs; None for what no doctor did."""
        groups: dict[int, tuple[dict[Hashable, Figures], Hashable]] = {
            BY_WEEK: (self.by_week, week),
            BY_SPECIALTY: (self.by_specialty, specialty),
            BY_DOCTOR: (self.by_doctor, doctor),
            OF_ALL: ({0: self.of_all}, 0),
        }
        group, key = groups[grouped]
        return None if key is None else group.setdefault(key, Figures())


def read_figures(choice: Choice) -> Summed:
    """Three queries, however many questions were asked; at most as many rows as happened in the weeks chosen."""
    summed = Summed(Figures(), {week: Figures() for week in weeks_between(choice.first, choice.last)})
    specialties = [each.pk for each in choice.specialty.with_children()] if choice.specialty else None
    doctor = choice.doctor.pk if choice.doctor else None
    chosen = {"first": choice.first, "last": choice.last, "specialties": specialties, "doctor": doctor}
    with connection.cursor() as cursor:
        cursor.execute(SUMS, chosen)
        for *group, what, number in cursor.fetchall():
            if figures := summed.find(*group):
                figures.numbers[what] = int(number)
        cursor.execute(WAITS, chosen)
        for *group, (median, p90) in cursor.fetchall():
            if figures := summed.find(*group):
                figures.median, figures.p90 = median, p90
    if not (choice.specialty or choice.doctor):
        _add_nothing_found(summed, choice)
    return summed


def _add_nothing_found(summed: Summed, choice: Choice) -> None:
    days = NothingFound.objects.filter(day__gte=choice.first, day__lt=choice.last + A_WEEK)
    for day, times in days.values_list("day").annotate(Sum("times")):
        for figures in (summed.by_week[week_of(day)], summed.of_all):
            figures.nothing_found += times


def counted_until(choice: Choice) -> datetime | None:
    """When the oldest of the counts was made; None where a week of them was not counted yet, or nothing happened."""
    return CountedWeek.objects.filter(week__range=(choice.first, choice.last)).aggregate(at=Min("counted_at"))["at"]
