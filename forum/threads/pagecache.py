"""Rendered thread pages for signed-out readers: kept as long as nothing that stands on them has changed.

Freshness is a version read from the database at every request (reading.py), never a clock.
"""

import gzip
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language


@dataclass(frozen=True)
class Rendered:
    """A page as kept. It is compressed when the first reader comes whose browser takes it so."""

    version: str
    path: str
    html: bytes
    gzipped: bytes = b""


def kept_page(request: HttpRequest, question_id: int) -> Rendered | None:
    """The page kept for this address, host and language, if this reader may have it; its version is to be checked."""
    kept = caches["pages"].get(_key(request, question_id)) if _may_share(request) else None
    return kept if kept and kept.path == request.path else None


def keep_page(request: HttpRequest, question_id: int, version: str, html: bytes) -> None:
    """Keep a page of this version for other readers, unless it was made for this one alone."""
    if _may_share(request):
        caches["pages"].set(_key(request, question_id), Rendered(version, request.path, html))


def response(request: HttpRequest, question_id: int, rendered: Rendered) -> HttpResponse:
    """The kept page as its first reader got it, compressed once for all. It holds no secret that could be guessed."""
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        if not rendered.gzipped:
            rendered = replace(rendered, gzipped=gzip.compress(rendered.html, compresslevel=6, mtime=0))
            caches["pages"].set(_key(request, question_id), rendered)
        answer = HttpResponse(rendered.gzipped, headers={"Content-Encoding": "gzip"})
    else:
        answer = HttpResponse(rendered.html)
    patch_vary_headers(answer, ["Accept-Encoding", "Cookie"])
    return answer


def _may_share(request: HttpRequest) -> bool:
    """Whether this reader gets what every other signed-out reader gets: no session, no messages waiting."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES


def _key(request: HttpRequest, question_id: int) -> str:
    return f"thread:{question_id}:{get_language()}:{request.scheme}:{request.get_host()}"
