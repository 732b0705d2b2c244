"""What the admins' Health page says of each part of the site: in plain words, with what to do where something is wrong.

Everything here is counted up to a limit or estimated, so that the page opens as quickly on a million threads.
"""

import shutil
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Max, QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks_db.models import DBTaskResult

from forum.notifications.models import Notice
from forum.operations.health import missing_migrations
from forum.operations.models import Upkeep, UpkeepKind, WorkerBeat
from forum.search.coverage import ModelCoverage, index_coverage

MOST_COUNTED = 1_000
# So long a task or a mail may wait before somebody looks into it.
LATE = timedelta(minutes=15)
BACKUP_DUE = timedelta(days=2)
DRILL_DUE = timedelta(days=92)
# Bytes that are free.
NEARLY_FULL, FULL = 5 * 1024**3, 1024**3
WELL, SOON, NOW = "well", "soon", "now"


@dataclass(frozen=True)
class Finding:
    """One line of the page. `state`: well, soon (look into it), now (something does not work)."""

    name: str
    state: str
    words: str
    advice: str = ""
    rows: list[str] = field(default_factory=list)

    @property
    def state_in_words(self) -> str:
        return {WELL: _("Well"), SOON: _("Look into it"), NOW: _("Act now")}[self.state]


def checkup() -> list[Finding]:
    """Every part of the site, those that patients would miss first on top."""
    return [part() for part in (database, migrations, worker, queue, failures, mail, index, disk, backups, drills)]


def problems(findings: list[Finding]) -> int:
    return sum(finding.state != WELL for finding in findings)


def database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
    words = _("It answers: PostgreSQL %(version)s, %(size)s.")
    return Finding(_("Database"), WELL, words % {"version": version.split()[0], "size": filesizeformat(size)})


def migrations() -> Finding:
    missing = missing_migrations()
    if not missing:
        return Finding(_("Migrations"), WELL, _("The database is as this code needs it."))
    words = _("The database lacks changes that this code needs: pages may fail.")
    return Finding(_("Migrations"), NOW, words, _("Restart serve, which makes them."), missing)


def worker() -> Finding:
    last = WorkerBeat.objects.aggregate(last=Max("beat_at"))["last"]
    number = WorkerBeat.objects.well().count()
    if number:
        words = ngettext("%(number)s worker is at work.", "%(number)s workers are at work.", number)
        return Finding(_("Background worker"), WELL, words % {"number": number})
    words = _("No worker is at work: no mail goes out, and new threads get no similar threads.")
    if last:
        words += " " + _("The last one was heard %(time)s ago.") % {"time": timesince(last)}
    advice = _("Restart serve, which starts one, or start manage.py db_worker. Its log says why it ended.")
    return Finding(_("Background worker"), NOW, words, advice)


def queue() -> Finding:
    ready = DBTaskResult.objects.ready()
    oldest = ready.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    if oldest is None:
        return Finding(_("Tasks"), WELL, _("Nothing waits."))
    number = counted(ready)
    words = ngettext("%(number)s task waits, for %(time)s.", "%(number)s tasks wait, the oldest for %(time)s.", number)
    words %= {"number": shown(number), "time": timesince(oldest)}
    if timezone.now() - oldest < LATE:
        return Finding(_("Tasks"), WELL, words)
    advice = _("Is a worker at work? If one is and this goes on, start a second one: manage.py db_worker.")
    return Finding(_("Tasks"), SOON, words, advice)


def failures() -> Finding:
    number = counted(DBTaskResult.objects.failed())
    if not number:
        return Finding(_("Failed tasks"), WELL, _("None within a week."))
    words = ngettext("%(number)s failed within a week.", "%(number)s failed within a week.", number)
    advice = _("See below which and where. When the cause is gone, try them again.")
    return Finding(_("Failed tasks"), SOON, words % {"number": shown(number)}, advice)


def mail() -> Finding:
    due, trying, given_up = Notice.objects.due(), Notice.objects.trying_again(), Notice.objects.given_up()
    oldest = due.values_list("due_at", flat=True).first()
    words, rows = _("Nothing is due."), []
    if oldest:
        words = _("%(number)s due, the oldest for %(time)s.")
        words %= {"number": shown(counted(due)), "time": timesince(oldest)}
    if tried := counted(trying):
        error = trying.values_list("last_error", flat=True).first()
        failed = _("Not taken by the mail server, and tried again: %(number)s. The last error: %(error)s.")
        rows.append(failed % {"number": shown(tried), "error": error})
    if lost := counted(given_up):
        rows.append(_("Given up: %(number)s.") % {"number": shown(lost)})
    late = oldest is not None and timezone.now() - oldest > LATE
    if late or tried:
        advice = _("Does the mail server answer, and is EMAIL_URL right? Afterwards what is due goes out by itself.")
    else:
        advice = _("See Notices, given up: wrong addresses need nothing, others can be tried again.") if lost else ""
    return Finding(_("Mail"), NOW if late else SOON if rows else WELL, words, advice, rows)


