from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.specialties.models import Specialty


class Transfer(models.Model):
    """A question that one doctor passed on to the doctors of another specialty. The note is for those alone.

    Without a doctor, an admin did so, who closed its specialty.
    """

    question = models.ForeignKey("questions.Question", on_delete=models.CASCADE, related_name="transfers")
    from_specialty = models.ForeignKey(Specialty, on_delete=models.PROTECT, related_name="transfers_away")
    to_specialty = models.ForeignKey(Specialty, on_delete=models.PROTECT, related_name="transfers_here")
    note = models.TextField(_("note for the next doctor"), blank=True)
    by = models.ForeignKey(Doctor, on_delete=models.PROTECT, null=True, related_name="transfers")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")

    def __str__(self) -> str:
        return f"#{self.pk}"
