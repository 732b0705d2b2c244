from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Doctor
from forum.replies.models import Agreement, Reply

register = template.Library()


@register.filter
def reply_by(reply: Reply) -> str:
    """`Dr. X reply Neurology`, the name and the specialty linked; `Doctor reply Neurology` where no name is known."""
    specialty = _link(reply.specialty.get_absolute_url(), reply.specialty.label)
    if reply.doctor is None:
        return format_html(_("Doctor reply {specialty}"), specialty=specialty)
    doctor = _link(reply.doctor.get_absolute_url(), reply.doctor.name)
    return format_html(_("Dr. {doctor} reply {specialty}"), doctor=doctor, specialty=specialty)


@register.filter
def former_mark(reply: Reply) -> str:
    """What readers are told of a doctor who was verified and no longer works here: not why, and no more than is so."""
    return _("Verified when answering, no longer active here") if reply.by_verified else _("No longer active here")


@register.filter
def who_agree(agreements: list[Agreement]) -> SafeString:
    """`Dr. X agrees`, `Dr. X and Dr. Y agree`, `Dr. X, Dr. Y and Dr. Z agree`; the names of active doctors linked."""
    names = [format_html(_("Dr. {doctor}"), doctor=_name(each.doctor)) for each in agreements]
    if len(names) == 1:
        return format_html(_("{doctor} agrees"), doctor=names[0])
    first = format_html_join(_(", "), "{}", ((name,) for name in names[:-1]))
    return format_html(_("{doctors} and {last} agree"), doctors=first, last=names[-1])


def _name(doctor: Doctor) -> SafeString | str:
    # Who is active no longer may have no page any more.
    if doctor.is_active:
        return _link(doctor.get_absolute_url(), doctor.name)
    return _("%(name)s (no longer active here)") % {"name": doctor.name} if doctor.is_former else doctor.name


def _link(address: str, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, words)
