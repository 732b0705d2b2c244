from datetime import timedelta

import pgtrigger
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.questions.models import Question, State, WrongState
from forum.specialties.models import Specialty

TOUCH_THREAD = """
    IF TG_OP <> 'INSERT' THEN
        UPDATE questions_question SET version = version + 1 WHERE id = OLD.question_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE questions_question SET version = version + 1 WHERE id = NEW.question_id;
    END IF;
    RETURN NULL;
"""


def touch_thread(*shown: str) -> pgtrigger.Trigger:
    """A trigger that renews the version of the thread a row stands on, whoever changes the row.

    Where only some columns are `shown` there, a change of the others renews nothing.
    """
    update = pgtrigger.UpdateOf(*shown) if shown else pgtrigger.Update
    return pgtrigger.Trigger(
        name="touch_thread",
        operation=pgtrigger.Insert | update | pgtrigger.Delete,
        when=pgtrigger.After,
        func=TOUCH_THREAD,
    )


OLDEST_FIRST = (models.F("replied_on").asc(nulls_last=True), "created_at", "id")


class ReplyQuerySet(models.QuerySet):
    def in_order(self):
        """As a reader sees them: oldest first, those of an unknown day last."""
        return self.order_by(*OLDEST_FIRST)

    def as_written(self):
        """In the order they came here, which is the archive's own."""
        return self.order_by("created_at", "id")

    def first_of_each_thread(self):
        """The reply that cards and excerpts show."""
        return self.order_by("question_id", *OLDEST_FIRST).distinct("question_id")


class Reply(models.Model):
    """A doctor's published reply. What is still being written is a Draft."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="replies")
    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, null=True, blank=True, related_name="replies", verbose_name=_("doctor")
    )
    specialty = models.ForeignKey(
        Specialty, on_delete=models.PROTECT, related_name="replies", verbose_name=_("specialty")
    )
    text = models.TextField(_("reply"))
    replied_on = models.DateField(_("replied on"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    corrected_at = models.DateTimeField(null=True, blank=True, editable=False)
    corrected_by = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    helped_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="reply_has_text"),
            models.CheckConstraint(
                condition=models.Q(corrected_at__isnull=True, corrected_by__isnull=True)
                | models.Q(corrected_at__isnull=False, corrected_by__isnull=False),
                name="reply_corrected_at_with_by",
            ),
        ]
        indexes = [
            models.Index(fields=["question", "created_at", "id"], name="reply_in_order"),
            models.Index(fields=["doctor", "-id"], name="reply_of_doctor"),
        ]
        triggers = [touch_thread()]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return f"{self.question.get_absolute_url()}#reply-{self.pk}"

    @transaction.atomic
    def mark_helped(self) -> None:
        """The asker says that this reply helped. Harmless when repeated."""
        now = timezone.now()
        if Reply.objects.filter(pk=self.pk, helped_at=None).update(helped_at=now):
            self.helped_at = now
            self.question.decisions.create(act="helped")


class FollowUpQuerySet(models.QuerySet):
    MOST_A_THREAD = 3

    def answered(self):
        """Those that everybody may read, in order."""
        return self.filter(answered_at__isnull=False).order_by("created_at", "id")

    def waiting(self):
        """Those that wait for a doctor, oldest first."""
        return self.filter(answered_at__isnull=True, question__state=State.PUBLISHED).order_by("created_at", "id")

    def room_for_more(self) -> bool:
        """Whether one more may be asked on the thread these belong to."""
        return self.count() < self.MOST_A_THREAD

    @transaction.atomic
    def ask(self, *, question: Question, text: str) -> bool:
        """Ask one more; False where the thread is not public or has no room. The same words are not taken twice."""
        current = Question.objects.select_for_update().get(pk=question.pk)
        if not current.is_published:
            return False
        asked = self.filter(question=question)
        if asked.filter(text=text).exists():
            return True
        if not asked.room_for_more():
            return False
        self.create(question=question, text=text)
        question.decisions.create(act="follow_up", by=question.asker)
        return True


class FollowUp(models.Model):
    """The asker's further question on a published thread; public once a doctor has answered it."""

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
                | (models.Q(answered_at__isnull=False, answered_by__isnull=False) & ~models.Q(answer="")),
                name="follow_up_answered_at_with_by",
            )
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


class Draft(models.Model):
    """A doctor's unfinished work on one question: the title, the reply, the More Info and its topics."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="drafts")
    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, related_name="drafts")
    public_title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    more_info = models.TextField(blank=True)
    sources = models.TextField(blank=True)
    topics = models.TextField(blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "doctor"], name="draft_one_a_doctor")]

    def __str__(self) -> str:
        return f"#{self.pk}"
