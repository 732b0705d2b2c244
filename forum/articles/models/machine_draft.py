import uuid
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.articles.drafters.base import Failure
from forum.replies.models import Draft

# A draft that is being written and of which so long nothing was heard has lost its worker.
SILENT = timedelta(seconds=120)


class DraftState(models.TextChoices):
    WAITING = "waiting", _("waits for the worker")
    WRITING = "writing", _("is being written")
    READY = "ready", _("is ready")
    FAILED = "failed", _("failed")
    TAKEN = "taken", _("is in the editor")
    CANCELLED = "cancelled", _("was cancelled")


LIVE = (DraftState.WAITING, DraftState.WRITING)


class MachineDraftQuerySet(models.QuerySet):
    def live(self):
        """Those a worker has still to do with."""
        return self.filter(state__in=LIVE)

    def open(self):
        """Those that were neither cancelled nor taken into the editor, the newest first."""
        done = (DraftState.CANCELLED, DraftState.TAKEN)
        return self.exclude(state__in=done).order_by("-asked_at", "-id")


class MachineDraft(models.Model):
    """A More Info that a machine writes for one doctor's draft, who may take it into the editor; nobody else sees it.

    `text` grows while it is written. Each worker that begins has a `run` of its own: one that was taken for dead, or
    whose draft was cancelled, can write no more.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="machine_drafts")
    drafter = models.CharField(max_length=200, help_text="“builtin”, or the name of the model.")
    material = ArrayField(models.BigIntegerField(), help_text="Threads whose signed articles it is made of.")
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.WAITING)
    text = models.TextField(blank=True)
    sources = models.JSONField(default=list, blank=True)
    failure = models.CharField(max_length=12, choices=Failure, blank=True)
    run = models.UUIDField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    heard_at = models.DateTimeField(default=timezone.now)

    objects = MachineDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft"], condition=models.Q(state__in=LIVE), name="machine_draft_one_at_a_time"
            ),
            models.CheckConstraint(condition=models.Q(state__in=DraftState.values), name="machine_draft_state_known"),
            models.CheckConstraint(
                condition=models.Q(state=DraftState.FAILED) ^ models.Q(failure=""), name="machine_draft_failure"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[DraftState.READY, DraftState.TAKEN]) | ~models.Q(text=""),
                name="machine_draft_ready_has_text",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_ready(self) -> bool:
        return self.state == DraftState.READY

    @property
    def is_stalled(self) -> bool:
        """Whether the worker that wrote it must have died."""
        return self.state == DraftState.WRITING and self.heard_at < timezone.now() - SILENT

    def begin(self) -> bool:
        """Begin to write, from the start; False where it was cancelled or is finished."""
        self.run = uuid.uuid4()
        live = MachineDraft.objects.live().filter(pk=self.pk)
        return bool(live.update(state=DraftState.WRITING, run=self.run, text="", heard_at=timezone.now()))

    def _mine(self) -> models.QuerySet:
        return MachineDraft.objects.filter(pk=self.pk, run=self.run, state=DraftState.WRITING)

    def append(self, piece: str) -> bool:
        """Add what was just written; False where nobody wants it any more."""
        text = Concat("text", models.Value(piece), output_field=models.TextField())
        return bool(self._mine().update(text=text, heard_at=timezone.now()))

    def finish(self, text: str, material: list[int], sources: list[dict]) -> bool:
        """It is written: `text` is all of it, `material` what of the material went into it."""
        changes = {"text": text, "material": material, "sources": sources, "heard_at": timezone.now()}
        return bool(self._mine().update(state=DraftState.READY, **changes))

    def fail(self, failure: Failure) -> bool:
        """It will not be written; what there is of it goes."""
        return bool(self._mine().update(state=DraftState.FAILED, failure=failure, text="", heard_at=timezone.now()))

    def take(self) -> None:
        """It went into the editor. Harmless when repeated: the text is kept, for a press that is sent twice."""
        MachineDraft.objects.filter(pk=self.pk, state=DraftState.READY).update(state=DraftState.TAKEN)

    def cancel(self) -> None:
        """The doctor does not want it, finished or not. Harmless when repeated."""
        MachineDraft.objects.filter(pk=self.pk).update(state=DraftState.CANCELLED, failure="", text="", sources=[])
        self.state = DraftState.CANCELLED
