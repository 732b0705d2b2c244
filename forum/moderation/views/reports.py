"""A reader reports something; a doctor has corrected what an admin asked for."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from forum.moderation.access import doctor_required
from forum.moderation.models import Correction, Report
from forum.moderation.report_forms import ReportForm
from forum.moderation.reporting import report_thing, sender_digest
from forum.moderation.things import THREAD, Thing, thing_named
from forum.questions.limits import within_limit
from forum.questions.models import Question


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, question_id: int) -> HttpResponse:
    """The form on which a reader reports a public thread, or a part of one named by `?what=`."""
    thing = _reported_thing(request, question_id)
    if request.method != "POST":
        return _report_page(request, thing, ReportForm())
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _report_page(request, thing, form, status=422)
    sender = sender_digest(_who(request), thing)
    if not Report.objects.open().filter(sender=sender).exists():
        if not within_limit(request, action="report_address"):
            form.add_error(None, _("Many reports have come from here in a short time. Please wait an hour."))
            refused = _report_page(request, thing, form, status=429)
            refused["Retry-After"] = "3600"
            return refused
        given = {name: form.cleaned_data[name] for name in ("reason", "words", "email")}
        reporter = request.user if request.user.is_authenticated else None
        report_thing(thing=thing, sender=sender, reporter=reporter, **given)
    messages.success(request, _("Thank you. An admin will look at it; nobody else learns of your report."))
    # Without the anchor: the thanks stand on top of the page.
    return redirect(thing.question.get_absolute_url())


def _reported_thing(request: HttpRequest, question_id: int) -> Thing:
    """What the address names, if everybody may read it; else it is as if there were no such thing."""
    question = get_object_or_404(Question.objects.published().select_related("specialty"), pk=question_id)
    thing = thing_named(question, request.GET.get("what", THREAD))
    if not thing.is_public:
        raise Http404
    return thing


def _who(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"account:{request.user.pk}"
    # The secret in the CSRF cookie stays the same for a browser and is known to nobody else.
    return f"browser:{request.META.get('CSRF_COOKIE') or get_token(request)}"


def _report_page(request: HttpRequest, thing: Thing, form: ReportForm, *, status: int = 200) -> HttpResponse:
    response = render(request, "moderation/report.html", {"thing": thing, "form": form}, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


@doctor_required
@require_POST
def finish_correction(request: HttpRequest, correction_id: int) -> HttpResponse:
    """The doctor has dealt with what an admin asked to be corrected."""
    own = Correction.objects.filter(doctor=request.user.doctor_profile)
    get_object_or_404(own, pk=correction_id).finish(by=request.user.doctor_profile)
    messages.success(request, _("Thank you: it is off your list."))
    return redirect("dashboard")
