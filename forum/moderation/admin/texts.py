"""The admins' screens for the texts of the site: all of them, one to change and look at, what became of one."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_safe

from forum.moderation.differences import Part, difference
from forum.moderation.text_forms import RestoreForm, TextForm, read_back
from forum.moderation.text_versions import Version, as_one, versions_of
from forum.questions.help_lines import ELSEWHERE, code_of_numbers
from forum.safety.emergency import CRISIS_LINES, NUMBERS
from forum.texts.current import Words, suppose, words_of
from forum.texts.models import Language, TextRevision
from forum.texts.registry import TEXTS, Group, Preview, Text
from forum.texts.services import ChangedMeanwhile, changed_from, newest_numbers, restore_text, save_text

SEE, CHANGE = "texts.view_textrevision", "texts.add_textrevision"
MEANWHILE = gettext_lazy(
    "Another admin has changed this text since you opened it. Nothing is saved yet, and nothing you typed is lost: "
    "look at the differences, and save again if yours is to stand."
)

admin.site.add_desk(
    title=gettext_lazy("Site texts"),
    about=gettext_lazy(
        "Standing notices, emergency numbers, e-mails, reasons for declining, the pages about the site."
    ),
    screen="texts",
    permission=SEE,
    position=70,
)


@admin.site.screen("texts/", name="texts", permission=SEE)
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """All texts, by group. Of countries, those with numbers of their own; the others are chosen from a list."""
    if request.GET.get("country"):
        return redirect("admin:edit_text", code_of_numbers(request.GET["country"]))
    changed = {}
    for revision in TextRevision.objects.newest().select_related("by"):
        changed.setdefault(revision.code, []).append(revision)
    own = {code_of_numbers(country) for country in {*NUMBERS, *CRISIS_LINES, settings.COUNTRY, ELSEWHERE}} | {*changed}
    groups, others = {group: [] for group in Group}, []
    for text in TEXTS.values():
        if text.group == Group.NUMBERS and text.code not in own:
            others.append((text.code.rpartition(".")[2], text.name))
        else:
            groups[text.group].append((text, _in_short(text), changed.get(text.code, [])))
    context = {"groups": [(group.label, rows) for group, rows in groups.items()], "others": others}
    context |= {"country": code_of_numbers(settings.COUNTRY), "title": _("Site texts")}
    return _page(request, "list", context)


def _in_short(text: Text) -> str:
    """Where it stands; of a country its numbers."""
    if text.group != Group.NUMBERS:
        return text.where
    words = words_of(text.code)
    return " · ".join(each for each in (words["emergency"], words["crisis_number"], words["crisis_name"]) if each)


@admin.site.screen("texts/<str:code>/", name="edit_text", permission=SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_text(request: HttpRequest, code: str) -> HttpResponse:
    """One text in all its languages; POST shows what was typed as readers would see it, or saves it."""
    text = _text(code)
    if request.method != "POST":
        return _editor(request, TextForm(text=text, seen=newest_numbers(code)))
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    form = TextForm(request.POST, text=text, seen=newest_numbers(code))
    is_right = form.is_valid()
    if request.POST.get("act") == "preview":
        form.errors.pop("reason", None)
        return _editor(request, form, status=200 if form.can_be_shown() else 422)
    if not is_right:
        return _editor(request, form, status=422)
    typed = form.cleaned_data
    try:
        seen = read_back(typed["seen"])
        changed = save_text(code=code, words=form.words(), by=request.user, reason=typed["reason"], seen=seen)
    except ChangedMeanwhile:
        return _changed_meanwhile(request, form)
    _tell(request, [Language(language).label for language in changed])
    return redirect("admin:edit_text", code)


def _tell(request: HttpRequest, languages: list) -> None:
    if languages:
        where = ", ".join(str(language) for language in languages)
        messages.success(request, _("Saved (%(languages)s). Readers see it from now on.") % {"languages": where})
    else:
        messages.info(request, _("It says that already. Nothing was changed."))


def _changed_meanwhile(request: HttpRequest, form: TextForm) -> HttpResponse:
    """What was typed, beside what stands there now. Saved once more, it counts."""
    text, typed = form.text, form.words()
    changed = changed_from(text.code, typed, read_back(form.cleaned_data["seen"]))
    parts = [
        (Language(language).label, language, _difference(text, words_of(text.code, language), typed[language]))
        for language in changed
    ]
    again = form.after(newest_numbers(text.code), kept=changed)
    again.is_valid()
    return _editor(request, again, status=409, error=MEANWHILE, differences=parts)


def _editor(request: HttpRequest, form: TextForm, *, status: int = 200, **shown) -> HttpResponse:
    text = form.text
    typed = form.words() if form.can_be_shown() else {}
    context = {
        "form": form,
        "text": text,
        "previews": previews(text, typed) if typed or not form.is_bound else [],
        "placeholders": {each.name: each for field in text.fields for each in field.placeholders}.values(),
        "may_change": request.user.has_perm(CHANGE),
        "title": _("Text: %(name)s") % {"name": text.name},
    }
    return _page(request, "edit", context | shown, status=status)


def previews(text: Text, typed: dict) -> list[tuple[str, str, Preview]]:
    """(name of the language, its code, what its readers would see) were these the words."""
    found = []
    with suppose({(text.code, language): words for language, words in typed.items()}):
        for language in (Language.EN, Language.ZH_HANT):
            with override(language):
                preview = text.preview()
            found.append((Language(language).label, language, preview))
    return found


@admin.site.screen("texts/<str:code>/history/", name="text_history", permission=SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def text_history(request: HttpRequest, code: str) -> HttpResponse:
    """What became of a text, any two versions compared; POST lets an old one count again."""
    text = _text(code)
    versions, seen = versions_of(text), newest_numbers(code)
    choices = [(version.key, version.name) for version in versions]
    form = RestoreForm(request.POST or None, versions=choices, seen=seen)
    if request.method == "POST":
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        if form.is_valid() and _restore(request, text, form.cleaned_data):
            return redirect("admin:text_history", code)
    before, after = _chosen(request, "from", versions, 1), _chosen(request, "to", versions, 0)
    context = {
        "text": text,
        "versions": versions,
        "before": before,
        "after": after,
        "parts": _difference(text, before.words, after.words),
        "form": form,
        "may_change": request.user.has_perm(CHANGE),
        "title": _("History: %(name)s") % {"name": text.name},
    }
    return _page(request, "history", context, status=422 if form.errors else 200)


def _difference(text: Text, before: Words, after: Words) -> list[Part]:
    return difference(as_one(text, before), as_one(text, after))


def _restore(request: HttpRequest, text: Text, chosen: dict) -> bool:
    language, _dot, number = chosen["version"].rpartition(".")
    seen = read_back(chosen["seen"])
    try:
        done = restore_text(
            code=text.code, language=language, number=int(number), by=request.user, reason=chosen["reason"], seen=seen
        )
    except ChangedMeanwhile:
        messages.error(
            request, _("Another admin has changed this text meanwhile. Nothing was restored; please look again.")
        )
        return True
    _tell(request, [Language(language).label] if done else [])
    return True


def _chosen(request: HttpRequest, name: str, versions: list[Version], otherwise: int) -> Version:
    key = request.GET.get(name, "")
    return next((each for each in versions if each.key == key), versions[min(otherwise, len(versions) - 1)])


def _text(code: str) -> Text:
    try:
        return TEXTS[code]
    except KeyError:
        raise Http404(code) from None


def _page(request: HttpRequest, name: str, context: dict, *, status: int = 200) -> HttpResponse:
    context = {**admin.site.each_context(request), **context}
    return TemplateResponse(request, f"admin/texts/{name}.html", context, status=status)
