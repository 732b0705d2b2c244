import hashlib
import hmac

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest


def may_ask_now(request: HttpRequest) -> bool:
    """Count one more question from this address and account; False where that is too many (ACCOUNT_RATE_LIMITS)."""
    address = hmac.new(settings.SECRET_KEY.encode(), get_adapter().get_client_ip(request).encode(), hashlib.sha256)
    allowed = ratelimit.consume(request, action="ask_address", key=address.hexdigest())
    if request.user.is_authenticated:
        allowed = ratelimit.consume(request, action="ask_account", key=str(request.user.pk)) and allowed
    return allowed
