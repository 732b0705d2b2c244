"""The admins' one queue: what waits, and decisions on many of them."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.claiming import say_held
from accounts.claims import HeldByAnotherAdmin
from forum.moderation.admin.queue.forms import TasksForm
from forum.moderation.admin.queue.kinds import kinds_of
from forum.moderation.admin.queue.reading import Row, read_page, rows_named, waiting
from forum.questions.models import WrongState


def may_see_queue(user) -> bool:
    """Whoever may see one of its kinds."""
    return bool(kinds_of(user))


admin.site.add_desk(
    title=gettext_lazy("Reports and requests"),
    about=gettext_lazy("What readers report, patients ask to be taken off, and new topics that are proposed."),
    screen="queue",
    permission=may_see_queue,
    waiting=waiting,
    position=10,
)


@admin.site.screen("queue/", name="queue", permission=may_see_queue)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """All that is open, or of one kind, or what this admin is at: urgent ones, then the oldest, a page at a time."""
    kinds = kinds_of(request.user)
    chosen = request.GET.get("kind", "")
    chosen = chosen if chosen in kinds else ""
    mine = "mine" in request.GET
    shown = [kinds[chosen]] if chosen else list(kinds.values())
    held_by = request.user if mine else None
    rows, more = read_page(shown, after=request.GET.get("after", ""), held_by=held_by)
    kept = {name: value for name, value in (("kind", chosen), ("mine", "1" if mine else "")) if value}
    context = {
        **admin.site.each_context(request),
        "title": _("Reports and requests"),
        "kinds": kinds.values(),
        "chosen": chosen,
        "mine": mine,
        "rows": rows,
        "is_first": "after" not in request.GET,
        "next_url": "?" + urlencode({**kept, "after": rows[-1].mark}) if more else "",
        "can_decide": any(kind.may_decide(request.user) for kind in shown),
    }
    return TemplateResponse(request, "admin/moderation/queue/queue.html", context)


@admin.site.screen("queue/decide/", name="decide_tasks", permission=may_see_queue)
@require_POST
def decide_tasks(request: HttpRequest) -> HttpResponse:
    """First a page that lists the chosen ones and what can be done with all of them; then the act on each."""
    rows = rows_named(request.POST.getlist("task"), kinds_of(request.user))
    if not all(row.kind.may_decide(request.user) for row in rows):
        raise PermissionDenied
    if not rows:
        messages.warning(request, _("None of them is open any more, or none was chosen."))
        return redirect("admin:queue")
    confirmed = "confirmed" in request.POST
    form = TasksForm(request.POST if confirmed else None, kinds=[row.kind for row in rows])
    if confirmed and form.is_valid():
        _act_on_each(request, rows, **form.cleaned_data)
        return redirect("admin:queue")
    context = {
        **admin.site.each_context(request),
        "title": _("What is to be done with these?"),
        "rows": rows,
        "form": form,
        "beware": {row.kind.beware for row in rows if row.kind.beware},
        "are_mixed": len({row.kind for row in rows}) > 1,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/moderation/queue/decide.html", context, status=status)


def _act_on_each(request: HttpRequest, rows: list[Row], act: str, ground: str, note: str) -> None:
    """Each for itself: what a colleague holds or cannot be done is told, and the others are done."""
    done = 0
    for row in rows:
        try:
            done += bool(row.kind.acts[act].do(row.task, by=request.user, ground=ground, note=note))
        except HeldByAnotherAdmin as refusal:
            say_held(request, refusal)
        except WrongState:
            words = _("%(what)s #%(id)s is not in a state that allows this.")
            messages.warning(request, words % {"what": row.task._meta.verbose_name, "id": row.task.pk})
    if done:
        words = ngettext("Done with %(number)s.", "Done with %(number)s of them.", done)
        messages.success(request, words % {"number": done})
