"""The admins' figures."""

from django.utils import timezone

from forum.moderation.figures.weeks import A_WEEK, this_week
from forum.moderation.models import CountedWeek, WeekCount
from forum.search.models import NothingFound
from tests.browser.pages.opening import ENDLESS, page_of
from tests.browser.pages.workplace import admins
from tests.browser.scenes import open_clinic
from tests.factories import DoctorFactory, SpecialtyFactory

WEEKS = 26


def half_a_year() -> None:
    """Of two specialties and two doctors, a name without end among them; one week in which nobody was answered."""
    clinic = open_clinic()
    people = [
        (clinic.specialty, clinic.doctor),
        (SpecialtyFactory(name=ENDLESS[:80], parent=clinic.specialty), DoctorFactory(name=ENDLESS)),
    ]
    for back in range(WEEKS):
        week = this_week() - back * A_WEEK
        CountedWeek.objects.create(week=week, counted_at=timezone.now())
        for place, (specialty, doctor) in enumerate(people):
            ripple = back * 7 % 5 + place
            waits = [600 * (number + 1) ** 2 * (ripple + 1) for number in range(0 if back == 4 else 8 + ripple)]
            counts = {"asked": 12 + ripple, "unanswered": max(3 - back, 0), "deflected": 2 + ripple}
            acts = {"declined:emergency": 1, "declined:duplicate": ripple, "reported": back % 3, "helped": ripple}
            same = {"week": week, "specialty": specialty}
            WeekCount.objects.bulk_create(WeekCount(**same, what=what, number=n) for what, n in counts.items())
            WeekCount.objects.bulk_create(
                WeekCount(**same, doctor=doctor, what=what, number=n) for what, n in acts.items() if n
            )
            WeekCount.objects.create(**same, doctor=doctor, what="answered", number=len(waits), waits=waits)
        NothingFound.objects.create(day=week, language="en", times=back % 4 + 1)


@page_of
def figures(window):
    half_a_year()
    return admins(window, "/admin/figures/")


@page_of
def figures_with_tables_open(window):
    page = figures(window)
    for summary in page.locator(".plot summary").all():
        summary.click()
    return page


@page_of
def figures_of_a_doctor(window):
    half_a_year()
    return admins(window, "/admin/figures/?doctor=wu-mukhan&specialty=neurology")


@page_of
def figures_of_nothing(window):
    return admins(window, "/admin/figures/")


@page_of
def figures_with_errors(window):
    return admins(window, "/admin/figures/?since=2020-01-01&doctor=nobody")
