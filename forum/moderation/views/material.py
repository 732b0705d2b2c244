"""Beginning a More Info with another article or a machine's draft. Each act saves what is typed and shows it again."""

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Doctor
from forum.articles.drafters import configured_drafter
from forum.articles.models import MachineDraft, SourceLink
from forum.articles.rendering import linked_addresses
from forum.articles.tasks import check_links_if_not_waiting
from forum.moderation import material, services
from forum.moderation.access import doctor_required, question_for
from forum.moderation.forms import WorkForm
from forum.moderation.views.drafting import changed
from forum.questions.models import Question
from forum.replies.models import Draft
from forum.search.queries import similar_to_text


@dataclass(frozen=True)
class Put:
    """What an act leaves behind: the form to show, and what the page says of it in its block."""

    form: WorkForm
    shown: dict = field(default_factory=dict)


def threads_like(question: Question) -> list[Question]:
    """Published threads like it, best first: more than are shown, since few have an article."""
    return list(similar_to_text(f"{question.headline}\n{question.text}", limit=material.LIKE_LOOKED_AT))


def beside(question: Question, doctor: Doctor, form: WorkForm, like: list[Question]) -> dict:
    """What the page shows of all this: articles to begin with, the machine's draft, what the text is from."""
    draft = question.drafts.filter(doctor=doctor).first()
    based_on = Question.objects.published().in_bulk(draft.based_on) if draft else {}
    return {
        "articles": material.articles_for(question, topics=_topics(form), like=like),
        "machine": draft.machine_drafts.open().first() if draft else None,
        "drafter": configured_drafter(),
        "based_on": [based_on[pk] for pk in draft.based_on if pk in based_on] if draft else [],
        "machine_drafted": bool(draft) and draft.machine_drafted,
        "broken": list(SourceLink.objects.broken().filter(url__in=addresses_in(form)).values_list("url", flat=True)),
    }


def _topics(form: WorkForm) -> list[str]:
    return (form["topics"].value() or "").replace("\0", "").replace("，", ",").split(",")


def addresses_in(form: WorkForm) -> list[str]:
    """The addresses typed, those of the sources and of links in the More Info."""
    lines = (form["sources"].value() or "").splitlines()
    sources = [line.split()[-1] for line in lines if line.strip()]
    return [url for url in (*sources, *linked_addresses(form["more_info"].value() or "")) if "\0" not in url]


def have_links_checked(form: WorkForm) -> None:
    """Those of what the doctor has just saved; no address that is still being typed."""
    if settings.CHECK_LINKS:
        web = ("http://", "https://")
        SourceLink.objects.note(url for url in addresses_in(form) if url.lower().startswith(web))
        check_links_if_not_waiting()


def start_from(request: HttpRequest, question: Question, form: WorkForm) -> Put:
    chosen = request.POST.get("start_from", "")
    offered = material.articles_for(question, topics=_topics(form), like=threads_like(question))
    article = next((each for each in offered if str(each.pk) == chosen), None)
    if article is None:
        return Put(_saved(request, question, form), {"said": _("Choose one of the articles first.")})
    put = _with(request, article.text, article.sources)
    if not put.is_valid():
        return Put(form, {"said": _("There is no room for it below what stands in the editor.")})
    doctor = request.user.doctor_profile
    draft = material.start_from(question=question, doctor=doctor, article=article, typed=put.typed(), since=put.since())
    return Put(_again(put, draft), {"said": _is_in_the_editor()})


def _is_in_the_editor() -> str:
    return _("It is in the editor, below what stood there. Read it word by word: it is published with your signature.")


def _with(request: HttpRequest, text: str, sources: list[dict]) -> WorkForm:
    """The form with this text and its sources below those that are there, to be signed anew."""
    written = request.POST.get("more_info", "").rstrip()
    lines = request.POST.get("sources", "").splitlines()
    known = {line.split()[-1] for line in lines if line.strip()}
    more = [" ".join(f"{each['title']} {each['url']}".split()) for each in sources if each["url"] not in known]
    values = {
        "more_info": "\n\n".join(part for part in (written, text.strip()) if part),
        "sources": "\n".join([*(line for line in lines if line.strip()), *more]),
        "signed": "",
    }
    return WorkForm(changed(request.POST, **values))


def _saved(request: HttpRequest, question: Question, form: WorkForm) -> WorkForm:
    """The form with its words saved, as they are."""
    return _again(form, _keep(request, question, form))


def _keep(request: HttpRequest, question: Question, form: WorkForm) -> Draft:
    doctor = request.user.doctor_profile
    return services.save_draft(question=question, doctor=doctor, since=form.since(), **form.typed())


def _again(form: WorkForm, draft: Draft) -> WorkForm:
    return WorkForm(changed(form.data, version=draft.version))


def draft_article(request: HttpRequest, question: Question, form: WorkForm) -> Put:
    draft = _keep(request, question, form)
    articles = material.articles_for(question, topics=_topics(form), like=threads_like(question))
    if not articles:
        return Put(_again(form, draft), {"said": _("There is no signed article yet that it could be made of.")})
    material.begin_machine_draft(draft=draft, articles=articles)
    return Put(_again(form, draft), {"open": True})


def look_again(request: HttpRequest, question: Question, form: WorkForm) -> Put:
    return Put(_saved(request, question, form), {"open": True})


def _machine_of(request: HttpRequest, question: Question) -> MachineDraft | None:
    """The one whose button was pressed; nobody else's."""
    number = request.POST.get("machine_draft", "")
    known = number.isascii() and number.isdecimal() and len(number) < 19
    mine = MachineDraft.objects.filter(draft__question=question, draft__doctor=request.user.doctor_profile)
    return mine.filter(pk=number).first() if known else None


def cancel_draft(request: HttpRequest, question: Question, form: WorkForm) -> Put:
    form = _saved(request, question, form)
    machine = _machine_of(request, question)
    if machine:
        machine.cancel()
    return Put(form, {"open": True})


def insert_draft(request: HttpRequest, question: Question, form: WorkForm) -> Put:
    machine = _machine_of(request, question)
    if machine is None or not machine.text or machine.is_live:
        return Put(_saved(request, question, form), {"said": _("There is no draft any more. Ask for another one.")})
    put = _with(request, machine.text, machine.sources)
    if not put.is_valid():
        return Put(form, {"said": _("There is no room for it below what stands in the editor.")})
    doctor = request.user.doctor_profile
    draft = material.take_machine_draft(
        question=question, doctor=doctor, machine=machine, typed=put.typed(), since=put.since()
    )
    return Put(_again(put, draft), {"said": _is_in_the_editor()})


ACTS = {
    "start_from": start_from,
    "draft_article": draft_article,
    "look_again": look_again,
    "insert_draft": insert_draft,
    "cancel_draft": cancel_draft,
}


@doctor_required
@require_safe
def machine_draft(request: HttpRequest, question_id: int) -> HttpResponse:
    """How far the machine's draft is: a fragment, asked for again and again while it is written."""
    question = question_for(request, question_id)
    draft = question.drafts.filter(doctor=request.user.doctor_profile).first()
    machine = draft.machine_drafts.open().first() if draft else None
    shown = {"machine": machine, "language": question.language}
    return render(request, "moderation/_machine_draft.html", shown)
