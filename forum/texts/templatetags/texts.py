"""The words that admins may change, in templates."""

from django import template
from django.utils.safestring import SafeString

from forum.texts.current import texts_version, words_of
from forum.texts.placeholders import Call, Value, as_html, as_paragraphs
from forum.texts.registry import TEXTS, Kind

register = template.Library()


@register.simple_tag
def site_text(code: str, field: str, **values: Value) -> SafeString:
    """A field of a text with these values, in the language of the page; paragraphs where it may have several."""
    shown = as_paragraphs if TEXTS[code].field(field).kind == Kind.TEXT else as_html
    return shown(words_of(code)[field], values)


@register.simple_tag
def call(number: str) -> Call:
    """A telephone number as a value of a text."""
    return Call(number)


@register.simple_tag
def version_of_texts() -> int:
    """For what is cached with texts in it."""
    return texts_version()
