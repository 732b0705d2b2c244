"""The link in every mail that ends such mails: no sign-in, no question asked, as often as you like."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.models import Doctor
from forum.notifications.following import stop_following
from forum.notifications.models import DoctorPreferences, MutedQuestion
from forum.notifications.tokens import Scope, read_unsubscribe
from forum.questions.models import Question


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button; the button; the mail program's one click (RFC 8058), which alone brings no CSRF token."""
    scope = read_unsubscribe(token)
    if scope is None:
        raise Http404
    if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
        end_mails(scope)
        return HttpResponse(status=200)
    return _by_hand(request, scope)


@csrf_protect
def _by_hand(request: HttpRequest, scope: Scope) -> HttpResponse:
    done = request.method == "POST"
    if done:
        end_mails(scope)
    return render(request, "notifications/unsubscribe.html", {"scope": scope, "done": done})


def end_mails(scope: Scope) -> None:
    """No more mails of what the link was about. Harmless when repeated, and where all of it is gone."""
    if scope.what == "follow":
        stop_following(scope.pk)
    elif scope.what == "question" and (question := Question.objects.filter(pk=scope.pk).first()):
        MutedQuestion.objects.get_or_create(question=question)
    elif scope.what == "doctor" and (doctor := Doctor.objects.filter(pk=scope.pk).first()):
        DoctorPreferences.objects.of(doctor).turn_off(scope.field)
