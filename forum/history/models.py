"""What history has of itself: that something was erased from it, and that somebody took it away."""

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import models
from django.utils.translation import gettext_lazy as _

from forum.history.guards import guards


class Rule(models.TextChoices):
    """Why something may be erased."""

    EDIT = "edit", _("Changed by the patient before a doctor had begun")
    PERSONAL_DATA = "personal_data", _("Personal data replaced in the patient's words")
    REMOVAL = "removal", _("Removed for good")
    ANONYMISING = "anonymising", _("Made anonymous")
    ACCOUNT = "account", _("An account was deleted")
    OPERATOR = "operator", _("Purged by the operator")


class Erasure(models.Model):
    """The trace of what is gone: when, by which rule, from which table, how many rows. Only the database writes it.

    The question is named where the rule was about this one alone: of a deleted account's questions, what went together
    would tell that they were one person's.
    """

    rule = models.CharField(_("rule"), max_length=20, choices=Rule)
    source = models.CharField(_("from"), max_length=63)
    rows = models.PositiveBigIntegerField(_("rows"))
    question_number = models.BigIntegerField(_("question"), null=True, blank=True)
    erased_at = models.DateTimeField(_("at"), db_default=models.functions.Now())

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints = [
            models.CheckConstraint(condition=models.Q(rule__in=Rule.values), name="erasure_rule_known"),
            models.CheckConstraint(condition=models.Q(rows__gt=0), name="erasure_of_something"),
        ]
        indexes = [
            models.Index(fields=["-erased_at", "-id"], name="erasure_at"),
            models.Index(fields=["question_number"], name="erasure_of_question"),
        ]
        triggers = guards()

    def __str__(self) -> str:
        return f"{self.rule} {self.source}"


class Export(models.Model):
    """An admin took history along, all or some of it. Words that were looked for may name somebody and are not kept."""

    format = models.CharField(_("format"), max_length=10, choices=[("csv", "CSV"), ("jsonl", "JSON Lines")])
    filters = models.JSONField(_("filters"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("at"), db_default=models.functions.Now())

    class Meta:
        verbose_name = _("export of the history")
        verbose_name_plural = _("exports of the history")
        indexes = [models.Index(fields=["-made_at", "-id"], name="history_export_at")]
        triggers = guards()

    def __str__(self) -> str:
        return f"{self.format} {self.pk}"


class AdminLog(LogEntry):
    """Django's own log of the admin site, guarded like the rest of history."""

    class Meta:
        proxy = True
        triggers = guards()
