from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import Doctor
from forum.questions.models import State
from forum.questions.services import Median
from forum.replies.models import Reply


@dataclass(frozen=True)
class Figures:
    """A doctor's own work on questions that were asked here; `wait` is the median one of this month's."""

    answered: int
    wait: timedelta | None
    helped: int


def own_figures(doctor: Doctor) -> Figures:
    """How many answers this month, how long their patients had waited, how many replies ever helped; one query."""
    first = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    this_month = Q(created_at__gte=first)
    asked_here = Reply.objects.filter(
        doctor=doctor, question__state=State.PUBLISHED, question__token_hash__isnull=False
    )
    first_reply = Q(created_at=F("question__published_at"))  # for a second one nobody waits
    waited = F("created_at") - F("question__created_at") - F("question__paused")
    found = asked_here.aggregate(
        answered=Count("pk", filter=this_month),
        wait=Median(waited, filter=this_month & first_reply),
        helped=Count("helped_at"),
    )
    return Figures(**found)
