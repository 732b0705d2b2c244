"""Addresses as they stand in a mail: absolute, for a worker has no request to ask."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from forum.notifications.models import Kind, Notice


def absolute(path: str) -> str:
    return settings.SITE_URL + path


def site_host() -> str:
    """The site's name without scheme and port."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def place_of(notice: Notice) -> str:
    """The path of the page where a notice leads.

    Empty for a letter, and where its reader has a private link that nobody else knows.
    """
    if notice.is_letter:
        return ""
    if notice.is_for_asker:
        asker = notice.question.asker
        return reverse("my_question", args=[notice.question_id]) if asker and asker.is_active else ""
    if notice.kind in (Kind.DIGEST, Kind.LOOK):
        return reverse("dashboard")
    if notice.is_for_account:
        return reverse("doctor_application")
    if notice.is_for_doctor:
        return reverse("work_on_question", args=[notice.question_id])
    if notice.kind == Kind.TOPIC_NEWS:
        return notice.subscription.topic.get_absolute_url()
    return thread_path(notice.question_id)


def thread_path(question_id: int) -> str:
    """Of a thread, without the words of its title; the page itself leads on to the full address."""
    return reverse("thread", args=[question_id, "-"])
