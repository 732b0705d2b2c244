from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.claims import Claimable, claimed_by_somebody
from accounts.models import User
from forum.questions.models import Question, ReportReason

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


class Report(Claimable):
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
    # For nobody but the site. From the sender cannot be told who reports twice; the other two are forgotten once told.
    sender = models.CharField(max_length=64, editable=False)
    email = models.EmailField(blank=True, editable=False)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="open_reports",
    )
    reported_at = models.DateTimeField(_("reported"), default=timezone.now, editable=False)

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
            claimed_by_somebody("report_claimed_at_with_by"),
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

    def decide(self, outcome: Outcome, *, by: User, ground: str, note: str) -> None:
        """Record what was decided. The caller holds the row and has seen that it is open."""
        self.outcome, self.ground, self.note = outcome, ReportReason(ground), note
        self.decided_at, self.decided_by = timezone.now(), by
        self.save(update_fields=["outcome", "ground", "note", "decided_at", "decided_by"])

    def forget_reporter_told(self) -> None:
        """The reporter has heard of it: address and account have served their purpose."""
        self.email, self.reporter = "", None
        self.save(update_fields=["email", "reporter"])
