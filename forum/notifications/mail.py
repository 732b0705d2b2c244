"""A notice as an e-mail, composed of the words that count (texts.py)."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import override

from forum.notifications.addresses import absolute, place_of, site_host, thread_path
from forum.notifications.models import Kind, Notice
from forum.notifications.relevance import new_threads
from forum.notifications.tokens import confirm_token, unsubscribe_token
from forum.notifications.words import body_of, end_of, mail_of
from forum.texts.mails import write_mail
from forum.texts.placeholders import Links


def compose(notice: Notice, to: str) -> EmailMultiAlternatives:
    """The mail, in the recipient's language. Composed again it is the same mail, with the same Message-ID."""
    # After a letter there comes none that could be ended; what concerns the account nobody can do without.
    unsubscribe = (
        ""
        if notice.is_letter or notice.is_for_account
        else absolute(reverse("unsubscribe", args=[unsubscribe_token(notice)]))
    )
    with override(language_of(notice)):
        words = write_mail(
            mail_of(notice),
            body=body_of(notice),
            end=end_of(notice),
            addresses=_addresses(notice),
            without_link="mail.no_link",
            number=notice.number,
            unsubscribe=Links((unsubscribe,)),
        )
    mail = EmailMultiAlternatives(words.subject, words.text, None, [to], headers=_headers(notice, unsubscribe))
    mail.attach_alternative(words.html, "text/html")
    return mail


def language_of(notice: Notice) -> str:
    """That of the question to its asker, that in which a follower read, a letter's; else the site's own."""
    wanted = settings.LANGUAGE_CODE
    if notice.is_for_asker:
        wanted = notice.question.language
    elif notice.is_for_follower:
        wanted = notice.subscription.language
    elif notice.is_letter:
        wanted = notice.language
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _addresses(notice: Notice) -> tuple[str, ...]:
    """Where the mail leads; nowhere where the site does not know the asker's private link."""
    if notice.is_letter:
        return ()
    if notice.kind == Kind.CONFIRM:
        return (absolute(reverse("confirm_follow", args=[confirm_token(notice.subscription)])),)
    if notice.kind == Kind.TOPIC_NEWS:
        return tuple(absolute(thread_path(thread.pk)) for thread in new_threads(notice))
    place = place_of(notice)
    return (absolute(place),) if place else ()


def _headers(notice: Notice, unsubscribe: str) -> dict[str, str]:
    """RFC 3834: nobody should answer it automatically; RFC 8058: one click in the mail program ends such mails."""
    number = salted_hmac("notices.message-id", str(notice.pk)).hexdigest()[:32]
    headers = {
        "Message-ID": f"<{number}@{site_host()}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if not unsubscribe:
        return headers
    return headers | {
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
