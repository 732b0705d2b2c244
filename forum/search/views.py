from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from forum.questions.forms import AskForm
from forum.questions.limits import within_limit
from forum.questions.models import Question
from forum.questions.views import ask_page, sent_images
from forum.search.models import AnswerFound
from forum.search.while_typing import Suggestions, suggestions_for


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_similar(request: HttpRequest) -> HttpResponse:
    """Answered threads like what is typed into the ask form: a fragment, or with `page` the form with it in place.

    The page posts what was typed, so that it stands in no address and no log; GET is for checks by hand.
    """
    typed = request.POST if request.method == "POST" else request.GET
    allowed = within_limit(request, action="ask_similar")
    suggestions = _suggestions(typed) if allowed else None
    shown = {"suggestions": suggestions, "too_many": not allowed}
    status = 200 if allowed else 429
    if typed.get("page"):
        images = sent_images(request, unfinished=True) if request.method == "POST" else None
        response = ask_page(request, _as_typed(typed, suggestions), images=images, status=status, **shown)
    elif allowed and not (suggestions.threads or suggestions.specialties):
        response = HttpResponse()
    else:
        response = render(request, "search/_suggestions.html", shown, status=status)
    if not allowed:
        response["Retry-After"] = "60"
    response["X-Robots-Tag"] = "noindex"
    return response


def _suggestions(typed: QueryDict) -> Suggestions:
    return suggestions_for(**{name: typed.get(name, "") for name in ("headline", "text", "specialty")})


def _as_typed(typed: QueryDict, suggestions: Suggestions | None) -> AskForm:
    """The ask form with all that was typed, unchecked: it was not sent yet."""
    values = {name: typed[name] for name in AskForm.base_fields if name in typed}
    if suggestions:
        values["similar_seen"] = suggestions.seen
    return AskForm(initial=values)


@never_cache
@require_POST
def ask_answered(request: HttpRequest) -> HttpResponse:
    """A patient says that this thread answers the question that was about to be asked; what was typed stays behind."""
    thread = get_object_or_404(Question.objects.published(), pk=_id(request.POST.get("thread", "")))
    AnswerFound.objects.add_one(thread)
    messages.success(request, _("Good that this answers you. Nothing was sent."))
    return redirect(thread)


def _id(text: str) -> int:
    """0, which is nobody's, for anything that is not an id."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
