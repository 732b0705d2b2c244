from django import template
from django.utils.safestring import SafeString, mark_safe

from forum.threads.cards import card
from forum.threads.excerpts import excerpt
from forum.threads.structured_data import as_script_text

register = template.Library()
register.filter("excerpt", excerpt)
register.simple_tag(card, name="thread_card")


@register.filter
def json_ld(data: dict) -> SafeString:
    """Structured data for a `<script type="application/ld+json">`, escaped so that it cannot end the element."""
    return mark_safe(as_script_text(data))
