from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.claims import Claimable, claimed_by_somebody
from accounts.models import User
from forum.questions.models.moving import WrongState
from forum.questions.models.question import Question

# On one thread, all told: who was refused may ask again, with other words.
MOST_REQUESTS = 3


class RemovalKind(models.TextChoices):
    """What an asker can have done with what is public already."""

    REMOVE = "remove", _("Take the whole thread off the site")
    ANONYMISE = "anonymise", _("Keep the thread, and take out what tells who I am")


class RemovalOutcome(models.TextChoices):
    """What an admin decides; none while it is open."""

    GRANTED = "granted", _("Do what is asked for")
    REFUSED = "refused", _("Refuse it, with a reason")


class RemovalRequestQuerySet(models.QuerySet):
    def open(self):
        """Those that nobody has decided, oldest first: the admins' order of work."""
        return self.filter(outcome="").order_by("requested_at", "id")

    def newest_first(self):
        return self.order_by("-requested_at", "-id")

    @transaction.atomic
    def ask(self, *, question: Question, kind: str, words: str = "") -> bool:
        """Ask for it, one at a time and MOST_REQUESTS in all; False, and nothing changes, where there is no room.

        `kind` is a RemovalKind. Raises WrongState where nothing of the question is or was public.
        """
        current = Question.objects.select_for_update().get(pk=question.pk)
        if not current.can_be_taken_off:
            raise WrongState(current.state)
        asked = self.filter(question=question)
        if asked.open().exists() or asked.count() >= MOST_REQUESTS:
            return False
        self.create(question=question, kind=RemovalKind(kind), words=words)
        question.decisions.create(act="request_removal", by=current.asker, reason=kind)
        return True

    @transaction.atomic
    def take_back(self, *, question: Question) -> bool:
        """The asker has changed their mind; False where nothing is open, so that a repeat is harmless."""
        current = Question.objects.select_for_update().get(pk=question.pk)
        if not self.filter(question=question).open().delete()[0]:
            return False
        question.decisions.create(act="take_back_removal", by=current.asker)
        return True

    def forget_words(self) -> None:
        """Of these nothing is kept but what was asked for and decided."""
        self.update(words="", note="")


class RemovalRequest(Claimable):
    """An asker wants a public thread of theirs gone, or made anonymous; an admin decides. Never public."""

    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="removal_requests", editable=False, verbose_name=_("thread")
    )
    kind = models.CharField(_("what is asked for"), max_length=10, choices=RemovalKind, editable=False)
    words = models.TextField(_("the asker's words"), blank=True, editable=False)
    requested_at = models.DateTimeField(_("asked on"), default=timezone.now, editable=False)
    outcome = models.CharField(_("decision"), max_length=10, choices=RemovalOutcome, blank=True, editable=False)
    note = models.TextField(_("reason"), blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )

    objects = RemovalRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("removal request")
        verbose_name_plural = _("removal requests")
        constraints = [
            models.UniqueConstraint(
                fields=["question"], condition=models.Q(outcome=""), name="removal_request_one_open"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=RemovalKind.values), name="removal_request_kind_known"),
            claimed_by_somebody("removal_request_claimed_at_with_by"),
            models.CheckConstraint(
                condition=models.Q(outcome="", decided_at__isnull=True, decided_by__isnull=True)
                | models.Q(outcome__in=RemovalOutcome.values, decided_at__isnull=False, decided_by__isnull=False),
                name="removal_request_outcome_with_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["requested_at", "id"], name="removal_request_open", condition=models.Q(outcome="")),
            models.Index(fields=["outcome", "-decided_at"], name="removal_request_decided"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        return not self.outcome

    @property
    def is_refused(self) -> bool:
        return self.outcome == RemovalOutcome.REFUSED

    def decide(self, outcome: str, *, by: User, note: str) -> None:
        """Record what was decided. The caller holds the question and has seen that it is open."""
        self.outcome, self.note = RemovalOutcome(outcome), note
        self.decided_at, self.decided_by = timezone.now(), by
        self.save(update_fields=["outcome", "note", "decided_at", "decided_by"])
