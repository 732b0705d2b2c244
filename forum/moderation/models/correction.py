from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.questions.models import Question


class CorrectionQuerySet(models.QuerySet):
    def open_for(self, doctor: Doctor):
        """What this doctor is still asked to correct, oldest first; of what is public now."""
        mine = self.filter(doctor=doctor, done_at=None, question__state="published")
        return mine.select_related("question").order_by("asked_at", "id")

    def finish_for(self, *, question: Question, what: str, by: Doctor) -> None:
        """The doctor has corrected just this."""
        for correction in self.open_for(by).filter(question=question, what=what):
            correction.finish(by=by)


class Correction(models.Model):
    """An admin asks a doctor to correct something of theirs. That a reader reported it is not told.

    `what` is the anchor of the thing on the thread page; "thread" for the page as a whole.
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="corrections")
    what = models.CharField(max_length=40)
    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, related_name="corrections")
    note = models.TextField(_("what to correct"))
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction asked")
        verbose_name_plural = _("corrections asked")
        constraints = [
            models.CheckConstraint(condition=~models.Q(note=""), name="correction_has_note"),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, done_by__isnull=True)
                | models.Q(done_at__isnull=False, done_by__isnull=False),
                name="correction_done_at_with_by",
            ),
        ]
        indexes = [
            models.Index(
                fields=["doctor", "asked_at"], name="correction_open", condition=models.Q(done_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def correct_url(self) -> str:
        """Where the doctor corrects it: the reply's own screen, the More Info's, else the question's."""
        if self.what.startswith("reply-"):
            return reverse("correct_reply", args=[self.question_id, self.what.removeprefix("reply-")])
        return reverse("review_article" if self.what == "more-info" else "work_on_question", args=[self.question_id])

    @transaction.atomic
    def finish(self, *, by: Doctor) -> bool:
        """The doctor has dealt with it; False where that was said before."""
        now = timezone.now()
        if not Correction.objects.filter(pk=self.pk, done_at=None).update(done_at=now, done_by=by):
            return False
        self.done_at, self.done_by = now, by
        self.question.decisions.create(act="corrected", by=by.user)
        return True
