"""After publishing: other words for a reply of one's own."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from forum.articles.models import Article
from forum.moderation import services
from forum.moderation.access import doctor_required
from forum.moderation.correcting import CorrectReplyForm
from forum.moderation.differences import difference
from forum.moderation.forms import WorkForm
from forum.moderation.personal import not_meant
from forum.moderation.views.drafting import advice_on, changed
from forum.questions.models import Question, WrongState
from forum.replies.models import Reply
from forum.replies.permissions import can_correct_reply
from forum.replies.seen import ChangedMeanwhile


def after_publishing(user: User, question: Question) -> dict:
    """What can be done with an answered question: own replies to correct, those with revisions, the More Info."""
    if not (question.is_published or question.is_hidden):
        return {}
    replies = list(question.replies.in_order().select_related("doctor"))
    return {
        "own_replies": [reply for reply in replies if can_correct_reply(user, reply)],
        "corrected": [reply for reply in replies if reply.corrected_at],
        "article": Article.objects.filter(question=question).first(),
    }


@doctor_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct_reply(request: HttpRequest, question_id: int, reply_id: int) -> HttpResponse:
    """First what would change, then the correction; by whoever wrote the reply."""
    replies = Reply.objects.select_related("question__specialty", "doctor")
    reply = get_object_or_404(replies, pk=reply_id, question=question_id)
    if not can_correct_reply(request.user, reply):
        raise Http404
    if request.method != "POST":
        return _page(request, reply, CorrectReplyForm(initial={"text": reply.text, "since": reply.edition}))
    form = CorrectReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, reply, form, status=422)
    if request.POST.get("act") != "correct":
        return _page(request, reply, form, looked=True)
    return _correct(request, reply, form)


def _correct(request: HttpRequest, reply: Reply, form: CorrectReplyForm) -> HttpResponse:
    doctor = request.user.doctor_profile
    if personal := not_meant(form, reply.question, doctor):
        return _page(request, reply, form, status=422, own_personal=personal)
    try:
        is_new = services.correct_reply(reply=reply, doctor=doctor, **form.cleaned_data)
    except WrongState:
        messages.error(request, _("The thread is not public any more, so nothing was changed."))
        return _page(request, reply, form, status=409)
    except ChangedMeanwhile as meanwhile:
        form = CorrectReplyForm(changed(request.POST, since=meanwhile.current.edition))
        return _page(request, meanwhile.current, form, status=409, conflict=True)
    done = _("Corrected. Readers see the day.") if is_new else _("The reply says so already. Nothing was changed.")
    messages.success(request, done)
    return redirect(reply)


def _page(request: HttpRequest, reply: Reply, form: CorrectReplyForm, *, status=200, **shown) -> HttpResponse:
    typed = form["text"].value() or ""
    words = WorkForm(initial={"text": typed})
    context = {
        "reply": reply,
        "question": reply.question,
        "form": form,
        "advice": advice_on(words, reply.question, request.user.doctor_profile),
        "parts": difference(reply.text, typed.replace("\r\n", "\n")) if form.is_bound else [],
    }
    return render(request, "moderation/correct_reply.html", context | shown, status=status)
