"""Rendered thread pages for signed-out readers: kept as long as nothing that stands on them has changed.

Freshness is a version read from the database at every request, never a clock. It is made of the thread's own version
(database triggers renew it when the question, a reply, a follow-up, the article, a topic or the list of similar
threads changes), those of the similar threads it shows, and that of the names of specialties, doctors and topics.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import get_language

VERSION = """
SELECT concat_ws('|', question.version, (SELECT number FROM specialties_directoryversion),
                 string_agg(other.id || ':' || other.version, ',' ORDER BY other.id)),
       count(other.id) FILTER (WHERE other.state = 'published')
FROM questions_question AS question
LEFT JOIN search_similarthread AS link ON link.question_id = question.id
LEFT JOIN questions_question AS other ON other.id = link.similar_id
WHERE question.id = %s AND question.state = 'published'
GROUP BY question.id
"""


@dataclass(frozen=True)
class Rendered:
    version: str
    path: str
    html: bytes


def thread_version(question_id: int) -> str | None:
    """What the page of a published thread is made of, as one string; None where it must not be kept.

    That is so for a thread without stored Similar Q&A that are published: those it shows are computed as it is read.
    """
    with connection.cursor() as cursor:
        cursor.execute(VERSION, [question_id])
        row = cursor.fetchone()
    return row[0] if row and row[1] else None


def may_share(request: HttpRequest) -> bool:
    """Whether this reader gets what every other signed-out reader gets: no session, no messages waiting."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES


def key_of(request: HttpRequest, question_id: int) -> str:
    return f"thread:{question_id}:{get_language()}:{request.scheme}:{request.get_host()}"


def kept_page(key: str, version: str) -> Rendered | None:
    """The page kept under this key, if it is of this version."""
    rendered = caches["pages"].get(key)
    return rendered if rendered is not None and rendered.version == version else None


def keep_page(key: str, rendered: Rendered) -> None:
    caches["pages"].set(key, rendered)
