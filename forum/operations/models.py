from datetime import timedelta

from django.db import models
from django.utils import timezone

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
