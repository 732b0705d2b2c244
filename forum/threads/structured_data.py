"""schema.org data of a thread. It claims nothing that the page does not show."""

import json
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from forum.replies.models import FollowUp, Reply
from forum.threads.reading import Thread

ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
Absolute = Callable[[str], str]


def as_script_text(data: dict) -> str:
    """JSON in which nothing can end or open an element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character, escape in ESCAPES.items():  # many times as fast as str.translate, which looks at each character
        text = text.replace(character, escape)
    return text


def known(**fields) -> dict:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def thread_data(thread: Thread, absolute: Absolute) -> dict:
    """The QAPage of a published thread. `absolute` turns a path into a full address."""
    question, article = thread.question, thread.article
    url = absolute(question.get_absolute_url())
    return {
        "@context": "https://schema.org",
        "@type": "QAPage",
        **known(
            url=url,
            inLanguage=question.language,
            specialty=question.specialty.name,
            lastReviewed=article and article.reviewed_on and article.reviewed_on.isoformat(),
            reviewedBy=article and article.reviewed_by and _doctor(article.reviewed_by, absolute),
        ),
        "mainEntity": _question(thread, url, absolute),
    }


def _question(thread: Thread, url: str, absolute: Absolute) -> dict:
    question = thread.question
    answers = [_answer(reply, url, absolute) for reply in thread.replies]
    marked = [answer for answer, reply in zip(answers, thread.replies, strict=True) if reply.helped_at]
    accepted = marked[0] if marked else None
    return {
        "@type": "Question",
        **known(
            name=question.public_title,
            text=question.text,
            answerCount=len(answers),
            author={"@type": "Person", "name": question.pseudonym} if question.pseudonym else None,
            datePublished=question.asked_on and question.asked_on.isoformat(),
            dateModified=_day(question.modified_at),
            acceptedAnswer=accepted,
            suggestedAnswer=[answer for answer in answers if answer is not accepted],
            comment=[_comment(follow_up) for follow_up in thread.follow_ups],
        ),
    }


def breadcrumb_data(crumbs: list[tuple[str, str]], absolute: Absolute) -> dict:
    """The BreadcrumbList of a page; crumbs are (path, label), the last with its own path."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": str(label), "item": absolute(path)}
            for place, (path, label) in enumerate(crumbs, 1)
        ],
    }


def _day(moment: datetime | None) -> str | None:
    """The day that the page shows: that of the site's time zone."""
    return timezone.localdate(moment).isoformat() if moment else None


def _doctor(doctor, absolute: Absolute) -> dict:
    return {
        "@type": "Person",
        "name": doctor.name,
        "honorificPrefix": "Dr.",
        "url": absolute(doctor.get_absolute_url()),
        **known(description=_("No longer active here") if doctor.is_former else None),
    }


def _answer(reply: Reply, url: str, absolute: Absolute) -> dict:
    return {
        "@type": "Answer",
        **known(
            text=reply.text,
            author=_doctor(reply.doctor, absolute) if reply.doctor else None,
            datePublished=reply.replied_on and reply.replied_on.isoformat(),
            dateModified=_day(reply.corrected_at),
            url=f"{url}#reply-{reply.pk}",
        ),
    }


def _comment(follow_up: FollowUp) -> dict:
    answer = {"@type": "Comment", "text": follow_up.answer, "datePublished": _day(follow_up.answered_at)}
    return {
        "@type": "Comment",
        "text": follow_up.text,
        "datePublished": follow_up.asked_on.isoformat(),
        "comment": [answer],
    }
