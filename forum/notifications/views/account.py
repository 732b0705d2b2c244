"""What somebody with an account is told, and chooses to be told."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum.notifications.following import stop_following
from forum.notifications.forms import DoctorPreferencesForm
from forum.notifications.models import DoctorPreferences, Notice, Subscription, each_once
from forum.notifications.permissions import can_choose_doctor_mails, can_end

PAGE = 30


@login_required
@never_cache
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """What this account was told, newest first, each leading to where it is about."""
    text = request.GET.get("page", "")
    number = max(int(text), 1) if text.isdecimal() and len(text) < 5 else 1
    related = ("question__specialty", "question__asker", "subscription__topic")
    rows = Notice.objects.shown_to(request.user).select_related(*related)
    rows = list(rows[(number - 1) * PAGE : number * PAGE + 1])
    context = {
        "notices": rows[:PAGE],
        "newest": max((notice.pk for notice in rows), default=0),
        "newer_url": f"?page={number - 1}" if number > 1 else "",
        "older_url": f"?page={number + 1}" if len(rows) > PAGE else "",
    }
    return render(request, "notifications/news.html", context)


@login_required
@require_POST
def mark_news_read(request: HttpRequest) -> HttpResponse:
    """All that stood on the page, and what is older; what came meanwhile stays unread."""
    newest = request.POST.get("newest", "")
    known = int(newest) if newest.isdecimal() and len(newest) < 19 else 0
    Notice.objects.shown_to(request.user).unread().filter(pk__lte=known).update(read_at=timezone.now())
    return redirect("news")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request: HttpRequest) -> HttpResponse:
    """Which mails a doctor wants; what anybody follows."""
    form = None
    if can_choose_doctor_mails(request.user):
        chosen = DoctorPreferences.objects.of(request.user.doctor_profile)
        form = DoctorPreferencesForm(request.POST or None, instance=chosen)
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
            return redirect("notice_settings")
    followed = Subscription.objects.filter(user=request.user).select_related("question__merged_into", "topic", "user")
    context = {"form": form, "followed": each_once(followed.order_by("-created_at", "-id"))}
    return render(request, "notifications/settings.html", context, status=422 if form and form.errors else 200)


@login_required
@require_POST
def end_follow(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Stop following with an account."""
    subscription = get_object_or_404(Subscription, pk=subscription_id)
    if not can_end(request.user, subscription):
        raise Http404
    stop_following(subscription.pk)
    messages.success(request, _("You no longer follow it."))
    return redirect("notice_settings")
