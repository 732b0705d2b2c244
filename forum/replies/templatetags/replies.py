from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from forum.replies.models import Reply

register = template.Library()


@register.filter
def reply_by(reply: Reply) -> str:
    """`Dr. X reply Neurology`, the name and the specialty linked; `Doctor reply Neurology` where no name is known."""
    specialty = format_html('<a href="{}">{}</a>', reply.specialty.get_absolute_url(), reply.specialty.label)
    if reply.doctor is None:
        return format_html(_("Doctor reply {specialty}"), specialty=specialty)
    doctor = format_html('<a href="{}">{}</a>', reply.doctor.get_absolute_url(), reply.doctor.name)
    return format_html(_("Dr. {doctor} reply {specialty}"), doctor=doctor, specialty=specialty)
