from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from forum.history.guards import guards


class AccountAct(models.TextChoices):
    DEACTIVATE = "deactivate", _("Account switched off")
    REACTIVATE = "reactivate", _("Account switched on again")
    REMOVE_FACTORS = "remove_factors", _("Second factors taken away")
    MERGE_PROFILE = "merge_profile", _("Archive profile merged into the doctor's own")


class AccountDecision(models.Model):
    """What an admin did with somebody's account, and why; the database lets nobody change it afterwards."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="account_decisions")
    act = models.CharField(_("act"), max_length=30, choices=AccountAct)
    about = models.CharField(max_length=300, blank=True, help_text="The profile that was merged, by its name.")
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("decision on an account")
        verbose_name_plural = _("decisions on accounts")
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["-made_at", "-id"], name="account_decision_at")]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="account_decision_has_reason")]
        triggers = guards()

    def __str__(self) -> str:
        return f"{self.act} {self.user_id}"
