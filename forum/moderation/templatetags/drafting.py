from collections.abc import Iterable

from django import template

from forum.moderation.subquestions import SubQuestion

register = template.Library()


@register.filter
def number_open(checklist: Iterable[SubQuestion]) -> int:
    """How many of them nothing was said of yet."""
    return sum(each.is_open for each in checklist)
