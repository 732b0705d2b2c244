from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

WELL_SECONDS = 60


class WorkerBeatQuerySet(models.QuerySet):
    def well(self) -> "WorkerBeatQuerySet":
        """Workers that were heard within the last minute."""
        return self.filter(beat_at__gt=timezone.now() - timedelta(seconds=WELL_SECONDS))

    def beat(self, worker_id: str) -> None:
        """Note that this worker lives."""
        self.update_or_create(worker_id=worker_id, defaults={"beat_at": timezone.now()})


class WorkerBeat(models.Model):
    """When a background worker was last heard."""

    worker_id = models.CharField(max_length=64, primary_key=True)
    beat_at = models.DateTimeField()

    objects = WorkerBeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.worker_id} at {self.beat_at}"


class UpkeepKind(models.TextChoices):
    BACKUP = "backup", _("Backup")
    RESTORE = "restore", _("Restored from a backup")
    DRILL = "drill", _("Restore drill")
    RETRY = "retry", _("Failed tasks tried again")


class UpkeepQuerySet(models.QuerySet):
    def newest(self, kind: UpkeepKind) -> "Upkeep | None":
        """The newest of this kind that went well."""
        return self.filter(kind=kind, went_well=True).order_by("-at").first()


class Upkeep(models.Model):
    """What was done to keep the site in order: by an admin, or by a command, of which nobody knows whose it was.

    `what` is a file's name or a task's; `number` the bytes of a backup, the rows that came back, the tasks.
    """

    kind = models.CharField(_("what"), max_length=10, choices=UpkeepKind)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    what = models.CharField(_("of"), max_length=200)
    number = models.BigIntegerField()
    went_well = models.BooleanField(default=True)

    objects = UpkeepQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "-at"], name="upkeep_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what}"
