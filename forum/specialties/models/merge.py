"""What merges of specialties did, row by row: for a day they can be undone."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.specialties.models.specialty import Specialty

UNDO_WITHIN = timedelta(days=1)


class SpecialtyMergeQuerySet(models.QuerySet):
    def undoable(self):
        """Those of the last day that still stand, newest first."""
        return self.filter(undone_at=None, made_at__gt=timezone.now() - UNDO_WITHIN).order_by("-made_at", "-id")


class SpecialtyMerge(models.Model):
    """A specialty that became part of another one. `source_id` is the key that it had, and has again when undone."""

    source_id = models.BigIntegerField()
    name = models.CharField(max_length=80)
    # Not a relation of the target: a merge of that one moves everything else that points to it.
    target = models.ForeignKey(Specialty, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    target_name = models.CharField(max_length=80)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = SpecialtyMergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of specialties")
        verbose_name_plural = _("merges of specialties")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=False) | models.Q(undone_by__isnull=True),
                name="specialty_merge_undone_by_with_at",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} → {self.target_name}"

    @property
    def undo_until(self):
        """The last moment at which it can be undone, in the site's time zone."""
        return timezone.localtime(self.made_at + UNDO_WITHIN)


class StepAct(models.TextChoices):
    MOVE = "move"
    DROP = "drop"
    MAKE = "make"


class MergeStep(models.Model):
    """Rows of one table to which a merge did the same; undone in the opposite order (forum/specialties/journal.py).

    Moved rows: from which value of `column` to which. Dropped rows: as they were, in `rows`; where others stood in for
    them, by key in `stand_ins`, the value of `column` that both had is not kept here and read from those.
    """

    merge = models.ForeignKey(SpecialtyMerge, on_delete=models.CASCADE, related_name="steps")
    table = models.CharField(max_length=100, help_text="As app_label.model.")
    act = models.CharField(max_length=4, choices=StepAct)
    column = models.CharField(max_length=60, blank=True)
    before = models.BigIntegerField(null=True)
    after = models.BigIntegerField(null=True)
    keys = ArrayField(models.BigIntegerField())
    rows = models.JSONField(default=list)
    stand_ins = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=models.Q(act__in=StepAct.values), name="merge_step_act_known")]

    def __str__(self) -> str:
        return f"{self.act} {self.table}"
