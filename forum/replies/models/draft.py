from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import Doctor
from forum.questions.models import Question


@dataclass(frozen=True)
class Edition:
    """What a window knows of a draft: the version it began with, who it is, and how often it has sent its words.

    `window` is empty where there are no scripts, whose windows cannot be told apart.
    """

    version: int
    window: str = ""
    count: int = 0


class DraftConflict(Exception):
    """The stored draft was changed from elsewhere; nothing was saved. `draft` is the stored one."""

    def __init__(self, draft: "Draft") -> None:
        super().__init__()
        self.draft = draft


class Draft(models.Model):
    """A doctor's unfinished work on one question: the title, the reply, the More Info, its topics and the checklist."""

    WORDS = ("public_title", "text", "more_info", "sources", "topics")
    TYPED = (*WORDS, "sub_questions")

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="drafts")
    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, related_name="drafts")
    public_title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    more_info = models.TextField(blank=True)
    sources = models.TextField(blank=True)
    topics = models.TextField(blank=True)
    sub_questions = models.JSONField(null=True, blank=True, help_text="Of the patient; null: not looked at yet.")
    based_on = ArrayField(
        models.BigIntegerField(), default=list, blank=True, help_text="Threads whose articles went into the More Info."
    )
    machine_drafted = models.BooleanField(default=False, help_text="A machine's words went in; for good.")
    version = models.PositiveIntegerField(default=1)
    window = models.CharField(max_length=40, blank=True)
    window_count = models.PositiveBigIntegerField(default=0)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "doctor"], name="draft_one_a_doctor")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def differs_from(self, typed: dict) -> bool:
        return any(getattr(self, name) != value for name, value in typed.items())

    def check_edition(self, since: Edition, typed: dict) -> None:
        """Raises DraftConflict where other words than these were saved by another window since that edition."""
        same_window = since.window and since.window == self.window
        if self.version != since.version and not same_window and self.differs_from(typed):
            raise DraftConflict(self)

    def take(self, typed: dict, since: Edition) -> None:
        """Save these words; the same again are no new version. What a window sent before its last is passed over."""
        same_window = since.window and since.window == self.window
        if self.pk:
            self.check_edition(since, typed)
            if same_window and since.count <= self.window_count:
                return
        if not self.pk or self.differs_from(typed):
            self.version, self.window = max(self.version, since.version) + 1, since.window
        if since.window == self.window:
            self.window_count = since.count
        for name, value in typed.items():
            setattr(self, name, value)
        self.save()

    def note_material(self, *, based_on: Iterable[int], by_machine: bool = False) -> None:
        """Words of these threads' articles went into the More Info, or a machine's; neither is ever taken back."""
        self.based_on = list(dict.fromkeys([*self.based_on, *based_on]))
        self.machine_drafted = self.machine_drafted or by_machine
        self.save(update_fields=["based_on", "machine_drafted"])
