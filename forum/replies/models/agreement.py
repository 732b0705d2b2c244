from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.questions.models.touching import touch_thread_of_reply


class AgreementQuerySet(models.QuerySet):
    def standing(self):
        """Those that readers see, oldest first: a reply that was corrected since is not what was agreed with."""
        corrected = models.F("reply__corrected_at")
        uncorrected = models.Q(reply__corrected_at__isnull=True)
        return self.filter(uncorrected | models.Q(agreed_at__gt=corrected)).order_by("agreed_at", "id")


class Agreement(models.Model):
    """A doctor's word, given by name, that a colleague's reply is right as it stands."""

    reply = models.ForeignKey("replies.Reply", on_delete=models.CASCADE, related_name="agreements")
    doctor = models.ForeignKey(Doctor, on_delete=models.PROTECT, related_name="agreements")
    agreed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [models.UniqueConstraint(fields=["reply", "doctor"], name="agreement_one_a_doctor")]
        triggers = [touch_thread_of_reply()]

    def __str__(self) -> str:
        return f"#{self.pk}"
