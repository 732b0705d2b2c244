"""Which addresses of the articles are asked, and when."""

import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import connection
from django.utils import timezone

from forum.articles.links import LinkAsker
from forum.articles.models import Outcome, SourceLink
from forum.articles.models.article import ADDRESSES
from forum.articles.models.source_link import LONGEST

LOOKED_THROUGH = 500
KEPT_UNUSED = timedelta(days=7)
NEW = f"""
    INSERT INTO articles_sourcelink (url, outcome, failures, is_broken, due_at)
    SELECT DISTINCT given.url, '', 0, false, now() FROM articles_article CROSS JOIN LATERAL ({ADDRESSES}) given
    WHERE octet_length(given.url) <= {LONGEST} AND given.url ~* '^https?://'
    ON CONFLICT (url) DO NOTHING
"""
UNUSED = f"""
    DELETE FROM articles_sourcelink link WHERE link.checked_at < %s AND link.url NOT IN (
        SELECT given.url FROM articles_article CROSS JOIN LATERAL ({ADDRESSES}) given WHERE given.url IS NOT NULL)
"""


def note_links() -> None:
    """Have all addresses that articles give checked, those that are new; forget those that none gives any more."""
    with connection.cursor() as cursor:
        cursor.execute(NEW)
        cursor.execute(UNUSED, [timezone.now() - KEPT_UNUSED])


def check_due_links(asker: LinkAsker, seconds: float, clock: Callable[[], float] = time.monotonic) -> bool:
    """Ask those that are due, each host once at most, for so many seconds; whether some are left.

    Where of several hosts none answers, it is this machine that is cut off: they are asked again tomorrow, no worse.
    """
    until, found = clock() + seconds, {}
    for link in SourceLink.objects.due()[:LOOKED_THROUGH]:
        if found and clock() > until:
            break
        host = _host(link.url)
        if host not in found:
            found[host] = (link, asker.ask(link.url))
    cut_off = len(found) > 1 and all(each.outcome == Outcome.FAILED for _link, each in found.values())
    for link, each in found.values():
        link.postpone() if cut_off else link.record(each.outcome, each.status)
    return SourceLink.objects.due().exists()


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
