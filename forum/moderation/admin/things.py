"""What reports are about, for the admins' lists."""

from collections.abc import Iterable

from forum.moderation.models import Report
from forum.moderation.things import things_named


def look_up_things(reports: Iterable[Report]) -> None:
    """Give each report its thing, whatever their number."""
    reports = list(reports)
    things = things_named((report.question, report.what) for report in reports)
    for report in reports:
        report.thing = things[report.question_id, report.what]
