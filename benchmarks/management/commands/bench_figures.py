"""Ten years of a site that asks and answers evenly: how long its figures and the admins' lists take, as JSON."""

import json
import os
import time
from collections.abc import Callable
from datetime import date
from functools import partial

from django.conf import settings
from django.contrib.admin import site
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.test import Client

from accounts.models import Doctor, User
from benchmarks.loading import unchanging
from benchmarks.timing import costs, explained
from forum.moderation.figures.counting import count_week, weeks_to_count
from forum.moderation.figures.forms import MOST_WEEKS, WEEKS_SHOWN
from forum.moderation.figures.weeks import A_WEEK, this_week
from forum.moderation.models import WeekCount
from forum.questions.models import Question
from forum.search.models import NothingFound
from forum.specialties.models import Specialty

SPECIALTIES, DOCTORS, CALLS = 40, 300, 20
# Each doctor has one specialty. One question in twenty is declined, one withdrawn, the last two in a thousand wait;
# the others were answered.
FILL = [
    "SET session_replication_role = replica",
    """
    INSERT INTO questions_question (id, {same}, archive_id, specialty_id, headline, text, public_title, token_hash,
                                    created_at, paused, state, decline_reason, published_at, modified_at)
    SELECT n, {values}, 'made-' || n, 1 + n % {doctors} % {specialties}, 'A headline', repeat('words ', 80), 'A title',
           md5(n::text), asked, interval '0', state, CASE state WHEN 'declined' THEN 'examination' ELSE '' END,
           CASE state WHEN 'published' THEN answered END, CASE state WHEN 'published' THEN answered END
    FROM (
        SELECT n, now() - interval '10 years' * (1 - n / {threads}.0) AS asked,
               now() - interval '10 years' * (1 - n / {threads}.0) + interval '1 minute' * (20 + 9000 * random() ^ 3)
               AS answered, CASE WHEN n > 0.998 * {threads} THEN 'waiting' WHEN n % 20 = 0 THEN 'declined'
               WHEN n % 20 = 1 THEN 'withdrawn' ELSE 'published' END AS state
        FROM generate_series(1, {threads}) n
    ) AS made
    """,
    """
    INSERT INTO questions_decision (question_id, act, by_id, from_state, to_state, reason, made_at)
    SELECT id, 'ask', NULL::bigint, '', 'waiting', '', created_at FROM questions_question
    UNION ALL SELECT id, 'claim', 1 + id % {doctors}, '', '', '', created_at FROM questions_question
    UNION ALL SELECT id, 'publish', 1 + id % {doctors}, 'waiting', 'published', '', published_at
        FROM questions_question WHERE state = 'published'
    UNION ALL SELECT id, 'decline', 1 + id % {doctors}, 'waiting', 'declined', decline_reason, created_at
        FROM questions_question WHERE state = 'declined'
    ORDER BY 7
    """,
    """
    INSERT INTO replies_reply (question_id, doctor_id, specialty_id, text, created_at, helped_at)
    SELECT id, 1 + id % {doctors}, specialty_id, repeat('words ', 80), published_at,
           CASE WHEN id % 3 = 0 THEN published_at + interval '1 day' END
    FROM questions_question WHERE state = 'published'
    """,
    """
    INSERT INTO moderation_report (question_id, what, reason, words, sender, email, reported_at, outcome, ground, note)
    SELECT question_id, 'reply-' || id, 'other', '', md5(id::text), '', created_at, '', '', '' FROM replies_reply
    WHERE id % 100 = 0
    """,
    """
    INSERT INTO search_answerfound (question_id, day, times)
    SELECT id, published_at::date, 2 FROM questions_question WHERE state = 'published' AND id % 10 = 0
    """,
    """
    INSERT INTO search_nothingfound (day, language, times)
    SELECT current_date - n, 'en', 40 FROM generate_series(0, 3650) n
    """,
    "SET session_replication_role = origin",
    "VACUUM ANALYZE",
]
ADMIN = "admin@example.org"
LISTS = ["queue/", "duplicates/", "history/", "people/", "texts/", "health/"]
OWN = ("archive_id", "specialty_id", "headline", "text", "public_title", "token_hash", "created_at", "paused")
OWN += ("state", "decline_reason", "published_at", "modified_at", "id")


