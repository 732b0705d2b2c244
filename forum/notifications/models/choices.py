from django.db import models
from django.utils.translation import gettext_lazy as _


def kinds() -> list[tuple[str, str]]:
    """For the field, which takes a new one without a migration."""
    return Kind.choices


class Kind(models.TextChoices):
    """What a notice tells; the label is its line on the News page. Mails say less (words.py)."""

    # To whoever asked
    ASKED_FOR_MORE = "asked_for_more", _("A doctor needs to know more before answering")
    REMINDER = "reminder", _("A doctor is still waiting to hear from you")
    TRANSFERRED = "transferred", _("Your question was passed on to another specialty")
    ANSWERED = "answered", _("A doctor has answered your question")
    SECOND_REPLY = "second_reply", _("Another doctor has replied to your question")
    DECLINED = "declined", _("A doctor has read your question and cannot answer it here")
    MERGED = "merged", _("Your question has been answered in another thread")
    JOINED = "joined", _("A doctor answers your question together with another one like it")
    REDIRECTED = "redirected", _("Your thread now leads to another one on the same question")
    PARTED = "parted", _("Your question stands for itself again")
    MERGED_NEWS = "merged_news", _("There is something new in the thread that answers your question")
    FOLLOW_UP_ANSWERED = "follow_up_answered", _("A doctor has answered your follow-up question")
    CORRECTED = "corrected", _("A doctor has corrected a reply to your question")
    HIDDEN = "hidden", _("An admin has taken your thread off the site for the time being")
    RESTORED = "restored", _("Your thread is back on the site")
    REMOVED = "removed", _("Your thread was taken off the site for good, as you asked")
    TAKEN_OFF = "taken_off", _("An admin has taken your thread off the site for good")
    REQUEST_REFUSED = "request_refused", _("An admin has decided on what you asked for, and tells you why")
    # To doctors
    NEW_QUESTION = "new_question", _("A new question waits in your specialties")
    URGENT = "urgent", _("An urgent question waits in your specialties")
    DIGEST = "digest", _("New questions wait in your specialties")
    FOLLOW_UP_ASKED = "follow_up_asked", _("The patient asks a follow-up question on a thread of yours")
    LOOK = "look", _("A colleague asks you to look at a question")
    INFO_ANSWERED = "info_answered", _("The patient has answered what you asked")
    UNCLEAR = "unclear", _("The patient tells you what is unclear in your reply")
    # To followers
    THREAD_NEWS = "thread_news", _("There is something new on a thread you follow")
    TOPIC_NEWS = "topic_news", _("There are new answers on a topic you follow")
    CONFIRM = "confirm", _("Please confirm that you want to follow a page")
    # To doctors and applicants, about their own account
    APPLICATION_ASKED = "application_asked", _("An admin asks you something about your application")
    APPLICATION_VERIFIED = "application_verified", _("An admin has checked your licence: it is in order")
    APPLICATION_REFUSED = "application_refused", _("An admin has refused your application, and tells you why")
    LICENCE_ENDS = "licence_ends", _("Your licence on record ends soon")
    LICENCE_ENDED = "licence_ended", _("Your licence on record has ended")
    SUSPENDED = "suspended", _("An admin has suspended your work here, and tells you why")
    RETIRED = "retired", _("An admin has noted that you no longer work here")
    REINSTATED = "reinstated", _("An admin lets you work here again")
    UNVERIFIED = "unverified", _("An admin has taken your verification back")
    # Letters: once, to an address or into the News of an account, about nothing that the site could be asked for
    REPORT_KEPT = "report_kept", _("An admin has looked at your report: what you reported stays as it is")
    REPORT_CORRECT = "report_correct", _("An admin has looked at your report: a correction was asked for")
    REPORT_TAKEN_OFF = "report_taken_off", _("An admin has looked at your report: what you reported is off the site")
    ANONYMISED = "anonymised", _("A thread leads to its asker no more")
    THREAD_REMOVED = "thread_removed", _("A thread was removed for good, and the address left with it")
    FACTORS_REMOVED = "factors_removed", _("An admin has taken the second factors of an account away")


DOCTOR_KINDS = frozenset(
    {
        Kind.NEW_QUESTION,
        Kind.URGENT,
        Kind.DIGEST,
        Kind.FOLLOW_UP_ASKED,
        Kind.LOOK,
        Kind.INFO_ANSWERED,
        Kind.UNCLEAR,
    }
)
FOLLOWER_KINDS = frozenset({Kind.THREAD_NEWS, Kind.TOPIC_NEWS, Kind.CONFIRM})
ACCOUNT_KINDS = frozenset(
    {
        Kind.APPLICATION_ASKED,
        Kind.APPLICATION_VERIFIED,
        Kind.APPLICATION_REFUSED,
        Kind.LICENCE_ENDS,
        Kind.LICENCE_ENDED,
        Kind.SUSPENDED,
        Kind.RETIRED,
        Kind.REINSTATED,
        Kind.UNVERIFIED,
    }
)
LETTER_KINDS = frozenset(
    {
        Kind.REPORT_KEPT,
        Kind.REPORT_CORRECT,
        Kind.REPORT_TAKEN_OFF,
        Kind.ANONYMISED,
        Kind.THREAD_REMOVED,
        Kind.FACTORS_REMOVED,
    }
)
ASKER_KINDS = frozenset(Kind) - DOCTOR_KINDS - FOLLOWER_KINDS - LETTER_KINDS - ACCOUNT_KINDS
# What readers see on the thread, too: its followers are told.
PUBLIC_KINDS = frozenset({Kind.SECOND_REPLY, Kind.CORRECTED, Kind.FOLLOW_UP_ANSWERED})

# What happens to a question is told to the askers of its duplicates too, in these words.
TO_DUPLICATES = {
    Kind.ANSWERED: Kind.MERGED,
    Kind.DECLINED: Kind.DECLINED,
    Kind.SECOND_REPLY: Kind.MERGED_NEWS,
    Kind.CORRECTED: Kind.MERGED_NEWS,
    Kind.FOLLOW_UP_ANSWERED: Kind.MERGED_NEWS,
}


class NoticeState(models.TextChoices):
    DUE = "due", _("To be sent")
    SENT = "sent", _("Sent")
    GIVEN_UP = "given_up", _("Given up")
    IN_APP = "in_app", _("On the site only")
    MOOT = "moot", _("No longer of any use")


class NewQuestions(models.TextChoices):
    """How a doctor hears of new questions in the own specialties."""

    AT_ONCE = "at_once", _("At once, a mail for each")
    DAILY = "daily", _("Once a day, how many there are")
    NEVER = "never", _("Never: I look at the dashboard")
