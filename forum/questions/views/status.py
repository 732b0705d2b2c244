from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from forum.questions.forms import InfoAnswerForm, StatusForm
from forum.questions.help_lines import help_lines
from forum.questions.image_forms import ImagesForm
from forum.questions.models import Question, WrongState
from forum.questions.permissions import can_withdraw_question
from forum.questions.screening import screen_further
from forum.questions.services import add_images, expected_wait
from forum.questions.steps import is_in_work, steps_of
from forum.questions.views import further, removal
from forum.questions.views.images import sent_images
from forum.safety.red_flags import RedFlag, rule_named


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """The asker's own page by secret link."""
    question = Question.objects.with_token(token).select_related("specialty", "merged_into__specialty").first()
    if question is None:
        raise Http404
    return by_secret_link(_status_page(request, question, token=token))


def by_secret_link(response: HttpResponse) -> HttpResponse:
    """A page whose address is a secret."""
    # "origin": the token is in no referrer, and the browser still says where a form comes from.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_question(request: HttpRequest, question_id: int) -> HttpResponse:
    """The same page for an asker who has signed in."""
    own = Question.objects.asked_by(request.user).select_related("specialty", "merged_into__specialty")
    question = get_object_or_404(own, pk=question_id)
    return _status_page(request, question)


@login_required
@never_cache
@require_safe
def my_questions(request: HttpRequest) -> HttpResponse:
    """A signed-in patient's questions, newest first."""
    questions = Question.objects.asked_by(request.user).select_related("specialty", "merged_into")[:200]
    return render(request, "questions/my_questions.html", {"questions": questions})


def _status_page(request: HttpRequest, question: Question, *, token: str = "") -> HttpResponse:
    form: Form = _own_form(question)
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            messages.error(request, _("The site did not understand that button. Please try again."))
            return redirect(request.path)
        form = act(request, question)
        if form is None:
            return redirect(request.path)
    link = request.build_absolute_uri(request.path) if token else ""
    context = _status_context(question, form) | {"link": link, "token": token}
    return render(request, "questions/status.html", context, status=422 if form.is_bound else 200)


def _own_form(question: Question) -> StatusForm | InfoAnswerForm:
    """What the page has one of, whatever else was sent from it."""
    if question.needs_info:
        return InfoAnswerForm(images=ImagesForm(room=question.images.room()))
    return StatusForm()


def _status_context(question: Question, form: Form) -> dict:
    in_work, lines = is_in_work(question), help_lines()
    # What a duplicate's asker reads of its fate is that of the question it was merged into.
    followed = question.merged_into or question
    context = {
        "question": question,
        "form": form if isinstance(form, StatusForm | InfoAnswerForm) else _own_form(question),
        "sent": form,
        "steps": steps_of(question, in_work=in_work),
        "in_work": in_work,
        "images": question.images.in_order(),
        "wait": expected_wait(followed.specialty) if question.is_waiting or question.is_joined else None,
        "emergency": lines.emergency,
        "red_flags": _advice_for(question),
        "lines": lines,
        "info_requests": question.info_requests.order_by("asked_at") if question.is_open else [],
        "transfer": question.transfers.select_related("from_specialty").last() if question.is_waiting else None,
        "can_edit": question.can_be_edited,
        "can_withdraw": can_withdraw_question(question),
    }
    return context | further.around(question, form) | removal.around(question, form)


def _advice_for(question: Question) -> list[RedFlag]:
    """What the patient has to read first; nothing where that was read, or where the rules know it no more."""
    codes = question.red_flags if question.advice_is_due else []
    return [flag for flag in map(rule_named, codes) if flag]


def _read_advice(request: HttpRequest, question: Question) -> None:
    question.read_advice(by=question.asker)


def _withdraw(request: HttpRequest, question: Question) -> None:
    try:
        question.withdraw(by=question.asker)
        messages.success(request, _("Your question is withdrawn. No doctor will see or answer it."))
    except WrongState:
        messages.error(request, _("It cannot be withdrawn any more: a doctor has already dealt with it."))


@transaction.atomic  # what alarms is never stored without its flag
def _answer_info(request: HttpRequest, question: Question) -> InfoAnswerForm | None:
    images = sent_images(request, room=question.images.room())
    form = InfoAnswerForm(request.POST, images=images)
    if not form.is_valid():
        return form
    text = form.cleaned_data["text"]
    try:
        taken = question.answer_info(by=question.asker, text=text)
    except WrongState:
        taken = False
    if not taken and not question.info_requests.filter(answer=text).exists():
        form.add_error(None, _("No doctor asks for more at the moment."))
        return form
    add_images(question=question, images=images.chosen)
    screen_further(question, text)
    messages.success(request, _("Your answer is sent. Your question waits for a doctor again."))
    return None


ACTS = {
    "read_advice": _read_advice,
    "withdraw": _withdraw,
    "answer_info": _answer_info,
    "request_removal": removal.request_removal,
    "take_back_removal": removal.take_back_removal,
    **further.ACTS,
}