def index() -> Finding:
    coverage = index_coverage()
    if not coverage.threads:
        return Finding(_("Search index"), WELL, _("There are no published threads yet."))
    words = _("%(share)s of the published threads are found by their words.") % {"share": percent(coverage.words)}
    if coverage.is_estimate:
        words += " " + _("Estimated from %(number)s threads.") % {"number": f"{coverage.threads:,}"}
    if coverage.is_complete:
        return Finding(_("Search index"), WELL, words, "", [meanings(part) for part in coverage.models])
    advice = _("The worker catches up once an hour; manage.py reindex does it at once, and says what is in its way.")
    return Finding(_("Search index"), SOON, words, advice, [meanings(part) for part in coverage.models])


def meanings(part: ModelCoverage) -> str:
    if part.share is None:
        return _("%(language)s: the model does not answer.") % {"language": part.language}
    words = _("%(language)s: %(share)s are found by their meaning (%(model)s).")
    return words % {"language": part.language, "model": part.model, "share": percent(part.share)}


def disk() -> Finding:
    places = {path.stat().st_dev: path for path in (settings.MEDIA_ROOT, settings.DATA_DIR) if path.exists()}
    usages = [(path, shutil.disk_usage(path)) for path in places.values()]
    rows = [
        _("%(free)s of %(total)s are free at %(path)s.")
        % {"free": filesizeformat(usage.free), "total": filesizeformat(usage.total), "path": path}
        for path, usage in usages
    ]
    least = min(usage.free for _path, usage in usages)
    state = NOW if least < FULL else SOON if least < NEARLY_FULL else WELL
    words = _("There is room.") if state == WELL else _("There is little room left.")
    if not database_is_here():
        words += " " + _("The database's own disk cannot be seen from here: watch it there.")
    advice = _("Make room, old backups and logs first, or the site will take no more questions.")
    return Finding(_("Disk"), state, words, "" if state == WELL else advice, rows)


def database_is_here() -> bool:
    """Whether it is the bundled one, whose files lie in the data directory."""
    return connection.settings_dict["HOST"].startswith("/") and (settings.DATA_DIR / "postgres").exists()


def backups() -> Finding:
    last = Upkeep.objects.newest(UpkeepKind.BACKUP)
    advice = _("Run manage.py backup every night, and keep what it writes on another machine.")
    if last is None:
        return Finding(_("Backup"), SOON, _("None was made yet."), advice)
    words = _("%(name)s, %(size)s, %(time)s ago.")
    words %= {"name": last.what, "size": filesizeformat(last.number), "time": timesince(last.at)}
    late = timezone.now() - last.at > BACKUP_DUE
    return Finding(_("Backup"), SOON if late else WELL, words, advice if late else "")


def drills() -> Finding:
    last = Upkeep.objects.filter(kind=UpkeepKind.DRILL).order_by("-at").first()
    advice = _("Run manage.py restore --drill with the newest backup: nothing else shows that it can be restored.")
    if last is None:
        return Finding(_("Restore drill"), SOON, _("None was made yet."), advice)
    values = {"name": last.what, "time": timesince(last.at)}
    if not last.went_well:
        words = _("%(name)s could not be restored, %(time)s ago.") % values
        return Finding(_("Restore drill"), NOW, words, _("Make another backup, and drill with that one."))
    late = timezone.now() - last.at > DRILL_DUE
    words = _("%(name)s came back as it was, %(time)s ago.") % values
    return Finding(_("Restore drill"), SOON if late else WELL, words, advice if late else "")


def counted(rows: QuerySet) -> int:
    """How many, a thousand and one at most."""
    return rows.order_by()[: MOST_COUNTED + 1].count()


def shown(number: int) -> str:
    if number > MOST_COUNTED:
        return _("more than %(number)s") % {"number": f"{MOST_COUNTED:,}"}
    return str(number)


def percent(share: float) -> str:
    """Rounded down: only all of them are 100 %."""
    return f"{int(share * 1000) / 10:g} %"
