from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from forum.questions.models import Question
from forum.replies.models import touch_thread


class IndexEntry(models.Model):
    """What search knows of one published thread: its words, weighted title (A), question (B), reply (C)."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, primary_key=True, related_name="index_entry")
    vector = SearchVectorField()
    similar_at = models.DateTimeField(null=True, help_text="When its Similar Q&A were last computed.")

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="index_entry_vector")]

    def __str__(self) -> str:
        return str(self.pk)


class SimilarThread(models.Model):
    """One of the stored Similar Q&A of a thread, best first from rank 0."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="similar_threads")
    similar = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="similar_to")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "rank"], name="similar_rank_once"),
            models.UniqueConstraint(fields=["question", "similar"], name="similar_once"),
            models.CheckConstraint(condition=~models.Q(question=models.F("similar")), name="similar_never_itself"),
        ]
        triggers = [touch_thread()]

    def __str__(self) -> str:
        return f"{self.question_id}~{self.similar_id}"
