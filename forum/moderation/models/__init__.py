from forum.moderation.models.claim import Claim, HeldByAnother
from forum.moderation.models.correction import Correction
from forum.moderation.models.figures import Counted, CountedWeek, WeekCount, declined
from forum.moderation.models.look_request import LookRequest
from forum.moderation.models.merge import Merge
from forum.moderation.models.report import Outcome, Report

__all__ = [
    "Claim",
    "Correction",
    "Counted",
    "CountedWeek",
    "HeldByAnother",
    "LookRequest",
    "Merge",
    "Outcome",
    "Report",
    "WeekCount",
    "declined",
]
