from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from forum.articles.rendering import render_markdown
from forum.moderation import services
from forum.moderation.access import doctor_required, question_for
from forum.moderation.forms import DeclineForm, FollowUpAnswerForm, WorkForm
from forum.moderation.models import HeldByAnother
from forum.moderation.patients_words import patients_edition
from forum.moderation.personal import in_patients_words, not_meant, with_findings
from forum.moderation.views import looks, material, passing
from forum.moderation.views.correcting import after_publishing
from forum.moderation.views.drafting import changed, conflict_shown, with_saved_reply, work_aids
from forum.questions.models import Question, State, WrongState
from forum.replies.models import Draft, DraftConflict
from forum.replies.seen import ChangedMeanwhile


def _was_withdrawn(request: HttpRequest, question_id: int) -> bool:
    """Whether the patient took it back while the doctor had it open."""
    mine = Question.objects.for_doctor(request.user.doctor_profile)
    return mine.filter(pk=question_id, state=State.WITHDRAWN).exists()


@doctor_required
@require_http_methods(["GET", "HEAD", "POST"])
def work_on_question(request: HttpRequest, question_id: int) -> HttpResponse:
    """The patient's words beside the doctor's editor; one button an act."""
    if request.method == "POST" and _was_withdrawn(request, question_id):
        messages.error(request, _("The patient has withdrawn this question, so nothing was done."))
        return redirect("dashboard")
    question = question_for(request, question_id)
    if request.method != "POST":
        draft = question.drafts.filter(doctor=request.user.doctor_profile).first()
        return _work_page(request, question, WorkForm.of(draft, question.specialty), draft=draft)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        messages.error(request, _("The site did not understand that button. Nothing was changed."))
        return _work_page(request, question, WorkForm(request.POST), status=422)
    try:
        return act(request, question)
    except WrongState:
        messages.error(request, _("It is no longer waiting: somebody else has dealt with it, or it was withdrawn."))
        return _work_page(request, question, WorkForm(request.POST), status=409)
    except HeldByAnother as refusal:
        passing.say_held(request, refusal)
        return _typed_page(request, question, status=409)
    except passing.Refused:
        return _typed_page(request, question, status=422)
    except DraftConflict as conflict:
        form = WorkForm(request.POST)
        return _work_page(request, question, form, status=409, conflict=conflict_shown(form, conflict.draft))
    except ChangedMeanwhile:
        return _work_page(request, question, WorkForm(request.POST), status=409)


def _typed_page(request: HttpRequest, question: Question, *, status: int) -> HttpResponse:
    """The page as it was sent; of a form that has no editor in it, with the draft that is there."""
    draft = question.drafts.filter(doctor=request.user.doctor_profile).first()
    form = WorkForm(request.POST) if "text" in request.POST else WorkForm.of(draft, question.specialty)
    return _work_page(request, question, form, status=status, **passing.typed_again(request, question))


def _work_page(request, question, form, *, status=200, **shown) -> HttpResponse:
    """The page with this form; `shown` is what else an act wants to show: a draft, a preview, another bound form."""
    question.refresh_from_db(fields=["state"])
    current = patients_edition(question)
    context = {
        "question": question,
        "patients_edition": current,
        "patient_changed": request.POST.get("read", current) != current,
        "patient_personal": in_patients_words(question) if question.is_waiting else None,
        "keep_personal": "keep_personal" in request.POST,
        "seen": question.threads_seen(),
        "form": form,
        "images": question.images.in_order(),
        "ticked": request.POST.getlist("public_images"),
        "replies": question.replies.in_order().with_people().prefetch_related("unclear"),
        "follow_ups": with_findings(question.follow_ups.order_by("created_at", "id"), question),
        "follow_up_form": FollowUpAnswerForm(),
        "decisions": question.decisions.for_those_concerned().select_related("by__doctor"),
    }
    context |= passing.around(request, question) | after_publishing(request.user, question)
    context |= looks.around(request, question)
    if question.is_waiting:
        doctor = request.user.doctor_profile
        context |= work_aids(question, doctor, form)
        context["material"] = material.beside(question, doctor, form, context["like"]) | shown.pop("material", {})
    return render(request, "moderation/work.html", context | shown, status=status)


def _refused(request, question, form, **shown) -> HttpResponse:
    """The page with the errors; WrongState where mending them would not help, since it is too late."""
    if not question.is_waiting:
        raise WrongState(question.state)
    return _work_page(request, question, form, status=422, **shown)


def _save(request: HttpRequest, question: Question) -> HttpResponse:
    form = WorkForm(request.POST)
    if not form.is_valid():
        return _refused(request, question, form)
    _keep(request, question, form)
    messages.success(request, _("Draft saved."))
    return redirect("work_on_question", question.pk)


def _keep(request: HttpRequest, question: Question, form: WorkForm) -> Draft:
    material.have_links_checked(form)
    doctor = request.user.doctor_profile
    return services.save_draft(question=question, doctor=doctor, since=form.since(), **form.typed())


