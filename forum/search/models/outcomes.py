from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.questions.models import Question


class AnswerFoundManager(models.Manager):
    def add_one(self, question: Question) -> None:
        """One more time today. Of who said so nothing is kept."""
        self.update_or_create(
            question=question,
            day=timezone.localdate(),
            defaults={"times": models.F("times") + 1},
            create_defaults={"times": 1},
        )

    @transaction.atomic
    def move(self, source: Question, target: Question) -> list[tuple[str, int]]:
        """Part of a merge of threads: count those of `source` on `target`; the days and numbers that were moved."""
        rows = self.filter(question=source)
        moved = [(day.isoformat(), times) for day, times in rows.order_by("day").values_list("day", "times")]
        rows.delete()
        for day, times in moved:
            self._add(target, day, times)
        return moved

    @transaction.atomic
    def move_back(self, source: Question, target: Question, moved: list[tuple[str, int]]) -> None:
        """Undo that: what was counted since stays on `target`."""
        for day, times in moved:
            self.filter(question=target, day=day, times__gte=times).update(times=models.F("times") - times)
            self._add(source, day, times)
        self.filter(question=target, times=0).delete()

    def _add(self, question: Question, day: str, times: int) -> None:
        self.update_or_create(
            question=question,
            day=day,
            defaults={"times": models.F("times") + times},
            create_defaults={"times": times},
        )


class AnswerFound(models.Model):
    """How often on one day patients found their answer in a thread and did not have to ask."""

    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="answers_found", verbose_name=_("question")
    )
    day = models.DateField(_("day"))
    times = models.PositiveIntegerField(_("times"))

    objects = AnswerFoundManager()

    class Meta:
        verbose_name = _("answer found")
        verbose_name_plural = _("answers found")
        constraints = [models.UniqueConstraint(fields=["question", "day"], name="answer_found_once_a_day")]

    def __str__(self) -> str:
        return f"#{self.question_id} {self.day}: {self.times}"
