"""After the answer: its asker asks for the thread to be taken off, or for what tells who they are."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

from forum.questions.forms import RemovalForm
from forum.questions.models import MOST_REQUESTS, Question, WrongState


def around(question: Question, form: Form) -> dict:
    """The newest request and, where there is room for one, the form for another."""
    asked = list(question.removal_requests.newest_first()) if question.can_be_taken_off else []
    newest = asked[0] if asked else None
    room = question.can_be_taken_off and len(asked) < MOST_REQUESTS and not (newest and newest.is_open)
    again = form if isinstance(form, RemovalForm) else RemovalForm()
    return {"removal": newest, "removal_form": again if room else None}


def request_removal(request: HttpRequest, question: Question) -> RemovalForm | None:
    form = RemovalForm(request.POST)
    if not form.is_valid():
        return form
    try:
        taken = question.removal_requests.ask(question=question, **form.cleaned_data)
    except WrongState:
        taken = False
    if taken:
        messages.success(request, _("Your request is sent. An admin decides on it, and you hear of it."))
    else:
        messages.error(request, _("No further request can be made here at the moment."))
    return None


def take_back_removal(request: HttpRequest, question: Question) -> None:
    question.removal_requests.take_back(question=question)
    messages.success(request, _("Your request is taken back. Everything stays as it is."))
