"""After the answer: its asker asks further, says that a reply helped, or what is unclear in it."""

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

from forum.questions.forms import StatusForm, UnclearForm
from forum.questions.models import Question
from forum.questions.personal import Findings, look_through_form, must_be_shown, replacements
from forum.questions.screening import screen_further


def around(question: Question, form: Form) -> dict:
    """The replies, each with the form for what is unclear in it while there is room, and what was asked further."""
    follow_ups = question.follow_ups.order_by("created_at", "id")
    list(follow_ups)  # so that they are counted without another query
    return {
        "replies": _replies(question, form),
        "found": _found(question),
        "follow_ups": follow_ups,
        "follow_ups_left": follow_ups.room_for_more() if question.takes_further_words else 0,
        "personal": _in_follow_up(question, form),
    }


def _replies(question: Question, form: Form) -> list:
    if not (question.is_published or question.is_merged):
        return []
    replies = list(question.replies.shown().in_order().with_people().prefetch_related("unclear"))
    if question.takes_further_words:
        for reply in replies:
            is_sent = isinstance(form, UnclearForm) and form.reply == reply
            reply.unclear_form = (form if is_sent else UnclearForm(reply=reply)) if reply.unclear_left else None
    return replies


def _found(question: Question) -> list:
    """Of a question that was answered in another thread: the replies there, as every reader sees them."""
    if not (question.is_merged and question.published_at is None and question.merged_into.is_published):
        return []
    return list(question.merged_into.replies.shown().in_order().with_people())


def _in_follow_up(question: Question, form: Form) -> Findings:
    """What a follow-up question tells; only the doctors see what answers theirs."""
    if not isinstance(form, StatusForm):
        return Findings()
    return look_through_form(form, "text", allowed=[question.pseudonym])


@transaction.atomic  # what alarms is never stored without its flag
def follow_up(request: HttpRequest, question: Question) -> StatusForm | None:
    form = StatusForm(request.POST)
    if not form.is_valid() or must_be_shown(_in_follow_up(question, form), request.POST):
        return form
    if question.follow_ups.ask(question=question, text=form.cleaned_data["text"]):
        screen_further(question, form.cleaned_data["text"])
        messages.success(request, _("Your follow-up question is sent. It becomes public with the doctor's answer."))
        return None
    form.add_error(None, _("No further question can be asked here. You are welcome to ask a new one."))
    return form


def replace(request: HttpRequest, question: Question) -> StatusForm:
    found = _in_follow_up(question, StatusForm(request.POST))
    return StatusForm(initial=replacements(found, request.POST))


def helped(request: HttpRequest, question: Question) -> None:
    reply = _chosen_reply(request, question)
    if reply is not None and question.is_published:
        reply.mark_helped()
        messages.success(request, _("Thank you. The doctor will be glad to know."))


@transaction.atomic
def unclear(request: HttpRequest, question: Question) -> UnclearForm | None:
    reply = _chosen_reply(request, question)
    if reply is None:
        messages.error(request, _("That reply is no longer there."))
        return None
    form = UnclearForm(request.POST, reply=reply)
    if not form.is_valid():
        return form
    text = form.cleaned_data["unclear"]
    if reply.unclear.say(reply=reply, text=text):
        screen_further(question, text)
        messages.success(request, _("Thank you. The doctor is told, and may put it more clearly."))
    else:
        messages.error(request, _("No more can be said about this reply here. You are welcome to ask a new question."))
    return None


def _chosen_reply(request: HttpRequest, question: Question):
    """The one that is named, else the first; None where there is no such."""
    replies = question.replies.shown().in_order()
    chosen = request.POST.get("reply", "")
    if chosen:
        replies = replies.filter(pk=chosen) if chosen.isdecimal() and len(chosen) < 19 else replies.none()
    return replies.first()


ACTS = {"follow_up": follow_up, "replace": replace, "replace_ages": replace, "helped": helped, "unclear": unclear}