class Command(BaseCommand):
    help = "Benchmarks: the times of the figures, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--threads", type=int, required=True)

    def handle(self, *, threads: int, **_options) -> None:
        load = os.getloadavg()[0]
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        fill(threads)
        weeks = weeks_to_count()
        start = time.perf_counter()
        each = costs(count_week, weeks)
        measured = {"night": time.perf_counter() - start, "weeks": len(weeks), "week": each}
        run("VACUUM ANALYZE moderation_weekcount")
        measured |= {"load": load, "threads": Question.objects.count(), "rows": WeekCount.objects.count()}
        measured |= {
            "screens": screens(),
            "lists": lists(),
            "nothing_found": several(NothingFound.objects.add_one, "en"),
        }
        measured["scanned"] = scanned(weeks[len(weeks) // 2])
        self.stdout.write(json.dumps(measured))


def fill(threads: int) -> None:
    Specialty.objects.bulk_create(
        Specialty(pk=n, name=f"Specialty {n}", slug=f"s{n}") for n in range(1, SPECIALTIES + 1)
    )
    User.objects.bulk_create(User(pk=n, email=f"doctor{n}@example.org") for n in range(1, DOCTORS + 1))
    User.objects.create_superuser(ADMIN, pk=DOCTORS + 1)
    Doctor.objects.bulk_create(Doctor(pk=n, user_id=n, name=f"Doctor {n}", slug=f"d{n}") for n in range(1, DOCTORS + 1))
    same = {column: value for column, value in unchanging(Question).items() if column not in OWN}
    names = {"threads": threads, "specialties": SPECIALTIES, "doctors": DOCTORS, "same": ", ".join(same)}
    with connection.cursor() as cursor:
        values = ", ".join(cursor.cursor.mogrify("%s", [value]).decode() for value in same.values())
    run(*(statement.format(**names, values=values) for statement in FILL))


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def several(call: Callable[[str], object], argument: str) -> dict[str, float]:
    call(argument)
    return costs(call, [argument] * CALLS)


def admin() -> Client:
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(User.objects.get(email=ADMIN))
    return client


def screens() -> dict[str, dict[str, float]]:
    """The whole answer of the site, by address."""
    client, last = admin(), this_week()

    def since(weeks: int) -> date:
        return last - (weeks - 1) * A_WEEK

    asked = {
        f"screen, {WEEKS_SHOWN} weeks": f"figures/?since={since(WEEKS_SHOWN)}",
        f"screen, {MOST_WEEKS} weeks (the most)": f"figures/?since={since(MOST_WEEKS)}",
        f"screen, {MOST_WEEKS} weeks, one specialty": f"figures/?since={since(MOST_WEEKS)}&specialty=s7",
        f"screen, {MOST_WEEKS} weeks, one doctor": f"figures/?since={since(MOST_WEEKS)}&doctor=d7",
        f"sheet by doctor, {MOST_WEEKS} weeks": f"figures.csv?since={since(MOST_WEEKS)}&by=doctor",
    }

    return {name: several(partial(answered, client), path) for name, path in asked.items()}


def lists() -> dict[str, dict[str, float]]:
    """The first page of every list of the admin site, and the screens that are lists."""
    client, models = admin(), [model._meta for model in site._registry]
    paths = [f"{each.app_label}/{each.model_name}/" for each in models] + LISTS
    return {path: several(partial(answered, client), path) for path in paths}


def answered(client: Client, path: str) -> None:
    response = client.get(f"/admin/{path}", follow=True)
    assert response.status_code == 200, (path, response.status_code)


def scanned(week: date) -> list[str]:
    """The tables that counting a week reads from end to end."""
    found: set[str] = set()
    with explained("INSERT INTO moderation_weekcount") as plans:
        count_week(week)
    for plan in plans:
        found |= set(_scanned(plan["Plan"]))
    return sorted(found)


def _scanned(node: dict) -> list[str]:
    own = [node["Relation Name"]] if node["Node Type"] == "Seq Scan" else []
    return own + [name for part in node.get("Plans", ()) for name in _scanned(part)]
