"""What a doctor does short of answering: claim, release, pass on, ask for more, point to a thread."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from forum.moderation import services
from forum.moderation.access import doctor_required, question_for
from forum.moderation.forms import DeclineForm
from forum.moderation.models import Claim, HeldByAnother
from forum.moderation.passing import AskInfoForm, TransferForm
from forum.moderation.views.material import threads_like
from forum.moderation.waiting import next_free
from forum.questions.models import Question, WrongState

SHOWN = 3
FORMS = {"decline": ("decline_form", DeclineForm), "ask_info": ("ask_info_form", AskInfoForm)}


class Refused(Exception):
    """What was typed cannot be taken as it is; the page shows it again with the errors."""


def around(request: HttpRequest, question: Question) -> dict:
    """What stands around the editor: who holds the question, what was asked and noted, threads like it, other acts."""
    open_now = {"decline_form": DeclineForm(), "note": request.POST.get("note", "")}
    if question.is_waiting:
        like = threads_like(question)
        open_now |= {
            "like": like,
            "similar": like[:SHOWN],
            "transfer_form": TransferForm(question=question),
            "ask_info_form": AskInfoForm(),
        }
    return open_now | {
        **whose(request, question),
        "info_requests": question.info_requests.select_related("asked_by").order_by("asked_at"),
        "transfers": question.transfers.select_related("by", "from_specialty", "to_specialty").order_by("made_at"),
    }


def whose(request: HttpRequest, question: Question) -> dict:
    """The claim on it, and whether that is a colleague's."""
    claim = Claim.objects.valid().with_holder().filter(question=question).first()
    return {"claim": claim, "held": bool(claim) and claim.doctor_id != request.user.doctor_profile.pk}


def typed_again(request: HttpRequest, question: Question) -> dict:
    """The form that was sent, filled in as it was sent."""
    act = request.POST.get("act", "")
    if act == "transfer" and question.is_waiting:
        return {"transfer_form": TransferForm(request.POST, question=question)}
    if act in FORMS:
        name, form = FORMS[act]
        return {name: form(request.POST)}
    return {}


def say_held(request: HttpRequest, refusal: HeldByAnother) -> None:
    claim = refusal.claim
    words = _("Dr. %(name)s is at work on this question until %(until)s. Nothing was changed; what you typed is kept.")
    messages.error(request, words % {"name": claim.doctor.name, "until": claim.until.strftime("%H:%M")})


def claim(request: HttpRequest, question: Question) -> HttpResponse:
    services.claim_question(question=question, doctor=request.user.doctor_profile)
    return redirect("work_on_question", question.pk)


def release(request: HttpRequest, question: Question) -> HttpResponse:
    services.release_question(question=question, doctor=request.user.doctor_profile)
    messages.success(request, _("Released. Your draft is kept."))
    return redirect("dashboard")


def transfer(request: HttpRequest, question: Question) -> HttpResponse:
    form = TransferForm(request.POST, question=question)
    if not form.is_valid():
        raise Refused
    services.transfer_question(question=question, doctor=request.user.doctor_profile, **form.cleaned_data)
    done = _("Passed on to %(specialty)s. The patient will be told.") % {"specialty": form.cleaned_data["to"].label}
    messages.success(request, done)
    return redirect("dashboard")


def ask_info(request: HttpRequest, question: Question) -> HttpResponse:
    form = AskInfoForm(request.POST)
    if not form.is_valid():
        raise Refused
    services.ask_info(question=question, doctor=request.user.doctor_profile, note=form.cleaned_data["note"])
    messages.success(request, _("Asked. The patient will be told; the answer brings the question back to you."))
    return redirect("dashboard")


def answer_by(request: HttpRequest, question: Question) -> HttpResponse:
    number = request.POST.get("thread", "")
    known = number.isascii() and number.isdecimal() and len(number) < 19
    thread = Question.objects.published().filter(pk=number).first() if known else None
    if thread is None:
        messages.error(request, _("That thread is not public any more. Nothing was changed."))
        raise Refused
    services.answer_by_thread(question=question, doctor=request.user.doctor_profile, thread=thread)
    messages.success(request, _("Closed: the patient will be told and finds the answer there."))
    return redirect("dashboard")


def not_urgent(request: HttpRequest, question: Question) -> HttpResponse:
    if question.mark_not_urgent(by=request.user.doctor_profile):
        messages.success(request, _("No longer marked urgent. It waits in its place."))
    return redirect("work_on_question", question.pk)


ACTS = {
    "claim": claim,
    "release": release,
    "transfer": transfer,
    "ask_info": ask_info,
    "answer_by": answer_by,
    "not_urgent": not_urgent,
}


@doctor_required
@require_POST
def claim_question(request: HttpRequest, question_id: int) -> HttpResponse:
    """Claim it where that is possible, and show who holds it: a fragment, for a page that was just opened."""
    question = question_for(request, question_id)
    try:
        services.claim_question(question=question, doctor=request.user.doctor_profile)
    except (HeldByAnother, WrongState):
        question.refresh_from_db(fields=["state"])
    return render(request, "moderation/_claim.html", {"question": question, **whose(request, question)})


@doctor_required
@require_safe
def next_question(request: HttpRequest) -> HttpResponse:
    """To the next question that nobody holds, behind the one of `after`; to the queue where there is none."""
    after = request.GET.get("after", "")
    known = after.isascii() and after.isdecimal() and len(after) < 19
    question = next_free(request.user.doctor_profile, after=int(after) if known else 0)
    return redirect("work_on_question", question.pk) if question else redirect("dashboard")
