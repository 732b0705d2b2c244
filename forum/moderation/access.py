from collections.abc import Callable
from contextlib import suppress
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts.models import CannotWork, User
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
    """Only for working doctors. Others are told what stands in the way (403); visitors are asked to sign in.

    Whoever is suspended while writing finds the typed words on that page.
    """
    return _guarded(view, can_work_as_doctor)


def doctor_or_admin_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same for what admins may see too."""
    return _guarded(view, lambda user: can_work_as_doctor(user) or is_admin(user))


def _guarded(view: Callable[..., HttpResponse], may_enter: Callable[..., bool]) -> Callable[..., HttpResponse]:
    @login_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        with suppress(CannotWork):
            if may_enter(request.user):
                return _kept(view, request, *args, **kwargs)
        return _refused(request)

    return guarded


def _refused(request: HttpRequest) -> HttpResponse:
    user = User.objects.get(pk=request.user.pk)  # as it is now: the view was let in by what was known before
    context = {"reason": why_not_working(user), "doctor": user.doctor_profile, "sent": _sent_words(request)}
    return render(request, "moderation/not_yet.html", context, status=403)


def _kept(view: Callable[..., HttpResponse], request: HttpRequest, *args, **kwargs) -> HttpResponse:
    """The view's answer; where there is nothing any more to answer on, the words that were sent come back."""
    try:
        return view(request, *args, **kwargs)
    except (Http404, Question.DoesNotExist) as missing:
        sent = _sent_words(request)
        if not sent:
            raise Http404 from missing
        return render(request, "moderation/unsent.html", {"sent": sent}, status=404)


def _sent_words(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed into the form that was sent, each with its label."""
    return [(label, request.POST[name]) for name, label in TYPED.items() if request.POST.get(name, "").strip()]


def question_for(request: HttpRequest, question_id: int) -> Question:
    """The question, for a doctor who may work on it; for all others it does not exist."""
    question = get_object_or_404(Question.objects.select_related("specialty"), pk=question_id)
    if not can_work_on_question(request.user, question):
        raise Http404
    return question


def thread_for(question_id: int) -> Question:
    """A public thread, for whichever working doctor."""
    return get_object_or_404(Question.objects.published().select_related("specialty"), pk=question_id)
