import pghistory
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.questions.models import CorrectionReason, Question, State, WrongState, touch_thread
from forum.replies.models.agreement import Agreement
from forum.replies.models.hiding import Hideable, HideableQuerySet, hidden_with_by
from forum.replies.models.unclear import MOST_UNCLEAR
from forum.replies.seen import ChangedMeanwhile, edition
from forum.specialties.models import Specialty

# A hidden thread may be put right before an admin brings it back.
CORRECTED_IN = (State.PUBLISHED, State.HIDDEN)
OLDEST_FIRST = (models.F("replied_on").asc(nulls_last=True), "created_at", "id")


class OwnReply(Exception):
    """Nobody agrees with a reply of their own; nothing was changed."""


class ReplyQuerySet(HideableQuerySet):
    def in_order(self):
        """As a reader sees them: oldest first, those of an unknown day last."""
        return self.order_by(*OLDEST_FIRST)

    def as_written(self):
        """In the order they came here, which is the archive's own."""
        return self.order_by("created_at", "id")

    def first_of_each_thread(self):
        """The reply that cards and excerpts show."""
        return self.order_by("question_id", *OLDEST_FIRST).distinct("question_id")

    def with_people(self):
        """Each with its doctor and specialty, and in `agreed` the agreements that readers see."""
        agreed = models.Prefetch("agreements", Agreement.objects.standing().select_related("doctor"), "agreed")
        return self.select_related("doctor", "specialty").prefetch_related(agreed)


class Reply(Hideable):
    """A doctor's published reply. What is still being written is a Draft."""

    ACT = "reply"
    BLANK = {"text": ""}

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
            models.CheckConstraint(condition=~models.Q(text="") | models.Q(removed=True), name="reply_has_text"),
            models.CheckConstraint(
                condition=models.Q(corrected_at__isnull=True, corrected_by__isnull=True)
                | models.Q(corrected_at__isnull=False, corrected_by__isnull=False),
                name="reply_corrected_at_with_by",
            ),
            *hidden_with_by("reply"),
        ]
        indexes = [
            models.Index(fields=["question", "created_at", "id"], name="reply_in_order"),
            models.Index(fields=["doctor", "-id"], name="reply_of_doctor"),
            models.Index(fields=["helped_at"], name="reply_helped", condition=models.Q(helped_at__isnull=False)),
        ]
        triggers = [touch_thread()]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return f"{self.question.get_absolute_url()}#reply-{self.pk}"

    @transaction.atomic
    def mark_helped(self) -> None:
        """The asker says that this reply helped. Harmless when repeated."""
        Question.objects.select_for_update().values("pk").get(pk=self.question_id)
        now = timezone.now()
        if Reply.objects.filter(pk=self.pk, helped_at=None).update(helped_at=now):
            self.helped_at = now
            self.question.decisions.create(act="helped")

    @property
    def by_verified(self) -> bool:
        """Whether its doctor was verified on the day of it; what came from an archive may be older than that."""
        verified_at = self.doctor and self.doctor.verified_at
        return bool(verified_at and self.replied_on and self.replied_on >= timezone.localdate(verified_at))

    @property
    def unclear_left(self) -> int:
        """How many more things its asker may say are unclear in it."""
        return max(MOST_UNCLEAR - len(self.unclear.all()), 0)

    @property
    def edition(self) -> str:
        """What `correct` is told to make sure that nobody has changed the words meanwhile."""
        return edition(self.text)

    @transaction.atomic
    def correct(self, *, by: Doctor, text: str, reason: str, since: str = "") -> bool:
        """Put other words in the place of the published ones; readers are told the day, the old ones become a revision.

        `reason` is a CorrectionReason, `since` the edition the doctor had before them (empty: whatever stands there).
        False where that stands there already. Raises WrongState where the thread is neither published nor hidden
        or the reply was removed, ChangedMeanwhile.
        """
        state = Question.objects.select_for_update().values_list("state", flat=True).get(pk=self.question_id)
        if state not in CORRECTED_IN:
            raise WrongState(state)
        current = Reply.objects.select_for_update().get(pk=self.pk)
        if current.removed:
            raise WrongState("removed")
        if current.text == text:
            return False
        if since and since != current.edition:
            raise ChangedMeanwhile(current)
        now = timezone.now()
        self.text, self.corrected_at, self.corrected_by = text, now, by
        with pghistory.context(act="correct", by=by.user_id):
            self.save(update_fields=["text", "corrected_at", "corrected_by"])
        Question.objects.filter(pk=self.question_id).update(modified_at=now)
        self.question.decisions.create(act="correct", by=by.user, reason=CorrectionReason(reason))
        return True

    @transaction.atomic
    def agree(self, *, by: Doctor) -> bool:
        """A colleague's word that it is right as it stands now; False where that was given before.

        Raises WrongState where the thread is not public, OwnReply.
        """
        if not Question.objects.select_for_update().get(pk=self.question_id).is_published:
            raise WrongState
        if self.doctor_id == by.pk:
            raise OwnReply
        if self.agreements.standing().filter(doctor=by).exists():
            return False
        self.agreements.update_or_create(doctor=by, defaults={"agreed_at": timezone.now()})
        self.question.decisions.create(act="agree", by=by.user, reason=f"reply {self.pk}")
        return True

    @transaction.atomic
    def take_back_agreement(self, *, by: Doctor) -> None:
        """Harmless where there is none."""
        Question.objects.select_for_update().values("pk").get(pk=self.question_id)
        if self.agreements.filter(doctor=by).delete()[0]:
            self.question.decisions.create(act="take_back_agreement", by=by.user, reason=f"reply {self.pk}")
