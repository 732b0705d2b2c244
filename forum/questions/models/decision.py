from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.history.guards import guards
from forum.questions.models.choices import (
    CorrectionReason,
    DeclineReason,
    MergeReason,
    PartReason,
    ReportReason,
)

# Why an admin removes a thread, or what tells of a person in it, where nobody has reported it.
ASKED_FOR = "asked_for"
REASONS = dict(DeclineReason.choices + CorrectionReason.choices + ReportReason.choices)
REASONS |= dict(MergeReason.choices + PartReason.choices)
REASONS |= {
    ASKED_FOR: _("The patient asked for it"),
    "anonymise": _("to be made anonymous"),
    "remove": _("to be removed"),
}


def acts() -> list[tuple[str, str]]:
    """For the field, which takes a new one without a migration."""
    return Act.choices


class Act(models.TextChoices):
    ASK = "ask", _("Asked")
    EDIT = "edit", _("Changed by the patient")
    CLAIM = "claim", _("Claimed")
    RELEASE = "release", _("Released")
    TRANSFER = "transfer", _("Transferred to another specialty")
    ASK_INFO = "ask_info", _("More information asked")
    ANSWER_INFO = "answer_info", _("More information given by the patient")
    START_FROM = "start_from", _("More Info begun with that of another thread")
    MACHINE_DRAFT = "machine_draft", _("More Info begun with a machine's draft")
    PUBLISH = "publish", _("Answered and published")
    DECLINE = "decline", _("Declined")
    WITHDRAW = "withdraw", _("Withdrawn by the patient")
    HIDE = "hide", _("Hidden")
    RESTORE = "restore", _("Restored")
    MERGE = "merge", _("Merged into another thread")
    PART = "part", _("Parted from it again")
    TAKE_IN = "take_in", _("Another question was merged into it")
    GIVE_BACK = "give_back", _("That question was parted from it again")
    FOLLOW_UP = "follow_up", _("Follow-up question asked")
    ANSWER_FOLLOW_UP = "answer_follow_up", _("Follow-up question answered")
    SECOND_REPLY = "second_reply", _("Second reply published")
    AGREE = "agree", _("A colleague agreed")
    TAKE_BACK_AGREEMENT = "take_back_agreement", _("Agreement taken back")
    ASK_LOOK = "ask_look", _("A colleague was asked to look")
    ANSWER_LOOK = "answer_look", _("The colleague has looked")
    TAKE_BACK_LOOK = "take_back_look", _("The colleague need not look any more")
    FLAG = "flag", _("Marked urgent: what the patient wrote may be an emergency")
    READ_ADVICE = "read_advice", _("Emergency advice read by the patient, who went on")
    NOT_URGENT = "not_urgent", _("Found not to be urgent")
    PERSONAL_DATA_REMOVED = "personal_data_removed", _("Personal data in the patient's words replaced")
    PERSONAL_DATA_KEPT = "personal_data_kept", _("Personal data in the patient's words left as they are")
    HELPED = "helped", _("Marked as helpful by the patient")
    SHOW_IMAGE = "show_image", _("Image shown on the public page")
    HIDE_IMAGE = "hide_image", _("Image taken off the public page")
    CORRECT = "correct", _("Reply corrected")
    CORRECT_ARTICLE = "correct_article", _("More Info corrected")
    REVIEW_ARTICLE = "review_article", _("More Info reviewed")
    REMOVE = "remove", _("Removed for good")
    HIDE_REPLY = "hide_reply", _("Reply hidden")
    RESTORE_REPLY = "restore_reply", _("Reply restored")
    REMOVE_REPLY = "remove_reply", _("Reply removed for good")
    HIDE_FOLLOW_UP = "hide_follow_up", _("Follow-up hidden")
    RESTORE_FOLLOW_UP = "restore_follow_up", _("Follow-up restored")
    REMOVE_FOLLOW_UP = "remove_follow_up", _("Follow-up removed for good")
    HIDE_ARTICLE = "hide_article", _("More Info hidden")
    RESTORE_ARTICLE = "restore_article", _("More Info restored")
    REMOVE_ARTICLE = "remove_article", _("More Info removed for good")
    ASK_CORRECTION = "ask_correction", _("Correction asked")
    CORRECTED = "corrected", _("Asked correction done")
    KEEP = "keep", _("Kept after a report")
    UNCLEAR = "unclear", _("The patient said what is unclear in a reply")
    REQUEST_REMOVAL = "request_removal", _("The patient asked for it to be removed or made anonymous")
    TAKE_BACK_REMOVAL = "take_back_removal", _("The patient took that back")
    REFUSE_REMOVAL = "refuse_removal", _("That was refused")
    ANONYMISE = "anonymise", _("Made anonymous: nothing leads to the patient any more")


# That somebody reported a thread, which admins found to be all right, is nobody else's business; nor is it that of
# whoever sees one question that another patient has asked the same.
FOR_ADMINS = (Act.KEEP, Act.TAKE_IN, Act.GIVE_BACK)


class DecisionQuerySet(models.QuerySet):
    def for_those_concerned(self):
        """What the asker and the doctors may see of a question's history."""
        return self.exclude(act__in=FOR_ADMINS)


class Decision(models.Model):
    """One act on a question: who did what, when, from which state to which, and why. Never a patient's words.

    The database takes no change of one and no deletion, but by the rules of `forum.history.erasing`.
    """

    question = models.ForeignKey("questions.Question", on_delete=models.PROTECT, related_name="decisions")
    act = models.CharField(_("act"), max_length=30, choices=acts)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("by"),
    )
    from_state = models.CharField(_("from"), max_length=20, blank=True)
    to_state = models.CharField(_("to"), max_length=20, blank=True)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    made_at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["made_at", "id"]
        indexes = [
            models.Index(fields=["-made_at", "-id"], name="decision_at"),
            models.Index(fields=["by", "-made_at", "-id"], name="decision_by"),
            models.Index(fields=["act", "-made_at", "-id"], name="decision_act"),
            GinIndex(
                OpClass(Upper("reason"), name="gin_trgm_ops"), name="decision_reason", condition=~models.Q(reason="")
            ),
        ]
        triggers = guards(erasable=True)

    def __str__(self) -> str:
        return f"{self.act} {self.question_id}"

    @property
    def why(self) -> str:
        """The reason in words, where it is one of the site's; else as it stands, such as a specialty's address."""
        return REASONS.get(self.reason, self.reason)

    @property
    def named_by(self):
        """Whoever decided, to be named beside it; None for the asker, who stays unnamed even if a doctor."""
        return None if self.by_id == self.question.asker_id else self.by
