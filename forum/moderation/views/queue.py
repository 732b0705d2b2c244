from collections.abc import Mapping
from typing import Any

from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Doctor
from forum.moderation.access import doctor_required
from forum.moderation.figures.own import own_figures
from forum.moderation.models import Correction, LookRequest
from forum.moderation.views.reviewing import MOST_COUNTED, number_to_review
from forum.moderation.waiting import MOST_WORDS, Show, queue_of
from forum.questions.models import Question
from forum.replies.models import FollowUp
from forum.specialties.models import Specialty

ROWS = 50
RETURNED_ROWS = 5


@doctor_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The doctor's queue: what waits in the own specialties, urgent ones first, narrowed by the address."""
    doctor = request.user.doctor_profile
    # Asked along with the specialties: nearly always there is nothing to correct, and no query of its own for it.
    to_correct = Correction.objects.open_for(doctor)
    specialties = Specialty.objects.filter(doctors=doctor).annotate(to_correct=Exists(to_correct))
    specialties = list(specialties.order_by("position", "name"))
    chosen = next((s for s in specialties if s.slug == request.GET.get("specialty")), None)
    show, words = request.GET.get("show", ""), request.GET.get("q", "")[:MOST_WORDS]
    waiting = queue_of(doctor, specialty=chosen, show=show, words=words)
    after = request.GET.get("after", "")
    if after.isdecimal() and len(after) < 19:
        waiting = waiting.after_in_queue(int(after))
    rows = list(waiting[: ROWS + 1])
    context = {
        "doctor": doctor,
        "specialties": specialties,
        "chosen": chosen,
        "shows": Show.choices,
        "show": show if show in Show.values else "",
        "words": words,
        "next_after": rows[ROWS - 1].pk if len(rows) > ROWS else None,
        "corrections": to_correct[:ROWS] if any(each.to_correct for each in specialties) else [],
        "now": timezone.localtime(),
        **_beside_the_queue(doctor),
    }
    returned = [] if request.GET else queue_of(doctor).filter(returned_to_me=True, urgent=False)[:RETURNED_ROWS]
    return render(request, "moderation/dashboard.html", context | _in_parts(rows[:ROWS], list(returned), request.GET))


def _beside_the_queue(doctor: Doctor) -> dict[str, Any]:
    """What else waits for the doctor, and the own figures."""
    mine = Question.objects.for_doctor(doctor)
    return {
        "follow_ups": FollowUp.objects.waiting().filter(question__in=mine).select_related("question")[:ROWS],
        "looks": LookRequest.objects.asked_of(doctor).unanswered().select_related("question", "asked_by")[:ROWS],
        "figures": own_figures(doctor),
        "to_review": number_to_review(doctor),
        "most_counted": MOST_COUNTED,
    }


def _in_parts(rows: list[Question], returned: list[Question], narrowed: Mapping) -> dict[str, list[Question]]:
    """The whole queue with the urgent ones above all else and what came back to the doctor next; narrowed it is one."""
    urgent = [] if narrowed else [each for each in rows if each.urgent]
    above = {each.pk for each in [*urgent, *returned]}
    return {"urgent": urgent, "returned": returned, "questions": [each for each in rows if each.pk not in above]}
