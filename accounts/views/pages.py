from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Doctor
from accounts.permissions import can_work_as_doctor, is_admin
from accounts.second_factor import has_second_factor, needs_second_factor

GOING_TO = "going_to_with_second_factor"


@login_required
@require_safe
def after_sign_in(request: HttpRequest) -> HttpResponse:
    """To the place where this person works: a doctor's queue, the admin site, or the patient's own questions."""
    if can_work_as_doctor(request.user):
        return redirect("dashboard")
    return redirect("admin:index" if is_admin(request.user) else "my_questions")


@login_required
@never_cache
@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why there is to be one, and the ways to set it up; with one, on to where this person was going."""
    going_to = request.GET.get(REDIRECT_FIELD_NAME, "")
    if url_has_allowed_host_and_scheme(going_to, allowed_hosts=None):
        request.session[GOING_TO] = going_to
    if has_second_factor(request.user):
        return redirect(request.session.get(GOING_TO) or "after_sign_in")
    return render(request, "accounts/second_factor.html", {"needed": needs_second_factor(request.user)})


@require_safe
def doctor_photo(request: HttpRequest, slug: str) -> FileResponse:
    """The photo on the public profile of a doctor whom the site vouches for."""
    doctor = get_object_or_404(Doctor.objects.active(), slug=slug)
    if not doctor.photo:
        raise Http404
    return FileResponse(doctor.photo.open(), headers={"Cache-Control": "max-age=3600"})
