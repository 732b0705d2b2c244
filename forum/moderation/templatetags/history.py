from django import template
from django.utils.translation import gettext

from forum.moderation.history import acts
from forum.moderation.history.entries import Actor, Who

register = template.Library()


@register.filter
def act_in_words(act: str) -> str:
    return acts.act_in_words(act)


@register.filter
def actor_in_words(actor: Actor) -> str:
    """A doctor's name, an admin's address; "Patient" without a name, and a dash where nobody is known."""
    if actor.role == Who.DOCTOR:
        return f"Dr. {actor.name}"
    if actor.role == Who.ADMIN:
        return actor.name
    return gettext("Patient") if actor.role == Who.PATIENT else "–"
