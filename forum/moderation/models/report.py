from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.questions.models import Question, ReportReason

CLAIMED_FOR = timedelta(minutes=30)


# Somebody may come to harm meanwhile.
URGENT = (ReportReason.DANGER, ReportReason.PERSONAL)


class Outcome(models.TextChoices):
    """What admins decide; none while it is open."""

    KEEP = "keep", _("Keep it as it is")
    CORRECT = "correct", _("Ask the doctor to correct it")
    HIDE = "hide", _("Hide it (can be restored)")
    REMOVE = "remove", _("Remove it for good, its words too")


class ReportQuerySet(models.QuerySet):
    def open(self):
        """Those that nobody has decided."""
        return self.filter(outcome="")

    def worst_first(self):
        """The urgent ones, then the others, oldest first: the admins' order of work."""
        return self.order_by("-urgent", "reported_at", "id")

    def on_the_same(self, report: "Report"):
        """All reports of the thing that this one is about, itself among them."""
        return self.filter(question=report.question_id, what=report.what)

    def forget_address(self, email: str) -> int:
        """Blank this address wherever a reporter left it; how many there were."""
        return self.filter(email__iexact=email.strip()).update(email="")

    def forget_words(self) -> int:
        """Of these nothing is kept but what was reported, why, and what was decided; how many there were."""
        return self.update(words="", note="")


class Report(models.Model):
    """A reader says that something public should not stand as it does. For admins' eyes only.

    `what` names the thing as the thread page's anchors do: "thread", "more-info", "reply-12", "follow-up-2".
    """

    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="reports", editable=False, verbose_name=_("thread")
    )
    what = models.CharField(_("what"), max_length=40, editable=False)
    reason = models.CharField(_("reason"), max_length=20, choices=ReportReason)
    words = models.TextField(_("the reporter's words"), blank=True)
    urgent = models.GeneratedField(
        expression=models.Q(reason__in=[reason.value for reason in URGENT]),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    # Both for nobody but the site; who reports twice cannot be told from it.
    sender = models.CharField(max_length=64, editable=False)
    email = models.EmailField(blank=True, editable=False)
    reported_at = models.DateTimeField(_("reported"), default=timezone.now, editable=False)

    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    outcome = models.CharField(_("decision"), max_length=10, choices=Outcome, blank=True, editable=False)
    ground = models.CharField(_("ground"), max_length=20, choices=ReportReason, blank=True, editable=False)
    note = models.TextField(_("note"), blank=True, editable=False)
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

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            # The sender's digest differs from thing to thing, so this is one open report a reporter and thing.
            models.UniqueConstraint(fields=["sender"], condition=models.Q(outcome=""), name="report_one_open_a_sender"),
            models.CheckConstraint(
                condition=models.Q(what__regex=r"^(thread|more-info|(reply|follow-up)-[1-9][0-9]*)$"),
                name="report_names_a_thing",
            ),
            models.CheckConstraint(condition=models.Q(reason__in=ReportReason.values), name="report_reason_known"),
            models.CheckConstraint(
                condition=models.Q(claimed_at__isnull=True, claimed_by__isnull=True)
                | models.Q(claimed_at__isnull=False, claimed_by__isnull=False),
                name="report_claimed_at_with_by",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", ground="", decided_at__isnull=True, decided_by__isnull=True)
                | models.Q(
                    outcome__in=Outcome.values,
                    ground__in=ReportReason.values,
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="report_outcome_with_decided",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-urgent", "reported_at", "id"], name="report_open_worst_first", condition=models.Q(outcome="")
            ),
            models.Index(fields=["outcome", "-decided_at"], name="report_decided"),
            models.Index(fields=["reported_at"], name="report_of_week"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        return not self.outcome

    @property
    def claimed_until(self) -> datetime | None:
        """When the claim on it ends, in the site's time zone; None where nobody holds it."""
        end = self.claimed_at and self.claimed_at + CLAIMED_FOR
        return timezone.localtime(end) if end and end > timezone.now() else None

    def is_held_from(self, user: User) -> bool:
        """Whether another admin is at it."""
        return self.claimed_until is not None and self.claimed_by_id != user.pk

    def decide(self, outcome: Outcome, *, by: User, ground: str, note: str) -> None:
        """Record what was decided. The caller holds the row and has seen that it is open."""
        self.outcome, self.ground, self.note = outcome, ReportReason(ground), note
        self.decided_at, self.decided_by = timezone.now(), by
        self.save(update_fields=["outcome", "ground", "note", "decided_at", "decided_by"])

    def forget_address_told(self) -> None:
        """The reporter has heard of it: the address has served its purpose."""
        self.email = ""
        self.save(update_fields=["email"])
