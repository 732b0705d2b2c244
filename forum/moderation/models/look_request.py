from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.questions.models import OPEN_STATES, Question, WrongState
from forum.replies.models import Draft


class LookRequestQuerySet(models.QuerySet):
    def standing(self):
        """Those whose colleague may look: not taken back, and the question is still to be answered."""
        return self.filter(ended_at__isnull=True, question__state__in=OPEN_STATES)

    def asked_of(self, doctor: Doctor):
        """What this doctor was asked to look at, longest ago first."""
        return self.standing().filter(colleague=doctor).order_by("asked_at", "id")

    def unanswered(self):
        return self.filter(answered_at__isnull=True)

    def end_all(self, *, question: Question) -> None:
        """The question goes to other doctors: nobody here need look any more."""
        self.filter(question=question, ended_at__isnull=True).update(ended_at=timezone.now())


class LookRequest(models.Model):
    """A doctor asks a named colleague to look at a question and the draft of its reply. It holds nothing up.

    It opens the question to the colleague, whatever their specialties, while it stands.
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="look_requests")
    asked_by = models.ForeignKey(Doctor, on_delete=models.PROTECT, related_name="looks_wanted")
    colleague = models.ForeignKey(Doctor, on_delete=models.PROTECT, related_name="looks_asked")
    note = models.TextField(_("note for the colleague"), blank=True)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    is_fine = models.BooleanField(_("fine as it is"), default=False)
    answer = models.TextField(_("comment"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = LookRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to look")
        verbose_name_plural = _("requests to look")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(asked_by=models.F("colleague")), name="look_request_of_somebody_else"
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, is_fine=False, answer="")
                | (models.Q(answered_at__isnull=False) & (models.Q(is_fine=True) | ~models.Q(answer=""))),
                name="look_request_answer_with_time",
            ),
            models.UniqueConstraint(
                fields=["question", "asked_by", "colleague"],
                condition=models.Q(answered_at__isnull=True, ended_at__isnull=True),
                name="look_request_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["colleague", "asked_at"],
                name="look_request_waiting",
                condition=models.Q(answered_at__isnull=True, ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def draft(self) -> Draft | None:
        """What the doctor who asks has written so far."""
        return self.question.drafts.filter(doctor=self.asked_by_id).first()

    @transaction.atomic
    def give_answer(self, *, is_fine: bool, text: str) -> None:
        """The colleague's word to the doctor who asks; a later one replaces it, the same again changes nothing.

        Raises WrongState where the question was dealt with, or the request taken back.
        """
        self._lock_question()
        current = LookRequest.objects.standing().filter(pk=self.pk).first()
        if current is None:
            raise WrongState
        if current.answered_at and (current.is_fine, current.answer) == (is_fine, text):
            return
        self.is_fine, self.answer, self.answered_at = is_fine, text, timezone.now()
        self.save(update_fields=["is_fine", "answer", "answered_at"])
        reason = "fine" if is_fine else "comment"
        self.question.decisions.create(act="answer_look", by=self.colleague.user, reason=reason)

    @transaction.atomic
    def take_back(self) -> None:
        """The doctor who asked can do without. Harmless when repeated."""
        self._lock_question()
        now = timezone.now()
        if LookRequest.objects.filter(pk=self.pk, ended_at=None).update(ended_at=now):
            self.ended_at = now
            self.question.decisions.create(act="take_back_look", by=self.asked_by.user, reason=self.colleague.name[:60])

    def _lock_question(self) -> None:
        # Before any row of this table, as everywhere: so that no two wait for each other.
        Question.objects.select_for_update().values("pk").get(pk=self.question_id)
