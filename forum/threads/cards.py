"""Cards of threads, as they stand in lists and under a thread.

A card is rendered once in each process for what it shows: the thread's version, which triggers renew with every change
of the thread and its replies, the names in the doctor's line, and the language of the page. No clock is asked.
"""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from forum.questions.models import Question
from forum.replies.models import Reply

MOST_KEPT = 4096  # about 20 MB a process


def card(question: Question) -> SafeString:
    """The HTML of one card; the question comes from `for_cards` or with a thread that was read."""
    reply = question.first_replies[0] if question.first_replies else None
    return _rendered(question, question.version, get_language(), reply and _names(reply))


def _names(reply: Reply) -> tuple[str, ...]:
    doctor, specialty = reply.doctor, reply.specialty
    return (specialty.name, specialty.name_zh_hant, specialty.slug, *((doctor.name, doctor.slug) if doctor else ()))


@lru_cache(maxsize=MOST_KEPT)
def _rendered(question: Question, version: int, language: str, names: tuple[str, ...] | None) -> SafeString:
    # Questions are the same key when their ids are; the rest tells one state of it from the next.
    return render_to_string("threads/_card.html", {"question": question, "reply": names and question.first_replies[0]})
