"""Who needs a second factor beside the password, and whether a session has shown it."""

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_used
from django.http import HttpRequest

from accounts.models import User

SHOWN_BY = "second_factor_shown_by"
# Recovery codes alone are none: they come with one of these.
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def needs_second_factor(user: User) -> bool:
    """Admins and verified doctors: whoever sees what patients have not made public."""
    return user.is_staff or (user.doctor_profile is not None and user.doctor_profile.is_verified)


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=KINDS).exists()


def has_shown_it(request: HttpRequest) -> bool:
    """Whether this session was begun with it, or it was set up in it."""
    return request.session.get(SHOWN_BY) == request.user.pk


def connect() -> None:
    """Hear of it from allauth, which calls while the session is at hand."""
    authenticator_added.connect(_note)
    authenticator_used.connect(_note)


def _note(*, request: HttpRequest, user: User, **_signal) -> None:
    request.session[SHOWN_BY] = user.pk
