"""One doctor's standing: what it is, what it was, and the form that changes it."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor, DoctorEvent, LicenceEvent, User
from forum.moderation.standing import OwnStanding, change_standing
from forum.moderation.standing_forms import StandingForm

MOST_SHOWN = 50
ACTS = {
    "verify": _("Verified"),
    "withdraw_verification": _("Verification taken back"),
    "suspend": _("Suspended"),
    "reinstate": _("Let work again"),
    "retire": _("Retired"),
    "admin": _("Profile changed"),
}


@admin.site.screen("doctors/<int:doctor_id>/standing/", name="doctor_standing", permission="accounts.change_doctor")
def doctor_standing(request: HttpRequest, doctor_id: int) -> HttpResponse:
    """Suspend, retire, verify or reinstate a doctor, for a reason."""
    found = Doctor.objects.select_related("user", "licence", "suspended_by", "retired_by", "verified_by")
    doctor = get_object_or_404(found, pk=doctor_id)
    form = StandingForm(request.POST if request.method == "POST" else None, doctor=doctor)
    if form.is_bound and form.is_valid():
        _change(request, doctor, form)
        return redirect("admin:doctor_standing", doctor.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Standing of Dr. %(name)s") % {"name": doctor.name},
        "doctor": doctor,
        "applications": doctor.user.applications.order_by("-pk")[:MOST_SHOWN] if doctor.user else [],
        "history": _history(doctor),
        "form": form,
    }
    return TemplateResponse(request, "admin/accounts/doctor/standing.html", context)


def _change(request: HttpRequest, doctor: Doctor, form: StandingForm) -> None:
    try:
        done = change_standing(doctor=doctor, by=request.user, **form.cleaned_data)
    except OwnStanding:
        messages.error(request, _("It is your own: another admin has to decide on it. Nothing was changed."))
        return
    if done:
        messages.success(request, _("Done. The doctor is told."))
    else:
        messages.warning(request, _("It was so before. Nothing was changed."))


def _history(doctor: Doctor) -> list[dict]:
    """What was changed in the profile and the licence, newest first: when, what, by whom, why."""
    profile = DoctorEvent.objects.filter(pgh_obj=doctor.pk).order_by("-pgh_id")[:MOST_SHOWN]
    licence = LicenceEvent.objects.filter(doctor=doctor.pk).order_by("-pgh_id")[:MOST_SHOWN]
    events = sorted([*profile, *licence], key=lambda event: event.pgh_created_at, reverse=True)[:MOST_SHOWN]
    people = User.objects.in_bulk({(event.pgh_context or {}).get("by") for event in events} - {None})
    return [_line(event, people) for event in events]


def _line(event: DoctorEvent | LicenceEvent, people: dict[int, User]) -> dict:
    context = event.pgh_context or {}
    what = ACTS.get(context.get("act", ""), _("Changed by the site"))
    if isinstance(event, LicenceEvent):
        what = _("Licence changed; it was valid to %(day)s") % {"day": f"{event.expires_on:%Y/%m/%d}"}
    by = people.get(context.get("by"), "")
    return {"at": event.pgh_created_at, "what": what, "by": by, "reason": context.get("reason", "")}
