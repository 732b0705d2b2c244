from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from accounts.second_factor import has_second_factor, has_shown_it, needs_second_factor

# Where one is set up, and what that may ask for on the way: the password, a confirmed address.
TO_SET_ONE_UP = frozenset(
    {
        "second_factor",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "account_email",
        "account_email_verification_sent",
        "account_confirm_email",
        "account_logout",
    }
)


class SecondFactorMiddleware:
    """In production mode nothing of the site opens to a doctor or admin whose session has not shown a second factor.

    Without one they are led to set it up. A session that is older than it, or was begun elsewhere, signs in again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        # Whoever brings no session is left alone: looking for one would make every page differ by cookie.
        if not settings.SECOND_FACTOR_REQUIRED or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        user = request.user
        if not user.is_authenticated or not needs_second_factor(user):
            return None
        coming_back = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
        if not has_second_factor(user):
            if request.resolver_match.view_name in TO_SET_ONE_UP:
                return None
            return redirect_to_login(coming_back, "second_factor")
        if has_shown_it(request):
            return None
        logout(request)
        return redirect_to_login(coming_back)
