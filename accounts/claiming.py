"""Claiming on the admins' screens, the same for each kind of task."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.claims import Claimable, HeldByAnotherAdmin


def claim_or_release(request: HttpRequest, task: Claimable) -> bool:
    """What the pressed button says; False where it is neither of the two. Raises HeldByAnotherAdmin."""
    act = request.POST.get("act", "")
    if act == "claim":
        task.claim(by=request.user)
    elif act == "release":
        task.release(by=request.user)
    return act in ("claim", "release")


def say_held(request: HttpRequest, refusal: HeldByAnotherAdmin) -> None:
    task = refusal.task
    words = _("%(name)s is at %(what)s #%(id)s until %(until)s. Nothing was changed on it.")
    until = task.claimed_until or task.claimed_at
    shown = {"name": task.claimed_by, "what": task._meta.verbose_name, "id": task.pk, "until": f"{until:%H:%M}"}
    messages.error(request, words % shown)
