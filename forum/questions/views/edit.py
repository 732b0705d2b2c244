from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from forum.questions import services
from forum.questions.forms import EditForm
from forum.questions.models import Question, WrongState
from forum.questions.personal import REPLACING, in_ask_form, must_be_shown, replacements
from forum.questions.views.status import by_secret_link


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_question(request: HttpRequest, token: str) -> HttpResponse:
    """Change a question that no doctor has begun on, by its secret link."""
    question = get_object_or_404(Question.objects.with_token(token).select_related("specialty"))
    return by_secret_link(_edit_page(request, question, back=redirect("status", token)))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_my_question(request: HttpRequest, question_id: int) -> HttpResponse:
    """The same for an asker who has signed in."""
    question = get_object_or_404(Question.objects.asked_by(request.user).select_related("specialty"), pk=question_id)
    return _edit_page(request, question, back=redirect("my_question", question.pk))


def _edit_page(request: HttpRequest, question: Question, *, back: HttpResponse) -> HttpResponse:
    too_late = _("It can no longer be changed: a doctor has begun to work on it.")
    if request.method != "POST":
        if question.can_be_edited:
            return _shown(request, EditForm(question=question), back)
        messages.error(request, too_late)
        return back
    form = EditForm(request.POST, question=question)
    found = in_ask_form(form)
    if request.POST.get("act") in REPLACING:
        form = EditForm(request.POST.dict() | replacements(found, request.POST), question=question)
        return _shown(request, form, back, replaced=True)
    if not form.is_valid() or must_be_shown(found, request.POST):
        return _shown(request, form, back, status=422)
    try:
        services.edit_question(question=question, by=question.asker, words=form.cleaned_data)
    except WrongState:
        form.add_error(None, too_late)
        return _shown(request, form, back, status=409)
    messages.success(request, _("Your changes are saved."))
    return back


def _shown(request: HttpRequest, form: EditForm, back: HttpResponse, *, status: int = 200, **shown) -> HttpResponse:
    context = {"form": form, "personal": in_ask_form(form), "back_url": back.url}
    return render(request, "questions/edit.html", context | shown, status=status)
