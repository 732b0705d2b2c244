"""Following by mail: no account is needed, and no page tells whether an address is known here."""

from allauth.account.models import EmailAddress
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from forum.notifications.following import ask_to_follow, follow_as
from forum.notifications.forms import FollowForm
from forum.notifications.models import Subscription
from forum.notifications.permissions import can_follow
from forum.notifications.tokens import read_confirm
from forum.questions.limits import within_limit
from forum.questions.models import Question
from forum.search.models import Topic


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow_thread(request: HttpRequest, question_id: int) -> HttpResponse:
    """Follow a public thread."""
    return _follow(request, "question", get_object_or_404(Question, pk=question_id))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow_topic(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Follow a topic that has public threads."""
    return _follow(request, "topic", get_object_or_404(Topic, pk=topic_id))


def _follow(request: HttpRequest, what: str, followed: Question | Topic) -> HttpResponse:
    if not can_follow(followed):
        raise Http404
    if _has_confirmed_address(request.user):
        return _follow_signed_in(request, {what: followed})
    form = FollowForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, {what: followed}, form=form, status=422 if form.errors else 200)
    if not within_limit(request, action="follow_from"):
        form.add_error(None, _("Many have come from here in a short time. Please wait an hour, then try again."))
        refused = _page(request, {what: followed}, form=form, status=429)
        refused["Retry-After"] = "3600"
        return refused
    email = form.cleaned_data["email"]
    # What is too many for one address is passed over in silence: to say so would tell that it was used before.
    if within_limit(request, action="follow_email", of=email):
        ask_to_follow(email=email, **{what: followed})
    return redirect("follow_sent")


def _has_confirmed_address(user) -> bool:
    return user.is_authenticated and EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()


def _follow_signed_in(request: HttpRequest, followed: dict) -> HttpResponse:
    if request.method == "POST":
        follow_as(request.user, **followed)
        return redirect(request.path)
    own = Subscription.objects.filter(user=request.user)
    # Of a thread also by way of a duplicate.
    own = own.to_thread(followed["question"]) if "question" in followed else own.filter(**followed)
    return _page(request, followed, signed_in=True, own=own.first())


def _page(request: HttpRequest, followed: dict, *, status: int = 200, **shown) -> HttpResponse:
    response = render(request, "notifications/follow.html", {**followed, **shown}, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def follow_sent(request: HttpRequest) -> HttpResponse:
    """What to do next, the same for every address."""
    return render(request, "notifications/follow_sent.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_follow(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail. It only shows a button: programs that look at links in mails confirm nothing."""
    subscription = read_confirm(token)
    if subscription is None:
        return render(request, "notifications/confirm_follow.html", status=404)
    if request.method == "POST":
        subscription.confirm()
        return redirect(request.path)
    return render(request, "notifications/confirm_follow.html", {"subscription": subscription})
