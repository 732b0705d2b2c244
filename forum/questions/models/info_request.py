from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor

# When a patient who has not answered is reminded, counted from the request.
REMINDERS = (timedelta(days=3), timedelta(days=7))


class InfoRequest(models.Model):
    """What a doctor asked the patient to add before answering, and the answer. Both are never public."""

    question = models.ForeignKey("questions.Question", on_delete=models.CASCADE, related_name="info_requests")
    note = models.TextField(_("what the doctor asks"))
    asked_by = models.ForeignKey(Doctor, on_delete=models.PROTECT, related_name="info_requests")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    reminders = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("request for more")
        verbose_name_plural = _("requests for more")
        constraints = [
            models.CheckConstraint(condition=~models.Q(note=""), name="info_request_has_note"),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answer="")
                | (models.Q(answered_at__isnull=False) & ~models.Q(answer="")),
                name="info_request_answer_with_time",
            ),
            models.UniqueConstraint(
                fields=["question"], condition=models.Q(answered_at__isnull=True), name="info_request_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def remind(self, number: int) -> bool:
        """Note that reminder `number` (1, 2) is sent; False where it was before, or where nothing is to be answered."""
        still_open = InfoRequest.objects.filter(pk=self.pk, answered_at=None, question__state="needs_info")
        return bool(still_open.filter(reminders__lt=number).update(reminders=number))
