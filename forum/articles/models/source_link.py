from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST = 2000  # bytes of an address; what is longer is not checked
FAILURES_UNTIL_BROKEN = 2
AGAIN = timedelta(days=7)
AGAIN_AFTER_FAILURE = timedelta(days=1)


class Outcome(models.TextChoices):
    """What became of asking an address."""

    FINE = "fine", _("there")
    CLOSED = "closed", _("answers, but not to programs")
    GONE = "gone", _("no longer there")
    FAILED = "failed", _("does not answer")
    PRIVATE = "private", _("not on the public network")
    NOT_ASKED = "not_asked", _("not checked")


class SourceLinkQuerySet(models.QuerySet):
    def due(self):
        """Those to be asked, the longest due first."""
        return self.filter(due_at__lte=timezone.now()).order_by("due_at", "id")

    def broken(self):
        """Those that lead nowhere."""
        return self.filter(is_broken=True)

    def note(self, urls) -> None:
        """Have these addresses checked, those that are not known yet."""
        urls = {url for url in urls if len(url.encode("utf-8", "replace")) <= LONGEST}
        self.bulk_create([SourceLink(url=url) for url in sorted(urls)], ignore_conflicts=True)


class SourceLink(models.Model):
    """An address that More Info gives, and whether it leads anywhere.

    What is gone is broken at once; an address that only did not answer, when it did not twice, a day apart.
    """

    url = models.CharField(max_length=LONGEST, unique=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    status = models.PositiveSmallIntegerField(null=True, help_text="Of HTTP.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="How often in a row it did not answer.")
    is_broken = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(default=timezone.now)

    objects = SourceLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", *Outcome.values]), name="source_link_outcome_known"
            )
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="source_link_due"),
            models.Index(fields=["url"], name="source_link_broken", condition=models.Q(is_broken=True)),
        ]

    def __str__(self) -> str:
        return self.url

    def record(self, outcome: Outcome, status: int | None = None) -> None:
        """What was found now; asked again in a week, after no answer tomorrow."""
        failed = outcome == Outcome.FAILED
        self.outcome, self.status, self.checked_at = outcome, status, timezone.now()
        self.failures = min(self.failures + 1, 100) if failed else 0
        gone = outcome in (Outcome.GONE, Outcome.PRIVATE)
        self.is_broken = gone or self.failures >= FAILURES_UNTIL_BROKEN
        self.due_at = self.checked_at + (AGAIN_AFTER_FAILURE if failed and not self.is_broken else AGAIN)
        self.save(update_fields=["outcome", "status", "checked_at", "failures", "is_broken", "due_at"])

    def postpone(self) -> None:
        """Ask tomorrow; nothing was found out now."""
        self.due_at = timezone.now() + AGAIN_AFTER_FAILURE
        self.save(update_fields=["due_at"])
