from django.db import models
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
