from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from forum.moderation import standing


@login_required
@require_POST
def retire(request: HttpRequest) -> HttpResponse:
    """A doctor stops working here, on their own wish."""
    doctor = request.user.doctor_profile
    if doctor is None or not doctor.is_verified:
        raise Http404
    if standing.retire(doctor=doctor):
        messages.success(request, _("You no longer work here. Thank you for what you have written."))
    return redirect("doctor_application")
