"""A colleague looks at a question and the draft of its reply before it is published."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum.moderation import colleagues, services
from forum.moderation.access import doctor_required, question_for
from forum.moderation.colleague_forms import AskLookForm, LookAnswerForm
from forum.moderation.forms import WorkForm
from forum.moderation.models import LookRequest
from forum.moderation.permissions import can_look_at_question
from forum.moderation.views.passing import Refused
from forum.questions.models import Question, WrongState
from forum.questions.views import image_response


def around(request: HttpRequest, question: Question) -> dict:
    """For the work page: what the doctor asked colleagues, what they said, and a form to ask one more."""
    if not question.is_waiting:
        return {}
    doctor = request.user.doctor_profile
    sent = request.POST if request.POST.get("act") == "ask_look" else None
    asked = question.look_requests.standing().filter(asked_by=doctor).select_related("colleague")
    return {"looks": asked.order_by("asked_at"), "look_form": AskLookForm(sent, question=question, doctor=doctor)}


def ask_look(request: HttpRequest, question: Question) -> HttpResponse:
    """Save the draft as it was sent, and ask a colleague to look at it."""
    doctor = request.user.doctor_profile
    work, form = WorkForm(request.POST), AskLookForm(request.POST, question=question, doctor=doctor)
    if not question.is_waiting:
        raise WrongState(question.state)
    if not (work.is_valid() and form.is_valid()):
        raise Refused
    colleague = form.cleaned_data["colleague"]
    services.save_draft(question=question, doctor=doctor, since=work.since(), **work.typed())
    note = form.cleaned_data["look_note"]
    colleagues.ask_to_look(question=question, doctor=doctor, colleague=colleague, note=note)
    messages.success(request, _("Asked: Dr. %(name)s finds it on the dashboard.") % {"name": colleague.name})
    return redirect("work_on_question", question.pk)


ACTS = {"ask_look": ask_look}


@doctor_required
@require_POST
def take_back_look(request: HttpRequest, question_id: int, look_id: int) -> HttpResponse:
    """The doctor who asked can do without; the colleague sees the question no longer."""
    question = question_for(request, question_id)
    asked = question.look_requests.filter(asked_by=request.user.doctor_profile)
    get_object_or_404(asked, pk=look_id).take_back()
    messages.success(request, _("Taken back."))
    return redirect("work_on_question", question.pk)


@doctor_required
@require_http_methods(["GET", "HEAD", "POST"])
def look_at_question(request: HttpRequest, look_id: int) -> HttpResponse:
    """For the colleague who was asked: the question and the draft, to read, and a word to the doctor who asks."""
    found = LookRequest.objects.select_related("question__specialty", "asked_by", "colleague__user")
    look = get_object_or_404(found, pk=look_id)
    if look.colleague != request.user.doctor_profile:
        raise Http404
    if request.method != "POST":
        if not can_look_at_question(request.user, look):
            raise Http404
        return _look_page(request, look, LookAnswerForm(initial={"answer": look.answer}))
    try:
        return _answer_look(request, look)
    except WrongState:
        words = {"answer": request.POST.get("answer", "")}
        return render(request, "moderation/look_over.html", words, status=409)


@doctor_required
@require_safe
def look_image(request: HttpRequest, look_id: int, name: str, thumbnail: bool = False) -> HttpResponse:
    """An image of that question, as long as the colleague may look."""
    look = get_object_or_404(LookRequest.objects.select_related("question"), pk=look_id)
    if not can_look_at_question(request.user, look):
        raise Http404
    return image_response(request, get_object_or_404(look.question.images, name=name), thumbnail)


def _answer_look(request: HttpRequest, look: LookRequest) -> HttpResponse:
    if not can_look_at_question(request.user, look):
        raise WrongState
    form = LookAnswerForm(request.POST)
    is_fine = request.POST.get("act") == "fine"
    if form.is_valid() and not (is_fine or form.cleaned_data["answer"]):
        form.add_error("answer", _("Please write a comment, or say that it is fine."))
    if not form.is_valid():
        return _look_page(request, look, form, status=422)
    look.give_answer(is_fine=is_fine, text=form.cleaned_data["answer"])
    messages.success(request, _("Dr. %(name)s sees it beside the draft.") % {"name": look.asked_by.name})
    return redirect("dashboard")


def _look_page(request: HttpRequest, look: LookRequest, form: LookAnswerForm, *, status: int = 200) -> HttpResponse:
    question = look.question
    context = {
        "look": look,
        "question": question,
        "draft": look.draft,
        "form": form,
        "images": question.images.in_order(),
        "seen": question.threads_seen(),
        "info_requests": question.info_requests.select_related("asked_by").order_by("asked_at"),
        "transfers": question.transfers.select_related("by", "from_specialty", "to_specialty").order_by("made_at"),
    }
    return render(request, "moderation/look.html", context, status=status)
