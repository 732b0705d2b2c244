from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.questions.models import Question

# A reader waits for it: one statement, which does not wait for the disk. A crash may lose the last of them.
ADD_NOTHING_FOUND = """
INSERT INTO search_nothingfound (day, language, times)
SELECT %s, %s, 1 FROM set_config('synchronous_commit', 'off', true)
ON CONFLICT (day, language) DO UPDATE SET times = search_nothingfound.times + 1
"""


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
        indexes = [models.Index(fields=["day"], name="answer_found_of_day")]

    def __str__(self) -> str:
        return f"#{self.question_id} {self.day}: {self.times}"


class NothingFoundManager(models.Manager):
    def add_one(self, language: str) -> None:
        """One more search today. An admin who views the site as somebody else only reads: that is none."""
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            if cursor.fetchone() == ("on",):
                return
            cursor.execute(ADD_NOTHING_FOUND, [timezone.localdate(), language])


class NothingFound(models.Model):
    """How many searches in a language found nothing on one day. What was searched is kept nowhere."""

    day = models.DateField(_("day"))
    language = models.CharField(_("language"), max_length=10)
    times = models.PositiveIntegerField(_("times"))

    objects = NothingFoundManager()

    class Meta:
        verbose_name = _("searches without a result")
        verbose_name_plural = _("searches without a result")
        default_permissions = ["view"]
        constraints = [models.UniqueConstraint(fields=["day", "language"], name="nothing_found_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.language}: {self.times}"
