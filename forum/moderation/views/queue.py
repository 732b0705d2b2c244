from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forum.moderation.access import doctor_required
from forum.questions.models import Question
from forum.replies.models import FollowUp
from forum.specialties.models import Specialty

ROWS = 50


@doctor_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The doctor's queue: what waits in the own specialties, oldest first."""
    doctor = request.user.doctor_profile
    mine = Question.objects.for_doctor(doctor)
    specialties = Specialty.objects.filter(doctors=doctor).order_by("position", "name")
    chosen = next((s for s in specialties if s.slug == request.GET.get("specialty")), None)
    waiting = mine.waiting()
    if chosen:
        waiting = waiting.filter(specialty__in=chosen.with_children())
    after = request.GET.get("after", "")
    if after.isdecimal() and len(after) < 19:
        waiting = waiting.after_in_queue(int(after))
    rows = list(waiting.select_related("specialty")[: ROWS + 1])
    drafted = set(doctor.drafts.filter(question__in=rows[:ROWS]).values_list("question_id", flat=True))
    context = {
        "doctor": doctor,
        "questions": rows[:ROWS],
        "drafted": drafted,
        "specialties": specialties,
        "chosen": chosen,
        "next_after": rows[ROWS - 1].pk if len(rows) > ROWS else None,
        "follow_ups": FollowUp.objects.waiting().filter(question__in=mine).select_related("question")[:ROWS],
    }
    return render(request, "moderation/dashboard.html", context)
