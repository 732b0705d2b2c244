from django import template
from django.utils.translation import ngettext

from forum.notifications.addresses import place_of
from forum.notifications.models import Kind, Notice

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
    if notice.kind == Kind.DIGEST:
        words = ngettext(
            "%(number)d new question waits in your specialties.",
            "%(number)d new questions wait in your specialties.",
            notice.number,
        )
    elif notice.kind == Kind.LICENCE_ENDS:
        words = ngettext(
            "Your licence on record ends within %(number)d day. Please send in the renewed one, so that you can go on "
            "answering.",
            "Your licence on record ends within %(number)d days. Please send in the renewed one, so that you can go on "
            "answering.",
            notice.number,
        )
    else:
        return notice.get_kind_display()
    return words % {"number": notice.number}


@register.filter
def place(notice: Notice) -> str:
    """The path of the page where it leads."""
    return place_of(notice)
