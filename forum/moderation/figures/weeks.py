"""Weeks as the figures have them: from Monday to Sunday in the site's time zone, named by their Monday."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

A_WEEK = timedelta(weeks=1)


def week_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def this_week() -> date:
    return week_of(timezone.localdate())


def weeks_between(first: date, last: date) -> Iterator[date]:
    """From the week `first` to the week `last`, both among them."""
    while first <= last:
        yield first
        first += A_WEEK


def begin(day: date) -> datetime:
    """The first moment of a day where the site is."""
    return timezone.make_aware(datetime.combine(day, time.min))
