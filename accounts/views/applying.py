"""A doctor's own page: what the site knows of the licence, and the application to be verified."""

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import AnswerForm, ApplicationForm
from accounts.models import Application, ApplicationClosed, LooseProof
from accounts.services import ProofGone, answer_admin, send_application, withdraw_application


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def doctor_application(request: HttpRequest) -> HttpResponse:
    """How it stands; the form to apply, to answer an admin, or to send in a renewed licence."""
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""), _send)
        return act(request, _newest(request))
    return _page(request, _newest(request))


def _newest(request: HttpRequest) -> Application | None:
    return request.user.applications.order_by("-pk").first()


def _page(request: HttpRequest, application, form=None, *, kept: str = "", status: int = 200) -> HttpResponse:
    if form is None and (application is None or not application.is_open or application.is_asked):
        form = _empty_form(request, application)
    context = {
        "doctor": request.user.doctor_profile,
        "application": application,
        "form": form,
        "kept": signing.dumps(kept, salt=_salt(request)) if kept else "",
    }
    return render(request, "accounts/doctor_application.html", context, status=status)


def _empty_form(request: HttpRequest, application: Application | None) -> ApplicationForm:
    """Of an application that is to be changed with what it says; of a renewal with what the site knows."""
    if application and application.is_asked:
        return AnswerForm(instance=application)
    doctor = request.user.doctor_profile
    if doctor is None:
        return ApplicationForm()
    known = {"name": doctor.name, "hospital": doctor.hospital, "specialties": doctor.specialties.all()}
    if hasattr(doctor, "licence"):
        known |= {"number": doctor.licence.number, "issuing_body": doctor.licence.issuing_body}
    return ApplicationForm(initial=known)


def _send(request: HttpRequest, application: Application | None) -> HttpResponse:
    answers = application is not None and application.is_asked
    if application and application.is_open and not answers:
        messages.info(request, _("Your application is here already. Nothing was changed."))
        return redirect("doctor_application")
    kept = _kept_before(request)
    form_class = AnswerForm if answers else ApplicationForm
    form = form_class(request.POST, request.FILES, kept=bool(kept), instance=application if answers else None)
    if not ratelimit.consume(request, app="allauth.account", action="apply", key=str(request.user.pk), limit_get=True):
        form.add_error(None, _("You have sent this many times in an hour. Please try again later."))
        return _page(request, application, form, kept=kept, status=429)
    form.full_clean()
    if file := form.cleaned_data.get("proof"):
        kept = LooseProof.objects.keep(file)
    if not form.is_valid():
        return _page(request, application, form, kept=kept, status=422)
    return _sent(request, application if answers else None, form, kept)


def _sent(request: HttpRequest, asked: Application | None, form: ApplicationForm, proof: str) -> HttpResponse:
    try:
        if asked:
            answer_admin(application=asked, proof=proof, **form.typed())
        else:
            send_application(user=request.user, proof=proof, **form.typed())
    except ProofGone:
        form.add_error("proof", _("This file was kept for a day and is gone. Please choose it again."))
        return _page(request, asked, form, status=422)
    except ApplicationClosed:
        messages.warning(request, _("An admin has decided meanwhile. What you sent was not needed any more."))
    else:
        messages.success(request, _("Sent. You will hear from an admin by e-mail and under News."))
    return redirect("doctor_application")


def _withdraw(request: HttpRequest, application: Application | None) -> HttpResponse:
    if application and withdraw_application(application=application):
        messages.success(request, _("Withdrawn. The proof is deleted."))
    return redirect("doctor_application")


def _kept_before(request: HttpRequest) -> str:
    """The name of the file that an earlier sending of this account has left here; empty for none, or a forged one."""
    try:
        name = signing.loads(request.POST.get("kept", ""), salt=_salt(request))
    except signing.BadSignature:
        return ""
    return name if LooseProof.objects.filter(name=name).exists() else ""


def _salt(request: HttpRequest) -> str:
    return f"proof of {request.user.pk}"


ACTS = {"send": _send, "withdraw": _withdraw}
