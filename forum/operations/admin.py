from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django_tasks_db import admin as _its_own  # noqa: F401 - registers what is taken out of the site below
from django_tasks_db.models import DBTaskResult

from forum.operations.checkup import checkup, counted, problems
from forum.operations.models import Upkeep
from forum.operations.queue import failed_kinds, failed_tasks, one_kind, retry_failed

SHOWN_UPKEEP = 10

# Its pages show tracebacks and arguments as they are: the message of an exception can hold what a patient wrote.
admin.site.unregister(DBTaskResult)

admin.site.add_desk(
    title=gettext_lazy("Health"),
    about=gettext_lazy("Whether every part of the site works, its backups, and the tasks that failed."),
    screen="health",
    permission="operations.view_upkeep",
    waiting=lambda: counted(DBTaskResult.objects.failed()),
    position=90,
)


@admin.site.screen("health/", name="health", permission="operations.view_upkeep")
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Every part of the site in a line, the tasks that failed, and what was done lately."""
    findings = checkup()
    context = {
        **admin.site.each_context(request),
        "title": _("Health"),
        "findings": findings,
        "problems": problems(findings),
        "kinds": failed_kinds(),
        "may_retry": request.user.has_perm("operations.add_upkeep"),
        "upkeep": Upkeep.objects.select_related("by").order_by("-at")[:SHOWN_UPKEEP],
    }
    return TemplateResponse(request, "admin/operations/health.html", context)


@admin.site.screen("health/retry/", name="health_retry", permission="operations.add_upkeep")
@require_http_methods(["GET", "HEAD", "POST"])
def retry(request: HttpRequest) -> HttpResponse:
    """First which failed tasks are to be tried again: one (`task`) or all of a `kind`; then that is done."""
    chosen = _chosen(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST":
        number = retry_failed(**chosen, by=request.user)
        if number:
            words = ngettext("%(number)s task is tried again.", "%(number)s tasks are tried again.", number)
            messages.success(request, words % {"number": number})
        else:
            messages.warning(request, _("It is no longer among the failed tasks. Nothing was changed."))
        return redirect("admin:health")
    kind = one_kind(failed_tasks(**chosen))
    if kind is None:
        messages.warning(request, _("It is no longer among the failed tasks. Nothing was changed."))
        return redirect("admin:health")
    context = {**admin.site.each_context(request), "title": _("Try again?"), "kind": kind, "chosen": chosen}
    return TemplateResponse(request, "admin/operations/retry.html", context)


def _chosen(given) -> dict[str, str]:
    """One task by its id, or all of one kind. Raises Http404 where it is neither."""
    if given.get("kind"):
        return {"path": given["kind"]}
    try:
        return {"pk": str(UUID(given.get("task", "")))}
    except ValueError:
        raise Http404 from None
