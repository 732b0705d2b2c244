import hashlib
import hmac
import ipaddress

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest


def may_ask_now(request: HttpRequest) -> bool:
    """Count one more question from this address and account; False where that is too many (ACCOUNT_RATE_LIMITS)."""
    allowed = within_limit(request, action="ask_address")
    if request.user.is_authenticated:
        allowed = _consume(request, action="ask_account", key=str(request.user.pk)) and allowed
    return allowed


def within_limit(request: HttpRequest, *, action: str, of: str = "") -> bool:
    """Count one more `action` from this address, by whatever method; False where that is too many.

    `of` counts it for something else than the address it comes from. Kept is a hash of either.
    """
    counted = of or _network(get_adapter().get_client_ip(request))
    key = hmac.new(settings.SECRET_KEY.encode(), counted.encode(), hashlib.sha256).hexdigest()
    return _consume(request, action=action, key=key)


def _consume(request: HttpRequest, *, action: str, key: str) -> bool:
    # allauth's own shorthand lets every GET pass uncounted.
    return bool(ratelimit.consume(request, app="allauth.account", action=action, key=key, limit_get=True))


def _network(address: str) -> str:
    """The address; of an IPv6 one its /64, since whoever has one of those has them all."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(parsed if parsed.version == 4 else ipaddress.ip_network((parsed, 64), strict=False))
