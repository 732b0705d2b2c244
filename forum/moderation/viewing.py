"""The site as somebody else would see it: a page rendered for a person who exists for the length of one request.

No session of a real person is used, and none is made. The page is asked for inside the process, by GET alone, without
cookies; a doctor or patient is put into the database in a transaction that from then on only reads, and is rolled back.
So nothing that a view does can last, and nothing that is somebody's own (a status page, a patient's questions) shows.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from urllib.parse import quote, urlsplit

from allauth.account.middleware import AccountMiddleware
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.handlers.exception import response_for_exception
from django.core.handlers.wsgi import WSGIRequest
from django.db import InternalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import get_resolver, reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import get_language

from accounts.models import Doctor, DoctorSpecialty, Licence, User
from forum.specialties.models import Specialty

VISITOR, PATIENT = "visitor", "patient"
OF_A_DOCTOR = "doctor-"
# Links that hold the key to what is one person's alone.
SECRETS = {"token", "key", "uidb36"}
# Of the admin's own request: where the site is, and what was asked. Not who asks.
KEPT = ("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "wsgi.url_scheme", "SCRIPT_NAME", "QUERY_STRING")
KEPT += ("HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "REMOTE_ADDR")

# What leads on, in the HTML of the site's own templates: within the site, but not to its static files.
LEADS_ON = re.compile(rf'(\s(?:href|src|action|formaction)=")(/(?!/|{settings.STATIC_URL.strip("/")}/)[^"]*)(")')
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL | re.IGNORECASE)
BEGINS = re.compile(r"<(?:header|main)\b")  # after the link that skips to the content, which comes first
HEAD_ENDS = "</head>"


class OnlyToBeRead(Exception):
    """The page would have written to the database, so it cannot be shown."""


@dataclass(frozen=True)
class Role:
    """Through whose eyes: a visitor's, a patient's, or those of a doctor of `specialty`."""

    name: str
    specialty: Specialty | None = None

    @classmethod
    def named(cls, name: str) -> "Role":
        """The role of an address. Raises Http404."""
        if name in (VISITOR, PATIENT):
            return cls(name)
        specialty = Specialty.objects.filter(slug=name.removeprefix(OF_A_DOCTOR)).first()
        if specialty is None or not name.startswith(OF_A_DOCTOR):
            raise Http404
        return cls(name, specialty)

    def address_of(self, path: str) -> str:
        """Where the page of this path is seen through these eyes."""
        return reverse("admin:view_as_page", args=[self.name]) + path.lstrip("/")


def seen_by(role: Role, path: str, *, asked_by: HttpRequest) -> HttpResponseBase:
    """The answer to a GET of `path`, with its links leading on through the same eyes. Raises OnlyToBeRead."""
    with transaction.atomic():
        try:
            user = _person(role)
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            answer = _answer(_request(path, user, asked_by))
        except InternalError as error:
            raise OnlyToBeRead from error
        finally:
            transaction.set_rollback(True)
    return _harmless(answer, role)


def _person(role: Role):
    """Somebody of this role; with an id that nobody ever has, so that two admins do not wait for each other."""
    if role.name == VISITOR:
        return AnonymousUser()
    number = -1 - secrets.randbelow(2**31)
    user = User.objects.create(pk=number, email=f"view-as{number}@example.invalid")
    EmailAddress.objects.create(pk=number, user=user, email=user.email, verified=True, primary=True)
    if role.specialty:
        now = timezone.now()
        doctor = Doctor.objects.create(
            pk=number, user=user, name="Dr. Example", slug=f"view-as{number}", verified_at=now, verified_by=user
        )
        DoctorSpecialty.objects.create(pk=number, doctor=doctor, specialty=role.specialty)
        valid = timezone.localdate() + timedelta(days=365)
        Licence.objects.create(pk=number, doctor=doctor, number=str(number), issuing_body="-", expires_on=valid)
    return User.objects.get(pk=number)


def _request(path: str, user, asked_by: HttpRequest) -> HttpRequest:
    """A GET as that person's browser would send it. It brings a session, so that no kept page is given or kept."""
    environ = {name: asked_by.META[name] for name in KEPT if name in asked_by.META}
    environ["PATH_INFO"] = path.encode().decode("latin-1")  # as PEP 3333 wants it
    request = WSGIRequest({"REQUEST_METHOD": "GET", "wsgi.input": BytesIO(), **environ})
    request.COOKIES = {settings.SESSION_COOKIE_NAME: "none"}
    request.session = SessionStore()  # of itself, it is stored nowhere
    request.user = user
    request.LANGUAGE_CODE = get_language()
    request._messages = _NoMessages(request)
    return request


class _NoMessages(BaseStorage):
    """What a view says is shown on the page itself, and nowhere after it."""

    def _get(self, *args, **kwargs) -> tuple[list, bool]:
        return [], True

    def _store(self, messages: list, response: HttpResponse, *args, **kwargs) -> list:
        return []


def _answer(request: HttpRequest) -> HttpResponseBase:
    """What the view says, or the page that is shown for its exception; as allauth's middleware would have it."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        try:
            answer = _view(request)(request)
            return answer.render() if callable(getattr(answer, "render", None)) else answer
        except InternalError:
            raise
        except Exception as error:
            return accounts.process_exception(request, error) or response_for_exception(request, error)

    accounts = AccountMiddleware(answered)
    return accounts(request)


def _view(request: HttpRequest) -> Callable[[HttpRequest], HttpResponseBase]:
    match = get_resolver().resolve(request.path_info)
    if SECRETS & match.kwargs.keys():
        raise Http404
    request.resolver_match = match
    return lambda request: match.func(request, *match.args, **match.kwargs)


def _harmless(answer: HttpResponseBase, role: Role) -> HttpResponseBase:
    """Without cookies and scripts; links and redirects within the site lead on in the view."""
    answer.cookies.clear()
    for name in ("ETag", "Last-Modified", "Expires"):
        if name in answer:
            del answer[name]
    answer._csp_replace = {"script-src": ["'none'"]}
    if "Location" in answer:
        answer["Location"] = role.address_of(urlsplit(answer["Location"])._replace(scheme="", netloc="").geturl())
    if not answer.streaming and answer.get("Content-Type", "").startswith("text/html"):
        answer.content = _leading_on(answer.content.decode(), role)
        if "Content-Length" in answer:
            del answer["Content-Length"]
    return answer


def _leading_on(html: str, role: Role) -> str:
    start = escape(quote(role.address_of("")))
    return LEADS_ON.sub(lambda found: found[1] + start + found[2].lstrip("/") + found[3], SCRIPT.sub("", html))


def with_bar(html: str, *, head: str, bar: str) -> str:
    """The page with the bar above it; a fragment of a page stays as it is."""
    if HEAD_ENDS not in html:
        return html
    return BEGINS.sub(lambda beginning: bar + beginning[0], html.replace(HEAD_ENDS, head + HEAD_ENDS, 1), count=1)
