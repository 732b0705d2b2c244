"""What the worker does with a notice that is due: decide whether it still says anything, hand it to the mail server.

At least once, and hardly ever twice. A notice is claimed, and the claim committed, before the mail is handed over, and
noted as sent after it. A worker that dies in between leaves the claim, which ends after LEASE: the mail then goes out
again, for a patient who is not told is worse off than one who is told twice. It goes out under the same Message-ID,
by which mail servers and readers know it again. A notice that kills its worker each time ends like any other that
cannot be sent, since the claim counts the try.
"""

import logging
import smtplib

from django.core.exceptions import ObjectDoesNotExist

from forum.notifications.mail import compose
from forum.notifications.models import MOST_TRIES, DoctorPreferences, Kind, MutedQuestion, Notice, NoticeState
from forum.notifications.relevance import is_moot

# What a mail server says to one mail; all else says that it is away, and the others need not be tried.
OF_THIS_MAIL = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
)
logger = logging.getLogger("consilium")


def send_next_notice() -> bool | None:
    """Deal with the notice that is due next. False where the mail server is away, None where nothing is due."""
    notice = Notice.objects.claim_next()
    if notice is None:
        return None
    try:
        return _deal_with(notice)
    except ObjectDoesNotExist:  # its question or follower was deleted at this moment, and the notice with it
        return True


def _deal_with(notice: Notice) -> bool:
    if notice.tries > MOST_TRIES:  # the worker died at the last try
        _failed(notice, "WorkerDied", for_good=True)
    elif is_moot(notice):
        notice.finish(NoticeState.MOOT)
    elif to := address_of(notice):
        return _hand_over(notice, to)
    else:
        notice.finish(NoticeState.IN_APP if notice.user_id else NoticeState.MOOT)
    return True


def address_of(notice: Notice) -> str:
    """Where its mail goes; empty where there is no address, or no mail of this kind is wanted.

    An asker is written to at the address left with the question, else at that of the account.
    """
    if notice.is_letter:
        return notice.email
    account = notice.user.email if notice.user and notice.user.is_active else ""
    if notice.is_for_asker:
        muted = MutedQuestion.objects.filter(question=notice.question).exists()
        return "" if muted else notice.question.email or account
    if notice.is_for_doctor:
        wanted = DoctorPreferences.objects.of(notice.user.doctor_profile).wants(notice.kind)
        return account if wanted else ""
    if notice.is_for_account:
        return account
    return notice.subscription.email or account


def _hand_over(notice: Notice, to: str) -> bool:
    """Whether the mail server is there, whatever it said to this mail."""
    try:
        compose(notice, to).send()
    except Exception as error:  # what it says is left out of the logs: it would name the address
        _failed(notice, type(error).__name__, for_good=_is_final(error))
        return not isinstance(error, OSError) or isinstance(error, OF_THIS_MAIL)
    notice.finish(NoticeState.SENT)
    if notice.kind == Kind.REMINDER:
        for request in notice.question.info_requests.filter(answered_at=None):
            request.remind(int(notice.once.rpartition(":")[2]))
    return True


def _is_final(error: Exception) -> bool:
    """Whether the mail server has refused the address for good (5xx): it will not be another one in an hour."""
    refused = error.recipients if isinstance(error, smtplib.SMTPRecipientsRefused) else {}
    return bool(refused) and all(code >= 500 for code, _words in refused.values())


def _failed(notice: Notice, error: str, *, for_good: bool) -> None:
    notice.fail(error, for_good=for_good)
    if notice.state == NoticeState.GIVEN_UP:
        logger.error("Notice %s (%s) is given up: %s", notice.pk, notice.kind, error)
