from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts.permissions import can_work_as_doctor, is_admin, why_not_working
from forum.questions.models import Question
from forum.questions.permissions import can_work_on_question

# What doctors type, by the names of the fields, with the words that the page with it has for each.
TYPED = {
    "public_title": _("Public title"),
    "text": _("Your reply"),
    "answer": _("Your answer"),
    "more_info": _("More Info"),
    "sources": _("Sources"),
    "topics": _("Topics"),
    "look_note": _("What you would like to know"),
    "note": _("Note"),
}


def doctor_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for working doctors. Others are told what stands in the way (403); visitors are asked to sign in."""

    return _guarded(view, can_work_as_doctor)


def doctor_or_admin_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same for what admins may see too."""
    return _guarded(view, lambda user: can_work_as_doctor(user) or is_admin(user))


def _guarded(view: Callable[..., HttpResponse], may_enter: Callable[..., bool]) -> Callable[..., HttpResponse]:
    @login_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if may_enter(request.user):
            return _kept(view, request, *args, **kwargs)
        return render(request, "moderation/not_yet.html", {"reason": why_not_working(request.user)}, status=403)

    return guarded


def _kept(view: Callable[..., HttpResponse], request: HttpRequest, *args, **kwargs) -> HttpResponse:
    """The view's answer; where there is nothing any more to answer on, the words that were sent come back."""
    try:
        return view(request, *args, **kwargs)
    except (Http404, Question.DoesNotExist) as missing:
        sent = [(label, request.POST[name]) for name, label in TYPED.items() if request.POST.get(name, "").strip()]
        if not sent:
            raise Http404 from missing
        return render(request, "moderation/unsent.html", {"sent": sent}, status=404)


def question_for(request: HttpRequest, question_id: int) -> Question:
    """The question, for a doctor who may work on it; for all others it does not exist."""
    question = get_object_or_404(Question.objects.select_related("specialty"), pk=question_id)
    if not can_work_on_question(request.user, question):
        raise Http404
    return question


def thread_for(question_id: int) -> Question:
    """A public thread, for whichever working doctor."""
    return get_object_or_404(Question.objects.published().select_related("specialty"), pk=question_id)
