"""What a mail says: that there is news and where, never of what it is about. Each in the recipient's language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from forum.notifications.models import Kind, Notice

LETTERS = {
    Kind.REPORT_KEPT: gettext_lazy(
        "Thank you for your report. An admin has looked at it and decided that what you reported stays as it is."
    ),
    Kind.REPORT_CORRECT: gettext_lazy(
        "Thank you for your report. An admin has looked at it and asked for a correction of what you reported."
    ),
    Kind.REPORT_TAKEN_OFF: gettext_lazy(
        "Thank you for your report. An admin has looked at it and taken what you reported off the site."
    ),
    Kind.ANONYMISED: gettext_lazy(
        "What you asked for is done: nothing on the site leads to you any more. The private link no longer works, and "
        "there will be no more news about it."
    ),
    Kind.THREAD_REMOVED: gettext_lazy(
        "An admin has taken a question you asked off the site for good. Nothing of what you wrote in it is kept."
    ),
}


@dataclass(frozen=True)
class Words:
    subject: str
    text: str
    button: str


def words_of(notice: Notice) -> Words:
    """In the language that is active."""
    if notice.is_for_asker:
        return _to_asker(notice)
    if notice.is_letter:
        return Words(_("There is news for you"), LETTERS[notice.kind], "")
    if notice.is_for_account:
        return _to_account(notice)
    return (_to_doctor if notice.is_for_doctor else _to_follower)(notice)


def _to_asker(notice: Notice) -> Words:
    button = _("See my question")
    if notice.kind in (Kind.ASKED_FOR_MORE, Kind.REMINDER):
        text = _("A doctor cannot answer a question of yours yet: something is missing that only you know.")
        return Words(_("A doctor is waiting to hear from you"), text, button)
    return Words(_("There is news for you"), _("There is news about a question you asked."), button)


def _to_doctor(notice: Notice) -> Words:
    button = _("Go to the question")
    match notice.kind:
        case Kind.DIGEST:
            count = ngettext(
                "%(number)d new question waits in your specialties.",
                "%(number)d new questions wait in your specialties.",
                notice.number,
            ) % {"number": notice.number}
            return Words(_("New questions today"), count, _("Go to the dashboard"))
        case Kind.URGENT:
            return Words(_("An urgent question waits"), _("A question marked urgent waits for a doctor."), button)
        case Kind.FOLLOW_UP_ASKED:
            return Words(_("A follow-up question"), _("There is a follow-up question on a thread of yours."), button)
        case Kind.UNCLEAR:
            return Words(_("A word from a patient"), _("A patient tells you what is unclear in a reply."), button)
        case Kind.LOOK:
            return Words(_("A colleague asks you"), _("A colleague asks you to look at a question."), button)
        case Kind.INFO_ANSWERED:
            return Words(_("A patient has answered"), _("A patient has answered what you asked."), button)
    return Words(_("A new question waits"), _("A new question waits in your specialties."), button)


def _to_account(notice: Notice) -> Words:
    """Not what was decided: whoever looks over a shoulder need not know."""
    button = _("See how it stands")
    match notice.kind:
        case Kind.LICENCE_ENDS:
            left = ngettext(
                "Your licence on record ends within %(number)d day. Please send in the renewed one, so that you can go "
                "on answering.",
                "Your licence on record ends within %(number)d days. Please send in the renewed one, so that you can "
                "go on answering.",
                notice.number,
            ) % {"number": notice.number}
            return Words(_("Your licence ends soon"), left, button)
        case Kind.LICENCE_ENDED:
            text = _("Your licence on record has ended: the dashboard is closed to you until a renewed one is checked.")
            return Words(_("Your licence has ended"), text, button)
        case Kind.APPLICATION_ASKED:
            return Words(_("An admin asks you something"), _("An admin needs to know more from you."), button)
    return Words(_("There is news for you"), _("An admin has decided something about your work here."), button)


def _to_follower(notice: Notice) -> Words:
    if notice.kind == Kind.CONFIRM:
        text = _(
            "Somebody, we think you, wants to follow a page of Consilium at this address. If it was you, please "
            "confirm it within three days. If not, do nothing: you will hear no more of it."
        )
        return Words(_("Please confirm"), text, _("Confirm"))
    if notice.kind == Kind.TOPIC_NEWS:
        return Words(_("There is news for you"), _("Doctors have answered on a topic you follow."), _("Read"))
    return Words(_("There is news for you"), _("There is something new on a page you follow."), _("Read"))


def private_link_hint() -> str:
    """For an asker without an account, whose link the site itself does not know."""
    return _(
        "Please open your private link (it is in our first e-mail and was shown to you after asking), or sign in and "
        "look under “My questions”."
    )


def why_of(notice: Notice) -> str:
    """Why this mail came, above the link that ends it."""
    if notice.is_for_asker:
        return _("You get this mail because you asked a question on Consilium and left this address.")
    if notice.is_letter:
        return _("This is the only mail of this kind. With it, we have forgotten that you left this address for it.")
    if notice.is_for_account:
        return _("You get this mail because it concerns your work as a doctor on Consilium.")
    if notice.is_for_doctor:
        return _("You get this mail as a doctor of Consilium, as chosen in your account.")
    if notice.kind == Kind.CONFIRM:
        return _("You get this mail because somebody typed this address on Consilium.")
    return _("You get this mail because you follow a page of Consilium.")
