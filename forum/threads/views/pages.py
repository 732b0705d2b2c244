from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forum.questions.models import Question
from forum.replies.cards import for_cards
from forum.specialties.models import Specialty
from forum.threads.site_pages import page_of

NEWEST_SHOWN = 10


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search, ask, specialties, newest answered."""
    context = {
        "specialties": Specialty.objects.filter(parent=None).prefetch_related("children"),
        "newest": for_cards(Question.objects.published()).newest_first()[:NEWEST_SHOWN],
    }
    return render(request, "threads/home.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the site is, in the words of its admins."""
    return _site_page(request, "page.about")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of whom."""
    return _site_page(request, "page.privacy")


def _site_page(request: HttpRequest, code: str) -> HttpResponse:
    context = page_of(code) | {"url": request.build_absolute_uri(request.path)}
    return render(request, "threads/site_page.html", context)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What is not for machines: private pages and endless searches."""
    private = ["/accounts/", "/admin/", "/dashboard/", "/my/", "/notices/", "/status/"]
    closed = sorted([*private, "/ask/similar/", "/follow/", "/search/"])
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
