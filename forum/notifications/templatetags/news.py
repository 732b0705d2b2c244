from django import template

from forum.notifications.addresses import place_of
from forum.notifications.models import Kind, Notice
from forum.notifications.words import words_of

register = template.Library()
MOST = 99


@register.simple_tag
def unread_news(user) -> str:
    """How many notices this account has not read: empty for none, "99+" for more than that. One query."""
    unread = Notice.objects.shown_to(user).unread().order_by()[: MOST + 1].count()
    return "" if not unread else str(unread) if unread <= MOST else f"{MOST}+"


@register.filter
def line(notice: Notice) -> str:
    """What it tells, in one line."""
    return words_of(notice).text if notice.kind in (Kind.DIGEST, Kind.LICENCE_ENDS) else notice.get_kind_display()


@register.filter
def place(notice: Notice) -> str:
    """The path of the page where it leads."""
    return place_of(notice)
