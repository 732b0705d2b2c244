"""What happened in a week, counted from the rows themselves and kept for the screen."""

from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from forum.moderation.figures.weeks import A_WEEK, begin, this_week, week_of, weeks_between
from forum.moderation.models import CountedWeek, WeekCount

# Each part is a range of an index. Decisions tell what was done here: an archive's threads have none of these, and a
# thread made anonymous keeps them. A transferred question counts where it stands now, for all that happened to it.
COUNT = """
INSERT INTO moderation_weekcount (week, specialty_id, doctor_id, what, number, waits)
SELECT %(week)s, specialty_id, doctor_id, what, sum(number),
       coalesce(array_agg(wait ORDER BY wait) FILTER (WHERE wait IS NOT NULL), '{}')
FROM (
    SELECT question.specialty_id, NULL::bigint AS doctor_id, 'asked' AS what, 1 AS number, NULL::integer AS wait
    FROM questions_decision asked JOIN questions_question question ON question.id = asked.question_id
    WHERE asked.act = 'ask' AND asked.made_at >= %(begin)s AND asked.made_at < %(end)s
UNION ALL
    SELECT question.specialty_id, NULL, 'unanswered', 1, NULL
    FROM questions_decision asked JOIN questions_question question ON question.id = asked.question_id
    WHERE asked.act = 'ask' AND asked.made_at >= %(begin)s AND asked.made_at < %(end)s
      AND question.state IN ('waiting', 'needs_info')
UNION ALL
    SELECT question.specialty_id, reply.doctor_id, 'answered', 1,
           greatest(extract(epoch FROM question.published_at - question.created_at - question.paused), 0)::integer
    FROM questions_decision published JOIN questions_question question ON question.id = published.question_id
    LEFT JOIN replies_reply reply ON reply.question_id = question.id AND reply.created_at = question.published_at
    WHERE published.act = 'publish' AND published.made_at >= %(begin)s AND published.made_at < %(end)s
UNION ALL
    SELECT question.specialty_id, reply.doctor_id, 'second_reply', 1, NULL
    FROM questions_decision second JOIN questions_question question ON question.id = second.question_id
    JOIN replies_reply reply ON reply.id = substring(second.reason FROM '^reply ([0-9]+)$')::bigint
    WHERE second.act = 'second_reply' AND second.made_at >= %(begin)s AND second.made_at < %(end)s
UNION ALL
    SELECT question.specialty_id, doctor.id, 'declined:' || declined.reason, 1, NULL
    FROM questions_decision declined JOIN questions_question question ON question.id = declined.question_id
    LEFT JOIN accounts_doctor doctor ON doctor.user_id = declined.by_id
    WHERE declined.act = 'decline' AND declined.made_at >= %(begin)s AND declined.made_at < %(end)s
UNION ALL
    SELECT question.specialty_id, coalesce(reply.doctor_id, follow_up.answered_by_id, article.signed_by_id),
           'reported', 1, NULL
    FROM moderation_report report JOIN questions_question question ON question.id = report.question_id
    LEFT JOIN replies_reply reply ON reply.id = substring(report.what FROM '^reply-([0-9]+)$')::bigint
    LEFT JOIN replies_followup follow_up ON follow_up.id = substring(report.what FROM '^follow-up-([0-9]+)$')::bigint
    LEFT JOIN articles_article article ON report.what = 'more-info' AND article.question_id = question.id
    WHERE report.reported_at >= %(begin)s AND report.reported_at < %(end)s
UNION ALL
    SELECT question.specialty_id, reply.doctor_id, 'helped', 1, NULL
    FROM replies_reply reply JOIN questions_question question ON question.id = reply.question_id
    WHERE reply.helped_at >= %(begin)s AND reply.helped_at < %(end)s
UNION ALL
    SELECT question.specialty_id, NULL, 'deflected', found.times, NULL
    FROM search_answerfound found JOIN questions_question question ON question.id = found.question_id
    WHERE found.day >= %(week)s AND found.day < %(next)s
) AS happened
GROUP BY specialty_id, doctor_id, what
"""
FIRST = """
SELECT least(
    (SELECT min(made_at) FROM questions_decision WHERE act = 'ask'),
    (SELECT min(reported_at) FROM moderation_report),
    (SELECT min(day) FROM search_answerfound)::timestamp AT TIME ZONE %s
)
"""


@transaction.atomic
def count_week(week: date) -> None:
    """Count what happened in the week from this Monday on, in the place of what was counted before."""
    CountedWeek.objects.get_or_create(week=week)
    counted = CountedWeek.objects.select_for_update().get(week=week)
    WeekCount.objects.filter(week=week).delete()
    bounds = {"week": week, "next": week + A_WEEK, "begin": begin(week), "end": begin(week + A_WEEK)}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, bounds)
    counted.counted_at = timezone.now()
    counted.save(update_fields=["counted_at"])


def weeks_to_count() -> list[date]:
    """Those that were not counted since midnight, and of the current ones those not counted lately; newest first."""
    first = _first_week()
    if first is None:
        return []
    fresh = set(CountedWeek.objects.fresh().values_list("week", flat=True))
    return [week for week in weeks_between(first, this_week()) if week not in fresh][::-1]


def _first_week() -> date | None:
    with connection.cursor() as cursor:
        cursor.execute(FIRST, [timezone.get_default_timezone_name()])
        (moment,) = cursor.fetchone()
    weeks = [week_of(timezone.localdate(moment))] if moment else []
    # What was counted may have lost its rows since.
    weeks += CountedWeek.objects.order_by("week").values_list("week", flat=True)[:1]
    return min(weeks, default=None)
