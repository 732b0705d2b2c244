from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.questions.models import MergeReason, PartReason, Question, State


class MergeQuerySet(models.QuerySet):
    def standing(self):
        """Those that nobody has undone."""
        return self.filter(undone_at=None)

    def newest_first(self):
        return self.order_by("-made_at", "-id")

    def leading_to(self, question_ids):
        """Those that stand, of questions that lead to one of these now, the last one first."""
        now_there = self.standing().filter(question__merged_into__in=question_ids)
        return now_there.select_related("question", "target").newest_first()


class Merge(models.Model):
    """One question became a duplicate of another, and all that it took along: enough to undo exactly that.

    Followers stand nowhere here: they stay with the question they chose, and whoever reads followers of a thread reads
    those of its duplicates too.
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="merges", verbose_name=_("question"))
    target = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="merges_here", verbose_name=_("into"))
    from_state = models.CharField(max_length=20, choices=State)
    reason = models.CharField(_("reason"), max_length=20, choices=MergeReason, blank=True)
    note = models.TextField(_("note"), blank=True)
    taken_along = ArrayField(models.BigIntegerField(), default=list, help_text="Duplicates that led to the question.")
    topics_added = ArrayField(models.BigIntegerField(), default=list, help_text="Rows of topics the target was given.")
    answers_found = models.JSONField(default=list, help_text="How often it was the answer: pairs of day and number.")
    made_at = models.DateTimeField(_("merged"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_because = models.CharField(max_length=20, choices=PartReason, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merged question")
        verbose_name_plural = _("merged questions")
        constraints = [
            models.UniqueConstraint(
                fields=["question"], condition=models.Q(undone_at=None), name="merge_one_stands_a_question"
            ),
            models.CheckConstraint(condition=~models.Q(question=models.F("target")), name="merge_never_into_itself"),
            models.CheckConstraint(
                condition=models.Q(undone_at=None) ^ ~models.Q(undone_because=""), name="merge_undone_because"
            ),
        ]
        indexes = [models.Index(fields=["-made_at", "-id"], name="merge_newest")]

    def __str__(self) -> str:
        return f"#{self.question_id} → #{self.target_id}"

    @property
    def can_be_undone(self) -> bool:
        """While the question leads to its target: a merge of that one into a third is undone first."""
        return self.undone_at is None and self.question.is_merged and self.question.merged_into_id == self.target_id

    def note_undone(self, *, by: User | None, reason: str) -> None:
        """Record it. The caller holds the row and has put everything back."""
        self.undone_at, self.undone_by, self.undone_because = timezone.now(), by, PartReason(reason)
        self.save(update_fields=["undone_at", "undone_by", "undone_because"])
