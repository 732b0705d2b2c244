from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.specialties.journal import Journal
from forum.specialties.models import Specialty

# The current week and the one before change by the hour; all others are counted anew once a night.
RECENT_WEEKS = 2
RECENT = timedelta(minutes=50)


class Counted(models.TextChoices):
    """What is counted. Of questions asked here alone: those of an archive were neither asked nor answered on the site.

    A decline is counted under its reason (`declined`), so that a new reason needs no change here.
    """

    ASKED = "asked", _("Questions asked")
    UNANSWERED = "unanswered", _("Of them still unanswered")
    ANSWERED = "answered", _("Questions answered")
    SECOND_REPLY = "second_reply", _("Second replies")
    REPORTED = "reported", _("Reports")
    HELPED = "helped", _("Replies that helped")
    DEFLECTED = "deflected", _("Found their answer before asking")


def declined(reason: str) -> str:
    """What declines for this DeclineReason are counted as."""
    return f"declined:{reason}"


class CountedWeekQuerySet(models.QuerySet):
    def fresh(self):
        """Those that need not be counted again: since this midnight, or lately where things still happen in them."""
        now = timezone.localtime()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        recent = midnight.date() - timedelta(days=now.weekday(), weeks=RECENT_WEEKS - 1)
        lately = models.Q(week__lt=recent) | models.Q(counted_at__gt=now - RECENT)
        return self.filter(lately, counted_at__gte=midnight)


class CountedWeek(models.Model):
    """When the worker last counted what happened in a week."""

    week = models.DateField(primary_key=True, help_text="Its Monday.")
    counted_at = models.DateTimeField(null=True)

    objects = CountedWeekQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.week)


class WeekCountQuerySet(models.QuerySet):
    def move_to_specialty(self, source: Specialty, target: Specialty, journal: Journal) -> None:
        """Not written down: where the merge is undone, the next night counts them anew."""
        self.update(specialty=target)


class WeekCount(models.Model):
    """How often something happened in a week, from Monday on in the site's time zone.

    By the specialty where the question now stands and, where one did it or it is about one's work, by doctor. Rows of
    the same key add up: where specialties or doctors are merged, theirs are simply moved.
    """

    week = models.DateField()
    specialty = models.ForeignKey(Specialty, on_delete=models.CASCADE, related_name="week_counts")
    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, null=True, related_name="week_counts")
    what = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    waits = ArrayField(
        models.PositiveIntegerField(),
        default=list,
        help_text="Of answered questions: seconds each waited.",
    )

    objects = WeekCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        default_permissions = ["view"]
        indexes = [models.Index(fields=["week", "specialty"], name="week_count_of_week")]

    def __str__(self) -> str:
        return f"{self.week} {self.what}: {self.number}"
