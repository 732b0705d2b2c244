"""The admins' queue of doctors' applications: the list, and the screen on which one is decided."""

from csp.decorators import csp
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.claiming import claim_or_release, say_held
from accounts.claims import HeldByAnotherAdmin
from accounts.models import (
    Application,
    ApplicationChanged,
    ApplicationClosed,
    ApplicationEvent,
    ApplicationState,
    Doctor,
    read_proof,
)
from forum.moderation import applications
from forum.moderation.standing_forms import ApplicationDecisionForm

KINDS = {"pdf": "application/pdf", "jpg": "image/jpeg"}

admin.site.add_desk(
    title=_("Applications"),
    about=_("Doctors who want to be verified, or have a renewed licence."),
    screen="accounts_application_changelist",
    permission="accounts.view_application",
    position=35,
)


class StateFilter(admin.SimpleListFilter):
    """Those that wait for an admin, unless others are asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(each.value, each.label) for each in ApplicationState if each != ApplicationState.WAITING]

    def choices(self, changelist):
        everything, *others = super().choices(changelist)
        return [everything | {"display": ApplicationState.WAITING.label}, *others]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        value = self.value() if self.value() in ApplicationState.values else ApplicationState.WAITING
        is_open = value in (ApplicationState.WAITING, ApplicationState.ASKED)
        return rows.filter(state=value).order_by(*(["sent_at", "id"] if is_open else ["-decided_at", "-id"]))


@admin.register(Application)
class ApplicationAdmin(admin.ModelAdmin):
    """What doctors have sent in, oldest first. Nobody but admins and the applicant learns of it."""

    list_display = ["applicant", "kind", "issuing_body", "expires_on", "sent_at", "decision"]
    list_display_links = None
    list_filter = [StateFilter, "kind"]
    list_select_related = ["decided_by"]
    list_per_page = 50
    show_full_result_count = False
    actions = None

    class Media:
        css = {"all": ["css/admin_reports.css"]}

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # Only what the filters offer: others would be kept in logs with the address.
        return lookup.split("__")[0] in ("state", "kind")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, application=None) -> bool:
        return False

    @admin.display(description=_("applicant"))
    def applicant(self, application: Application) -> str:
        return format_html('<a href="{}/change/">{}</a>', application.pk, application.name)

    @admin.display(description=_("decision"))
    def decision(self, application: Application) -> str:
        return f"{application.get_state_display()} · {application.decided_by or ''}" if application.decided_at else ""

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Applications"), **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        proof = path("<int:pk>/proof/", self.admin_site.admin_view(self.proof_view), name="accounts_application_proof")
        return [proof, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context=None) -> HttpResponse:
        """One application; POST claims, releases or decides it."""
        application = self._found(request, object_id)
        form = ApplicationDecisionForm(initial={"version": application.version})
        if request.method == "POST":
            if not self.has_change_permission(request, application):
                raise PermissionDenied
            form = self._decide(request, application)
            if form is None:
                return redirect(request.path)
        return self._decision_page(request, application, form)

    def _found(self, request: HttpRequest, pk) -> Application:
        application = self.get_object(request, str(pk))
        if application is None:
            raise Http404
        if not self.has_view_permission(request, application):
            raise PermissionDenied
        return application

    def _decide(self, request: HttpRequest, application: Application) -> ApplicationDecisionForm | None:
        """The form with its errors, or None where there is nothing to mend."""
        try:
            if claim_or_release(request, application):
                return None
        except HeldByAnotherAdmin as refusal:
            say_held(request, refusal)
            return None
        form = ApplicationDecisionForm(request.POST)
        if not form.is_valid():
            return form
        try:
            form.decide(application, by=request.user)
        except applications.LicenceTaken:
            form.add_error("outcome", _("Another doctor has a licence of this number on record."))
            return form
        except applications.LicenceEnded:
            form.add_error("outcome", _("The licence has ended. Please ask for the one that is valid now."))
            return form
        except applications.OwnApplication:
            form.add_error("outcome", _("It is your own application: another admin has to decide on it."))
            return form
        except HeldByAnotherAdmin as refusal:
            say_held(request, refusal)
        except ApplicationClosed:
            messages.error(request, _("It was decided or withdrawn meanwhile. Nothing was changed."))
        except ApplicationChanged:
            messages.error(request, _("It was changed meanwhile. Please read it again; nothing was decided."))
        else:
            messages.success(request, _("Done. The applicant is told."))
        return None

    def _decision_page(self, request: HttpRequest, application: Application, form) -> HttpResponse:
        mine = Doctor.objects.filter(user=application.user_id).select_related("licence").first()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Application: %(name)s") % {"name": application.name},
            "opts": self.opts,
            "media": self.media,
            "application": application,
            "specialties": application.specialties.in_tree_order(),
            "doctor": mine,
            "others": application.user.applications.exclude(pk=application.pk).order_by("-pk")[:20],
            "earlier": ApplicationEvent.objects.filter(pgh_obj=application.pk).order_by("pgh_id")[:50],
            "namesakes": Doctor.objects.filter(name=application.name).exclude(pk=mine and mine.pk)[:10],
            "form": form,
            "held": application.is_held_from(request.user),
        }
        return TemplateResponse(request, "admin/accounts/application/decide.html", context)

    def proof_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file: an image to look at; a PDF, which may hold scripts, for download alone."""
        application = self._found(request, pk)
        name, _dot, kind = application.proof.partition(".")
        try:
            content = read_proof(application.proof) if name else b""
        except FileNotFoundError:
            content = b""
        if not content:
            raise Http404
        return _proof_response(request, application, content, kind)


@csp({"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "sandbox": True, "frame-ancestors": ["'none'"]})
def _proof_response(request: HttpRequest, application: Application, content: bytes, kind: str) -> HttpResponse:
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # neither gets smaller: the GZip middleware need not try
    shown = "inline" if kind == "jpg" else "attachment"
    return HttpResponse(
        content,
        content_type=KINDS[kind],
        headers={
            "Content-Disposition": f'{shown}; filename="application-{application.pk}.{kind}"',
            "Cache-Control": "no-store, private",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
    )
