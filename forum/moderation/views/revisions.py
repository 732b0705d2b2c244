"""What a reply or an article said before, compared word by word: for doctors and admins."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from forum.articles.models import Article
from forum.articles.permissions import can_see_article_revisions
from forum.moderation.access import doctor_or_admin_required
from forum.moderation.differences import difference
from forum.moderation.revisions import Revision, revisions_of_article, revisions_of_reply
from forum.replies.models import Reply
from forum.replies.permissions import can_see_revisions


@doctor_or_admin_required
@require_safe
def reply_revisions(request: HttpRequest, question_id: int, reply_id: int) -> HttpResponse:
    """Two versions of a reply, those that the address names or the last two."""
    replies = Reply.objects.select_related("question", "doctor", "corrected_by")
    reply = get_object_or_404(replies, pk=reply_id, question=question_id)
    if not can_see_revisions(request.user, reply):
        raise Http404
    return _page(request, reply, revisions_of_reply(reply), _("Revisions of a reply"))


@doctor_or_admin_required
@require_safe
def article_revisions(request: HttpRequest, question_id: int) -> HttpResponse:
    """Two versions of a thread's More Info."""
    article = get_object_or_404(Article.objects.select_related("question", "signed_by"), question=question_id)
    if not can_see_article_revisions(request.user, article):
        raise Http404
    return _page(request, article, revisions_of_article(article), _("Revisions of the More Info"))


def _page(request: HttpRequest, thing: Reply | Article, revisions: list[Revision], heading: str) -> HttpResponse:
    before = _chosen(request, "from", revisions, revisions[max(len(revisions) - 2, 0)])
    after = _chosen(request, "to", revisions, revisions[-1])
    context = {
        "heading": heading,
        "question": thing.question,
        "revisions": revisions,
        "before": before,
        "after": after,
        "parts": difference(before.text, after.text),
    }
    return render(request, "moderation/revisions.html", context)


def _chosen(request: HttpRequest, name: str, revisions: list[Revision], otherwise: Revision) -> Revision:
    number = request.GET.get(name, "")
    return next((each for each in revisions if str(each.number) == number), otherwise)
