"""The secret status link: whoever holds the token is the asker. Only its hash is stored."""

import base64
import hashlib
import hmac

from django.conf import settings


def hash_token(token: str) -> str:
    """SHA-256 of a token, in hex. A token has 128 random bits, so the hash needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def derive_token(*parts: str) -> str:
    """A 128-bit token (22 URL-safe characters) that only this site can make, always the same for the same parts.

    The parts name the asker's browser or account and all that was typed: a form that is sent twice leads to the same
    token, hence to the same question, without the token being stored anywhere.
    """
    message = "\x1f".join(parts).encode()
    digest = hmac.new(f"status:{settings.SECRET_KEY}".encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
