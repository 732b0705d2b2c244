"""What forum/safety finds, as templates show it."""

from django import template

from forum.safety.red_flags import RedFlag, rule_named
from forum.texts.placeholders import dialled

register = template.Library()
register.filter(dialled)


@register.filter
def any_in_crisis(red_flags: list[RedFlag]) -> bool:
    return any(flag.in_crisis for flag in red_flags)


@register.filter
def steps(red_flags: list[RedFlag]) -> list[str]:
    """What to do for any of them, each sentence once, in order."""
    return list(dict.fromkeys(step for flag in red_flags for step in flag.advice))


@register.filter
def rules(codes: list[str]) -> list[RedFlag]:
    """The rules of these codes, without those that there are no more."""
    return [flag for flag in map(rule_named, codes) if flag]