def _preview(request: HttpRequest, question: Question) -> HttpResponse:
    form = WorkForm(request.POST)
    if form.is_valid():
        draft = _keep(request, question, form)
        form = WorkForm(changed(request.POST, version=draft.version))
    return _work_page(request, question, form, preview=request.POST.get("more_info", ""))


def _insert(request: HttpRequest, question: Question) -> HttpResponse:
    """The page as it was typed, with the chosen saved reply under the reply: what a script does at the cursor."""
    return _work_page(request, question, WorkForm(with_saved_reply(request, question)))


def _material(request: HttpRequest, question: Question) -> HttpResponse:
    """More Info begun with another article or a machine's draft: the page as it was typed, with what was asked for."""
    form = WorkForm(request.POST)
    if not form.is_valid():
        return _refused(request, question, form)
    put = material.ACTS[request.POST["act"]](request, question, form)
    return _work_page(request, question, put.form, material=put.shown)


def _publish(request: HttpRequest, question: Question) -> HttpResponse:
    form = WorkForm(request.POST)
    if not (form.is_valid() and form.check_publishable()):
        return _refused(request, question, form)
    doctor = request.user.doctor_profile
    unanswered, personal = form.unconfirmed(), not_meant(form, question, doctor)
    if question.is_waiting and (unanswered or personal):
        return _refused(request, question, form, unanswered=unanswered, own_personal=personal)
    words = {name: form.cleaned_data[name] for name in Draft.WORDS}
    decided = {"public_images": request.POST.getlist("public_images"), "keep_personal": "keep_personal" in request.POST}
    work = services.Work(**words, **decided)
    window = {"since": form.since(), "typed": form.typed(), "read": request.POST.get("read", "")}
    services.publish_reply(question=question, doctor=doctor, work=work, **window)
    messages.success(request, _("Published. The patient will be told."))
    return redirect("dashboard")


def _hide_image(request: HttpRequest, question: Question) -> HttpResponse:
    get_object_or_404(question.images, name=request.POST.get("image", "")).hide(by=request.user)
    messages.success(request, _("The image is off the public page. The doctors still see it."))
    return redirect("work_on_question", question.pk)


def _keep_mine(request: HttpRequest, question: Question) -> HttpResponse:
    """Of two versions that were both shown, this window's becomes the draft; not where there is a third by now."""
    form = WorkForm(changed(request.POST, version=request.POST.get("other_version", ""), window=""))
    if not form.is_valid():
        return _refused(request, question, form)
    _keep(request, question, form)
    messages.success(request, _("Draft saved: your version."))
    return redirect("work_on_question", question.pk)


def _take_other(request: HttpRequest, question: Question) -> HttpResponse:
    messages.success(request, _("This is the version from the other window."))
    return redirect("work_on_question", question.pk)


def _decline(request: HttpRequest, question: Question) -> HttpResponse:
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _refused(request, question, WorkForm(request.POST), decline_form=form)
    services.decline_question(question=question, doctor=request.user.doctor_profile, **form.cleaned_data)
    messages.success(request, _("Declined. The patient sees the reason and the next step."))
    return redirect("dashboard")


ACTS = {
    "save": _save,
    "insert": _insert,
    "preview": _preview,
    "keep_mine": _keep_mine,
    "take_other": _take_other,
    "publish": _publish,
    "decline": _decline,
    "hide_image": _hide_image,
    **passing.ACTS,
    **looks.ACTS,
    **dict.fromkeys(material.ACTS, _material),
}


@doctor_required
@require_POST
def answer_follow_up(request: HttpRequest, question_id: int, follow_up_id: int) -> HttpResponse:
    """Publish the answer to a follow-up question."""
    question = question_for(request, question_id)
    follow_up = get_object_or_404(question.follow_ups, pk=follow_up_id)
    form, doctor = FollowUpAnswerForm(request.POST), request.user.doctor_profile
    personal = not_meant(form, question, doctor) if follow_up.answered_at is None else None
    answered = {"follow_up_form": form, "answered": follow_up.pk, "own_personal": personal}
    if not form.is_valid() or personal:
        return _work_page(request, question, WorkForm(), status=422, **answered)
    text, keep = form.cleaned_data["answer"], "keep_personal" in request.POST
    try:
        if not services.answer_follow_up(follow_up=follow_up, doctor=doctor, text=text, keep_personal=keep):
            messages.error(request, _("It was answered meanwhile. Your answer was not published."))
            return _work_page(request, question, WorkForm(), status=409, **answered)
    except WrongState:
        messages.error(request, _("The thread is not public at the moment, so nothing was published."))
        return _work_page(request, question, WorkForm(), status=409, **answered)
    messages.success(request, _("Answered. The patient will be told."))
    return redirect("work_on_question", question.pk)


@doctor_required
@require_POST
def preview_article(request: HttpRequest) -> HttpResponse:
    """The More Info as readers will see it: an HTML fragment for the live preview."""
    return HttpResponse(render_markdown(request.POST.get("more_info", "")[:50_000]))
