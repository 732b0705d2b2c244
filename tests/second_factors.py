"""Second factors: codes as an authenticator app computes them (RFC 6238), and people who have one."""

import hmac
import struct
import time
from base64 import b32decode

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from accounts.models import User
from accounts.second_factor import SHOWN_BY

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_of(secret: str = SECRET, *, steps: int = 0) -> str:
    """The code that an app shows now, or `steps` half minutes later."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(b32decode(secret), counter, "sha1").digest()
    place = digest[-1] & 0x0F
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def with_app(user: User) -> User:
    """The same user, with an authenticator app that has SECRET, and recovery codes."""
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def recovery_code(user: User) -> str:
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]


def signed_in(user: User, *, shown: bool = True) -> Client:
    """A browser whose session has shown the second factor, or was begun with the password alone."""
    client = Client()
    client.force_login(user)
    if shown:
        session = client.session
        session[SHOWN_BY] = user.pk
        session.save()
    return client
