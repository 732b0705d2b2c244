"""What stands below mails: why they came, and how to end them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forum.notifications.texts.making import LINK, UNSUBSCRIBE
from forum.texts.previews import of_mail
from forum.texts.registry import Field, Group, Kind, Text, register


def ending(whom: str, name: Promise, text: Promise, shown_below: str, *, can_be_ended: bool = True) -> Text:
    field = Field("text", _("Text"), text, Kind.TEXT)
    values = {"addresses": LINK.example.addresses}
    if can_be_ended:
        field = Field("text", _("Text"), text, Kind.TEXT, (UNSUBSCRIBE,), ("unsubscribe",))
        values["unsubscribe"] = UNSUBSCRIBE.example
    code = f"mail_end.{whom}"
    where = _("Below every mail of this kind: why it came, and how to end such mails where they can be ended.")
    return Text(code, name, where, Group.MAIL_ENDS, (field,), of_mail(shown_below, end=code, **values))


register(
    ending(
        "asker",
        _("To whoever asked"),
        _(
            "You get this mail because you asked a question on Consilium and left this address.\n"
            "No more of these mails: {unsubscribe}"
        ),
        "mail.news",
    ),
    ending(
        "doctor",
        _("To doctors"),
        _(
            "You get this mail as a doctor of Consilium, as chosen in your account.\n"
            "No more of these mails: {unsubscribe}"
        ),
        "mail.new_question",
    ),
    ending(
        "follower",
        _("To followers"),
        _("You get this mail because you follow a page of Consilium.\nNo more of these mails: {unsubscribe}"),
        "mail.thread_news",
    ),
    ending(
        "confirm",
        _("To somebody who has to confirm"),
        _("You get this mail because somebody typed this address on Consilium.\nNo more of these mails: {unsubscribe}"),
        "mail.confirm",
    ),
    ending(
        "account",
        _("To doctors and applicants, about their work here"),
        _("You get this mail because it concerns your work as a doctor on Consilium."),
        "mail.account_news",
        can_be_ended=False,
    ),
    ending(
        "security",
        _("To somebody whose account's safety is concerned"),
        _("You get this mail because it concerns the safety of your account on Consilium."),
        "mail.factors_removed",
        can_be_ended=False,
    ),
    ending(
        "letter",
        _("To somebody who hears of it once"),
        _("This is the only mail of this kind. With it, we have forgotten that you left this address for it."),
        "mail.report_kept",
        can_be_ended=False,
    ),
)
