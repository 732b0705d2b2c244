from urllib.parse import quote, unquote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import can_work_as_doctor
from forum.questions.help_lines import help_lines
from forum.questions.models import Question, State
from forum.search.queries import similar_to
from forum.specialties.addresses import address
from forum.threads import pagecache
from forum.threads.excerpts import excerpt
from forum.threads.reading import Thread, read_thread
from forum.threads.structured_data import breadcrumb_data, thread_data


@require_safe
def thread(request: HttpRequest, question_id: int, slug: str) -> HttpResponse:
    """The thread page: from the kept ones for a signed-out reader while nothing has changed, else rendered afresh."""
    kept = pagecache.kept_page(request, question_id)
    version, found = read_thread(question_id, known_version=kept.version if kept else "")
    if kept and version == kept.version:
        return pagecache.response(request, question_id, kept)
    if found is None or not _may_see(request, found.question):
        return _merged_or_missing(question_id)
    question = found.question
    if question.is_merged and question.merged_into.is_published:
        return _to_target(question)
    path = question.get_absolute_url()
    if request.path != unquote(path):
        return HttpResponsePermanentRedirect(path)
    response = HttpResponse(render_to_string("threads/thread.html", _context(request, found), request))
    if not question.is_published:
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex"
    elif found.similar:
        # Without stored Similar Q&A those shown were computed as the page was made, and no version stands for them.
        pagecache.keep_page(request, question_id, version, response.content)
    return response


def _may_see(request: HttpRequest, question: Question) -> bool:
    if question.is_published or not request.user.is_authenticated:
        return question.is_published
    return Question.objects.visible_to(request.user).filter(pk=question.pk).exists()


def _merged_or_missing(question_id: int) -> HttpResponse:
    """The address of a merged thread leads to the one it was merged into; what never was public has no address."""
    merged = Question.objects.filter(state=State.MERGED, merged_into__state=State.PUBLISHED, published_at__isnull=False)
    duplicate = merged.filter(pk=question_id).select_related("merged_into").first()
    if duplicate is None:
        raise Http404
    return _to_target(duplicate)


def _to_target(duplicate: Question) -> HttpResponse:
    """For good, but for an admin who undoes the merge: browsers are to ask again."""
    moved = HttpResponsePermanentRedirect(duplicate.merged_into.get_absolute_url())
    moved["Cache-Control"] = "no-cache" if duplicate.published_at else "no-store, private"
    return moved


def _context(request: HttpRequest, found: Thread) -> dict:
    question = found.question
    path = question.get_absolute_url()
    url = request.build_absolute_uri(path)
    crumbs = [
        (reverse("home"), _("Home")),
        (question.specialty.get_absolute_url(), question.specialty.label),
        ("", question.title),
    ]
    return {
        "question": question,
        "summary": excerpt(question.text),
        "url": url,
        "follow_url": address("follow_thread", question.pk) if question.is_published else "",
        "report_url": address("report", question.pk) if question.is_published else "",
        "share_url": quote(url, safe=""),
        "share_title": quote(question.title, safe=""),
        "images": found.images,
        "article": found.article,
        "replies": found.replies,
        "can_give_opinion": question.is_published and can_work_as_doctor(request.user),
        "follow_ups": found.follow_ups,
        "similar": found.similar or (similar_to(question) if question.is_published else []),
        "topics": [(topic.get_absolute_url(), topic.name, topic.specialty.label) for topic in found.topics],
        "crumbs": crumbs,
        "emergency": help_lines().emergency,
        "data": thread_data(found, request.build_absolute_uri) if found.replies else None,
        "breadcrumb_data": breadcrumb_data([*crumbs[:2], (path, question.title)], request.build_absolute_uri),
    }
