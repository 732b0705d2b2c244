from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.questions.models import Question, State, WrongState, touch_thread
from forum.replies.announcements import follow_up_asked
from forum.replies.models.hiding import Hideable, HideableQuerySet, hidden_with_by


class FollowUpQuerySet(HideableQuerySet):
    MOST_A_THREAD = 3

    def answered(self):
        """Those that everybody may read, in order."""
        return self.shown().filter(answered_at__isnull=False).order_by("created_at", "id")

    def waiting(self):
        """Those that wait for a doctor, on urgent questions first, then the oldest."""
        waiting = self.filter(answered_at__isnull=True, question__state=State.PUBLISHED)
        return waiting.order_by("-question__urgent", "created_at", "id")

    def room_for_more(self) -> int:
        """How many more may be asked on the thread these belong to."""
        return max(self.MOST_A_THREAD - self.count(), 0)

    @transaction.atomic
    def ask(self, *, question: Question, text: str) -> bool:
        """Ask one more; False where the thread takes no further words or is full. The same words are taken once."""
        current = Question.objects.select_for_update().get(pk=question.pk)
        if not current.is_published:
            return False
        asked = self.filter(question=question)
        if asked.filter(text=text).exists():
            return True
        if not (current.takes_further_words and asked.room_for_more()):
            return False
        self.create(question=question, text=text)
        question.decisions.create(act="follow_up", by=question.asker)
        follow_up_asked.send(Question, question=question)
        return True


class FollowUp(Hideable):
    """The asker's further question on a published thread; public once a doctor has answered it."""

    ACT = "follow_up"
    BLANK = {"text": "", "answer": ""}

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="follow_ups")
    text = models.TextField(_("follow-up question"))
    asked_on = models.DateField(default=timezone.localdate)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, null=True, blank=True, related_name="answered_follow_ups"
    )

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | models.Q(answered_at__isnull=False, answered_by__isnull=False)
                & (~models.Q(answer="") | models.Q(removed=True)),
                name="follow_up_answered_at_with_by",
            ),
            *hidden_with_by("follow_up"),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="follow_up_waiting", condition=models.Q(answered_at__isnull=True))
        ]
        triggers = [touch_thread()]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def waited(self) -> timedelta:
        """How long it has been here."""
        return timezone.now() - self.created_at

    @transaction.atomic
    def give_answer(self, *, by: Doctor, text: str) -> bool:
        """Publish a doctor's answer. Only the first one counts: a repeat changes nothing and is told by False.

        Raises WrongState where the thread is not public.
        """
        if not Question.objects.select_for_update().get(pk=self.question_id).is_published:
            raise WrongState
        current = FollowUp.objects.select_for_update().get(pk=self.pk)
        if current.answered_at is not None:
            return False
        self.answer, self.answered_by, self.answered_at = text, by, timezone.now()
        self.save(update_fields=["answer", "answered_by", "answered_at"])
        Question.objects.filter(pk=self.question_id).update(modified_at=self.answered_at)
        self.question.decisions.create(act="answer_follow_up", by=by.user)
        return True
