"""What a background worker does beside its tasks: say that it lives, and keep the queue in order."""

import logging
import threading
import time
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, TaskResultStatus

from forum.articles.tasks import check_links_if_not_waiting
from forum.moderation.applications import delete_old_proofs
from forum.moderation.standing import look_after_licences
from forum.moderation.tasks import count_weeks_if_not_waiting
from forum.notifications.keeping import delete_old_notices, make_digests
from forum.notifications.tasks import send_due_if_not_waiting
from forum.operations.models import WELL_SECONDS, WorkerBeat
from forum.questions.models import DiscardedImage, QuestionImage
from forum.search.tasks import catch_up_if_not_waiting

BEAT_SECONDS = 10
BEATS_A_ROUND = 2 * WELL_SECONDS // BEAT_SECONDS
BEATS_TO_NOTICES = 60 // BEAT_SECONDS
# At its start and once an hour it looks for what is left to do in the search index, for links to check, licences that
# end and weeks to count.
BEATS_TO_CATCH_UP = 3600 // BEAT_SECONDS
KEEP_RESULTS = timedelta(days=7)
KEEP_BEATS = timedelta(days=1)
ATTEMPTS = 3

logger = logging.getLogger("consilium.worker")


class Heartbeat(threading.Thread):
    """Beats for one worker until the process ends, and every two minutes puts the queue in order.

    A round comes only after beats that all succeeded: after an outage of the database the other workers, too, have had
    the time to be heard before anyone takes them for dead.
    """

    def __init__(self, worker_id: str) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self.worker_id = worker_id

    def run(self) -> None:
        beats = 0
        while True:
            try:
                WorkerBeat.objects.beat(self.worker_id)
                beats += 1
                if beats % BEATS_A_ROUND == 0:
                    release_abandoned_tasks()
                    delete_old_records()
                    QuestionImage.objects.discard_unused()
                    DiscardedImage.objects.delete_files()
                    delete_old_proofs()
                if beats % BEATS_TO_NOTICES == 0:
                    make_digests()
                    send_due_if_not_waiting()
                if beats % BEATS_TO_CATCH_UP == 1:
                    catch_up_if_not_waiting()
                    check_links_if_not_waiting()
                    look_after_licences()
                    count_weeks_if_not_waiting()
            except (DatabaseError, InterfaceError) as error:
                beats = 0
                logger.warning("No heartbeat: %s", type(error).__name__)
            finally:
                connection.close()  # this thread's own; a new one each time outlives a restart of the database
            time.sleep(BEAT_SECONDS)


@transaction.atomic
def release_abandoned_tasks() -> None:
    """Put tasks whose worker died back into the queue. A task that has lost three workers counts as failed."""
    lately = timezone.now() - timedelta(seconds=WELL_SECONDS)
    well = set(WorkerBeat.objects.well().values_list("worker_id", flat=True))
    for result in DBTaskResult.objects.running().filter(started_at__lt=lately).select_for_update(skip_locked=True):
        if result.worker_ids[-1] in well:
            continue
        if len(result.worker_ids) >= ATTEMPTS:
            result.set_failed(RuntimeError(f"{ATTEMPTS} workers died while they ran this task."))
        else:
            result.status = TaskResultStatus.READY
            result.save(update_fields=["status"])


def delete_old_records() -> None:
    """Delete task results that finished a week ago, beats of workers silent for a day, and notices of no more use."""
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEEP_RESULTS).delete()
    WorkerBeat.objects.filter(beat_at__lt=timezone.now() - KEEP_BEATS).delete()
    delete_old_notices()
