"""The words of all mails about notices. None says what the news is about: nor may an admin's."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forum.notifications.texts.making import UNSUBSCRIBE, counted, mail
from forum.texts.placeholders import Placeholder
from forum.texts.previews import of_mail
from forum.texts.registry import Field, Group, Text, register

NEWS = _("There is news for you")

# ---------------------------------------------------------------- to askers

TO_ASKER = "mail_end.asker"
SEE = _("See my question")
register(
    mail(
        "mail.news",
        _("News of a question"),
        _("To whoever asked: answered, declined, passed on, corrected, taken off the site and the like."),
        NEWS,
        _("There is news about a question you asked.\n\n{link}"),
        SEE,
        TO_ASKER,
    ),
    mail(
        "mail.missing",
        _("A doctor asks for more"),
        _("To whoever asked: something is missing; and the reminder of it."),
        _("A doctor is waiting to hear from you"),
        _("A doctor cannot answer a question of yours yet: something is missing that only you know.\n\n{link}"),
        SEE,
        TO_ASKER,
    ),
    Text(
        "mail.no_link",
        _("In place of the link"),
        _("In mails to whoever asked without an account, whose private link the site itself does not know."),
        Group.MAILS,
        (
            Field(
                "text",
                _("Text"),
                _(
                    "Please open your private link (it is in our first e-mail and was shown to you after asking), or "
                    "sign in and look under “My questions”."
                ),
            ),
        ),
        of_mail("mail.news", end=TO_ASKER, unsubscribe=UNSUBSCRIBE.example, without_link="mail.no_link"),
    ),
)

# ---------------------------------------------------------------- to doctors

TO_DOCTOR = "mail_end.doctor"
GO = _("Go to the question")


def to_doctor(kind: str, name: Promise, where: Promise, subject: Promise, text: Promise) -> Text:
    return mail(f"mail.{kind}", name, where, subject, text, GO, TO_DOCTOR)


register(
    to_doctor(
        "new_question",
        _("A new question"),
        _("To doctors who want a mail for each."),
        _("A new question waits"),
        _("A new question waits in your specialties.\n\n{link}"),
    ),
    to_doctor(
        "urgent",
        _("An urgent question"),
        _("To the doctors of a specialty."),
        _("An urgent question waits"),
        _("A question marked urgent waits for a doctor.\n\n{link}"),
    ),
    to_doctor(
        "follow_up_asked",
        _("A follow-up question"),
        _("To the doctors of a thread."),
        _("A follow-up question"),
        _("There is a follow-up question on a thread of yours.\n\n{link}"),
    ),
    to_doctor(
        "unclear",
        _("Unclear to a patient"),
        _("To the doctor of a reply."),
        _("A word from a patient"),
        _("A patient tells you what is unclear in a reply.\n\n{link}"),
    ),
    to_doctor(
        "look",
        _("A colleague asks"),
        _("To a doctor who is asked to look at a question."),
        _("A colleague asks you"),
        _("A colleague asks you to look at a question.\n\n{link}"),
    ),
    to_doctor(
        "info_answered",
        _("A patient has answered"),
        _("To the doctor who asked for more."),
        _("A patient has answered"),
        _("A patient has answered what you asked.\n\n{link}"),
    ),
    counted(
        "mail.digest",
        _("New questions, once a day"),
        _("To doctors who want it daily."),
        _("New questions today"),
        _("{number} new question waits in your specialties.\n\n{link}"),
        _("{number} new questions wait in your specialties.\n\n{link}"),
        Placeholder("number", _("how many questions wait"), 7),
        _("Go to the dashboard"),
        TO_DOCTOR,
    ),
)

# ---------------------------------------------------------------- to doctors and applicants, about their own account

TO_ACCOUNT = "mail_end.account"
HOW = _("See how it stands")
register(
    counted(
        "mail.licence_ends",
        _("A licence ends soon"),
        _("To a doctor, some time before the licence on record ends."),
        _("Your licence ends soon"),
        _(
            "Your licence on record ends within {number} day. Please send in the renewed one, so that you can go on "
            "answering.\n\n{link}"
        ),
        _(
            "Your licence on record ends within {number} days. Please send in the renewed one, so that you can go on "
            "answering.\n\n{link}"
        ),
        Placeholder("number", _("how many days are left"), 30),
        HOW,
        TO_ACCOUNT,
    ),
    mail(
        "mail.licence_ended",
        _("A licence has ended"),
        _("To its doctor."),
        _("Your licence has ended"),
        _("Your licence on record has ended: the dashboard is closed to you until a renewed one is checked.\n\n{link}"),
        HOW,
        TO_ACCOUNT,
    ),
    mail(
        "mail.application_asked",
        _("Application: a question"),
        _("To somebody who has applied as a doctor."),
        _("An admin asks you something"),
        _("An admin needs to know more from you.\n\n{link}"),
        HOW,
        TO_ACCOUNT,
    ),
    mail(
        "mail.account_news",
        _("News of the own work here"),
        _("To a doctor or applicant: verified, refused, suspended, retired and the like. It must not say which."),
        NEWS,
        _("An admin has decided something about your work here.\n\n{link}"),
        HOW,
        TO_ACCOUNT,
    ),
)

# ---------------------------------------------------------------- to followers

TO_FOLLOWER = "mail_end.follower"
READ = _("Read")
register(
    mail(
        "mail.confirm",
        _("Please confirm"),
        _("To an address that was typed to follow a page."),
        _("Please confirm"),
        _(
            "Somebody, we think you, wants to follow a page of Consilium at this address. If it was you, please "
            "confirm it within three days. If not, do nothing: you will hear no more of it.\n\n{link}"
        ),
        _("Confirm"),
        "mail_end.confirm",
    ),
    mail(
        "mail.thread_news",
        _("News of a thread"),
        _("To those who follow it."),
        NEWS,
        _("There is something new on a page you follow.\n\n{link}"),
        READ,
        TO_FOLLOWER,
    ),
    mail(
        "mail.topic_news",
        _("News of a topic"),
        _("To those who follow it."),
        NEWS,
        _("Doctors have answered on a topic you follow.\n\n{link}"),
        READ,
        TO_FOLLOWER,
    ),
)

# ---------------------------------------------------------------- letters


def letter(kind: str, name: Promise, where: Promise, text: Promise) -> Text:
    return mail(f"mail.{kind}", name, where, NEWS, text, None, "mail_end.letter")


TO_REPORTER = _("To a reporter who has left an address. It must not say what was reported.")
register(
    letter(
        "report_kept",
        _("Report: it stays"),
        TO_REPORTER,
        _("Thank you for your report. An admin has looked at it and decided that what you reported stays as it is."),
    ),
    letter(
        "report_correct",
        _("Report: to be corrected"),
        TO_REPORTER,
        _("Thank you for your report. An admin has looked at it and asked for a correction of what you reported."),
    ),
    letter(
        "report_taken_off",
        _("Report: taken off"),
        TO_REPORTER,
        _("Thank you for your report. An admin has looked at it and taken what you reported off the site."),
    ),
    letter(
        "anonymised",
        _("Made anonymous"),
        _("To a patient who wanted it, when nothing leads to the patient any more."),
        _(
            "What you asked for is done: nothing on the site leads to you any more. The private link no longer works, "
            "and there will be no more news about it."
        ),
    ),
)
register(
    letter(
        "thread_removed",
        _("Removed by an admin"),
        _("To a patient whose question or thread an admin has removed for good."),
        _("An admin has taken a question you asked off the site for good. Nothing of what you wrote in it is kept."),
    )
)
register(
    mail(
        "mail.factors_removed",
        _("Second factors taken away"),
        _("To somebody whose second factors an admin has removed."),
        NEWS,
        _(
            "An admin has taken the second factors of your account away, and signed you out everywhere. Sign in with "
            "your password to set up a new one. If you did not ask for this, please change your password and tell an "
            "admin."
        ),
        None,
        "mail_end.security",
    )
)
