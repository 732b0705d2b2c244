"""Which text a notice is told in: that there is news and where, never what it is about. The words are in texts.py."""

from forum.notifications.models import Kind, Notice

ASKED_FOR_MORE = (Kind.ASKED_FOR_MORE, Kind.REMINDER)
# What else concerns the account is told in one text: whoever looks over a shoulder need not know what was decided.
SAID = (Kind.LICENCE_ENDS, Kind.LICENCE_ENDED, Kind.APPLICATION_ASKED)
COUNTED = (Kind.DIGEST, Kind.LICENCE_ENDS)


def mail_of(notice: Notice) -> str:
    """The code of the text of its mail."""
    if notice.is_for_asker:
        return "mail.missing" if notice.kind in ASKED_FOR_MORE else "mail.news"
    if notice.is_for_account and notice.kind not in SAID:
        return "mail.account_news"
    return f"mail.{notice.kind}"


def body_of(notice: Notice) -> str:
    """The field of that text that is the body."""
    return "one" if notice.kind in COUNTED and notice.number == 1 else "text"


def end_of(notice: Notice) -> str:
    """The code of what stands below: why this mail came, and the link that ends such mails."""
    if notice.is_for_asker:
        return "mail_end.asker"
    if notice.kind == Kind.FACTORS_REMOVED:
        return "mail_end.security"
    if notice.is_letter:
        return "mail_end.letter"
    if notice.is_for_account:
        return "mail_end.account"
    if notice.is_for_doctor:
        return "mail_end.doctor"
    return "mail_end.confirm" if notice.kind == Kind.CONFIRM else "mail_end.follower"
