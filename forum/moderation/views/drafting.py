"""A draft while it is written: saved as it grows, never over other words, with what helps to write it well."""

from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Doctor
from forum.moderation import services
from forum.moderation.access import doctor_required, question_for
from forum.moderation.forms import DraftedForm, FollowUpAnswerForm, WorkForm
from forum.moderation.personal import in_doctors_words
from forum.moderation.readability import readability
from forum.moderation.scaffold import scaffold_for
from forum.moderation.subquestions import Status, SubQuestion, propose_sub_questions
from forum.questions.models import Question, WrongState
from forum.replies.models import Draft, DraftConflict, SavedReply


@doctor_required
@require_POST
def autosave_draft(request: HttpRequest, question_id: int) -> JsonResponse:
    """Save what is typed so far. 409 where the draft was changed elsewhere (with both), or it is dealt with."""
    question, doctor = question_for(request, question_id), request.user.doctor_profile
    too_late = _("Not saved: it is no longer waiting. Somebody else has dealt with it, or it was withdrawn.")
    return autosaved(WorkForm(request.POST), question, doctor, services.save_draft, too_late)


def autosaved(form: DraftedForm, question: Question, doctor: Doctor, save: Callable, too_late: str) -> JsonResponse:
    """What static/js/autosave.js is told when `save` was asked to keep this form."""
    if not form.is_valid():
        return JsonResponse({"said": _not_saved(form)}, status=422)
    try:
        draft = save(question=question, doctor=doctor, since=form.since(), **form.typed())
    except WrongState:
        return JsonResponse({"said": too_late}, status=409)
    except DraftConflict as conflict:
        shown = render_to_string("moderation/_conflict.html", {"conflict": conflict_shown(form, conflict.draft)})
        said = _("Not saved: this draft was changed in another window.")
        return JsonResponse({"said": said, "conflict": shown}, status=409)
    at = timezone.localtime(draft.saved_at)
    return JsonResponse(
        {
            "saved_at": at.isoformat(),
            "version": draft.version,
            "said": _("Saved %(at)s") % {"at": date_format(at, "H:i")},
            "advice": render_to_string("moderation/_advice.html", advice_on(form, question, doctor)),
        }
    )


@doctor_required
@require_POST
def check_answer(request: HttpRequest, question_id: int) -> HttpResponse:
    """What looks like personal data in the answer to a follow-up while it is typed: an HTML fragment."""
    question, doctor = question_for(request, question_id), request.user.doctor_profile
    found = in_doctors_words(FollowUpAnswerForm(request.POST), question, doctor)
    return render(request, "moderation/_advice.html", {"personal": found.alarms})


def _not_saved(form: DraftedForm) -> str:
    field, errors = next(iter(form.errors.items()))
    return _("Not saved: %(field)s: %(error)s") % {"field": form[field].label, "error": errors[0]}


def advice_on(form: DraftedForm, question: Question, doctor: Doctor) -> dict:
    """How hard the reply is to read, and what in it, in the title or in the More Info looks like personal data."""
    return {
        "readability": readability(form["text"].value() or "", question.language),
        "personal": in_doctors_words(form, question, doctor).alarms,
    }


def work_aids(question: Question, doctor: Doctor, form: WorkForm) -> dict:
    """What stands around the editor: advice on the words, outline, saved replies, the patient's sub-questions."""
    saved = SavedReply.objects.usable_by(doctor).filter(language=_language(question))
    return {
        "advice": advice_on(form, question, doctor),
        "scaffold": scaffold_for(question.language),
        "saved_replies": [(each, each.filled_for(question)) for each in saved],
        "checklist": _checklist(question, form),
        "statuses": Status.choices,
    }


def _language(question: Question) -> str:
    return "zh-hant" if question.language.startswith("zh") else "en"


def _checklist(question: Question, form: WorkForm) -> list[SubQuestion]:
    """As the doctor left it; before that what the patient's text seems to ask."""
    if form.is_bound:
        typed = form.fields["sub_questions"].to_python(form["sub_questions"].data)
    else:
        saved = form.initial.get("sub_questions")
        typed = None if saved is None else [SubQuestion(**each) for each in saved]
    return propose_sub_questions(question.text) if typed is None else typed


def conflict_shown(form: DraftedForm, stored: Draft) -> dict:
    """What differs between a valid form and the stored draft: label, this window's words, the other's."""
    form.full_clean()
    rows = []
    for name, mine in form.typed().items():
        other = getattr(stored, name)
        if mine != other:
            lists = name == "sub_questions"
            rows.append((form.fields[name].label, *(_lines(each) if lists else each for each in (mine, other))))
    return {"rows": rows, "version": stored.version, "at": stored.saved_at}


def _lines(checklist: Iterable[dict] | None) -> str:
    return "\n".join(f"{each['text']} ({Status(each['status']).label})" for each in checklist or [])


def with_saved_reply(request: HttpRequest, question: Question) -> QueryDict:
    """What was typed, with the chosen saved reply, filled in, under the reply."""
    chosen = request.POST.get("saved_reply", "")
    usable = SavedReply.objects.usable_by(request.user.doctor_profile)
    saved = usable.filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < 19 else None
    if saved is None:
        return request.POST
    written = request.POST.get("text", "").rstrip()
    return changed(request.POST, text="\n\n".join(part for part in (written, saved.filled_for(question)) if part))


def changed(typed: QueryDict, **values) -> QueryDict:
    """The same form with other values."""
    data = typed.copy()
    for name, value in values.items():
        data[name] = value
    return data
