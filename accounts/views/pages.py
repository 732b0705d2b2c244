from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from accounts.models import Doctor
from accounts.permissions import can_work_as_doctor, is_admin


@login_required
@require_safe
def after_sign_in(request: HttpRequest) -> HttpResponse:
    """To the place where this person works: a doctor's queue, the admin site, or the patient's own questions."""
    if can_work_as_doctor(request.user):
        return redirect("dashboard")
    return redirect("admin:index" if is_admin(request.user) else "my_questions")


@require_safe
def doctor_photo(request: HttpRequest, slug: str) -> FileResponse:
    """The photo on the public profile of a doctor whom the site vouches for."""
    doctor = get_object_or_404(Doctor.objects.active(), slug=slug)
    if not doctor.photo:
        raise Http404
    return FileResponse(doctor.photo.open(), headers={"Cache-Control": "max-age=3600"})
