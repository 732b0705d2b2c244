from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forum.questions.models import AgeBand, Question

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """A day of the site's time zone: `<time datetime="2023-12-15">2023/12/15</time>`; nothing where it is unknown."""
    if isinstance(value, datetime):
        value = timezone.localdate(value)
    if value is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), value.strftime("%Y/%m/%d"))


@register.filter
def asker(question: Question) -> str:
    """`Kk, 20~29 year old female.`; what is unknown is left out, the full stop too where nothing is known."""
    age = _("%(age)s year old") % {"age": AgeBand(question.age_band).label} if question.age_band else ""
    person = " ".join(part for part in (age, str(question.get_sex_display())) if part)
    known = ", ".join(part for part in (question.pseudonym, person) if part)
    return f"{known}." if known else ""


@register.filter
def in_words(wait: timedelta) -> str:
    """A wait in minutes (one at least), from one hour on in hours, from two days on in days."""
    minutes = max(round(wait.total_seconds() / 60), 1)
    if minutes < 60:
        return ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(number)d hour", "%(number)d hours", hours) % {"number": hours}
    days = round(hours / 24)
    return ngettext("%(number)d day", "%(number)d days", days) % {"number": days}
