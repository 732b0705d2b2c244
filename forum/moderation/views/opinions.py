"""A second opinion on a public thread: a further reply, or an agreement by name. Open to doctors of every specialty."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from forum.moderation import colleagues
from forum.moderation.access import doctor_required, thread_for
from forum.moderation.colleague_forms import SecondReplyForm
from forum.moderation.permissions import can_add_reply, can_agree
from forum.moderation.personal import not_meant
from forum.moderation.views.drafting import advice_on, autosaved, changed, conflict_shown
from forum.questions.models import Question, WrongState
from forum.replies.models import DraftConflict


@doctor_required
@require_http_methods(["GET", "HEAD", "POST"])
def second_opinion(request: HttpRequest, question_id: int) -> HttpResponse:
    """The thread as readers see it, with a form for one more reply and a button to agree with those that are there."""
    question = thread_for(question_id)
    if request.method != "POST":
        draft = question.drafts.filter(doctor=request.user.doctor_profile).first()
        return _page(request, question, SecondReplyForm.of(draft), draft=draft)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        messages.error(request, _("The site did not understand that button. Nothing was changed."))
        return _page(request, question, SecondReplyForm(request.POST), status=422)
    try:
        return act(request, question)
    except (WrongState, colleagues.RepliedBefore):
        messages.error(request, _("Nothing was changed: the thread is not public any more, or you have replied."))
        return _page(request, question, SecondReplyForm(request.POST), status=409)
    except DraftConflict as conflict:
        form = SecondReplyForm(request.POST)
        return _page(request, question, form, status=409, conflict=conflict_shown(form, conflict.draft))


def _page(request: HttpRequest, question: Question, form: SecondReplyForm, *, status=200, **shown) -> HttpResponse:
    doctor = request.user.doctor_profile
    replies = list(question.replies.shown().in_order().with_people())
    for reply in replies:
        reply.can_agree = can_agree(request.user, reply)
        reply.agreed_by_me = doctor in [each.doctor for each in reply.agreed]
    context = {
        "question": question,
        "form": form,
        "replies": replies,
        "can_add_reply": can_add_reply(request.user, question),
        "advice": advice_on(form, question, doctor),
    }
    return render(request, "moderation/second_opinion.html", context | shown, status=status)


def _save(request: HttpRequest, question: Question) -> HttpResponse:
    form = SecondReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, question, form, status=422)
    doctor = request.user.doctor_profile
    colleagues.save_second_draft(question=question, doctor=doctor, since=form.since(), **form.typed())
    messages.success(request, _("Draft saved."))
    return redirect("second_opinion", question.pk)


def _publish(request: HttpRequest, question: Question) -> HttpResponse:
    form = SecondReplyForm(request.POST)
    if not (form.is_valid() and form.check_publishable()):
        return _page(request, question, form, status=422)
    doctor, text = request.user.doctor_profile, form.cleaned_data["text"]
    if personal := not_meant(form, question, doctor):
        return _page(request, question, form, status=422, own_personal=personal)
    reply = colleagues.add_reply(question=question, doctor=doctor, text=text, since=form.since())
    messages.success(request, _("Published. The patient will be told."))
    return redirect(reply)


def _keep_mine(request: HttpRequest, question: Question) -> HttpResponse:
    """Of two versions that were both shown, this window's becomes the draft; not where there is a third by now."""
    request.POST = changed(request.POST, version=request.POST.get("other_version", ""), window="")
    return _save(request, question)


def _take_other(request: HttpRequest, question: Question) -> HttpResponse:
    messages.success(request, _("This is the version from the other window."))
    return redirect("second_opinion", question.pk)


ACTS = {"save": _save, "publish": _publish, "keep_mine": _keep_mine, "take_other": _take_other}


@doctor_required
@require_POST
def autosave_second_reply(request: HttpRequest, question_id: int) -> JsonResponse:
    """Save what is typed so far. 409 where the draft was changed elsewhere (with both), or it is too late."""
    question, doctor = thread_for(question_id), request.user.doctor_profile
    too_late = _("Not saved: the thread is not public any more, or you have replied here.")
    return autosaved(SecondReplyForm(request.POST), question, doctor, colleagues.save_second_draft, too_late)


@doctor_required
@require_POST
def agree_with_reply(request: HttpRequest, question_id: int, reply_id: int) -> HttpResponse:
    """The doctor's name under a colleague's reply."""
    question = thread_for(question_id)
    reply = get_object_or_404(question.replies.shown(), pk=reply_id)
    if can_agree(request.user, reply):
        colleagues.agree_with_reply(reply=reply, doctor=request.user.doctor_profile)
        messages.success(request, _("Your name stands under the reply: readers see that you agree."))
    else:
        messages.error(request, _("It is your own reply. Nothing was changed."))
    return redirect("second_opinion", question.pk)


@doctor_required
@require_POST
def take_back_agreement(request: HttpRequest, question_id: int, reply_id: int) -> HttpResponse:
    """The name goes from under the reply again."""
    question = thread_for(question_id)
    get_object_or_404(question.replies, pk=reply_id).take_back_agreement(by=request.user.doctor_profile)
    messages.success(request, _("Your name no longer stands under the reply."))
    return redirect("second_opinion", question.pk)
