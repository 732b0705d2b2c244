from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from accounts.permissions import can_work_as_doctor, why_not_working


def doctor_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for working doctors. Others are told what stands in the way (403); visitors are asked to sign in."""

    @login_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if can_work_as_doctor(request.user):
            return view(request, *args, **kwargs)
        return render(request, "moderation/not_yet.html", {"reason": why_not_working(request.user)}, status=403)

    return guarded
