"""What a reader would see, with examples in the place of placeholders."""

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from forum.texts.mails import write_mail
from forum.texts.registry import Preview


def of_part(template: str, **context: Any) -> Callable[[], Preview]:
    """A part of a page, rendered by the very template that shows it."""
    return lambda: as_page(render_to_string(template, context))


def as_page(part: SafeString) -> Preview:
    """A page of the site with nothing on it but this."""
    return Preview(render_to_string("texts/preview.html", {"part": part, "language": get_language()}))


def of_mail(code: str, **options: Any) -> Callable[[], Preview]:
    """A mail, written with these options of `write_mail`."""

    def preview() -> Preview:
        mail = write_mail(code, **options)
        return Preview(mail.html, f"{mail.subject}\n\n{mail.text}")

    return preview
