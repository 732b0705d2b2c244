import logging
import signal
import time

from django.db import InterfaceError, OperationalError, connection
from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker

from forum.operations.heartbeat import Heartbeat

PAUSE_SECONDS = 2

logger = logging.getLogger("consilium.worker")


def asked_to_stop() -> bool:
    """Whether SIGTERM came while the worker was at a task; the worker, whose handler it is, has noted it."""
    worker = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return worker is not None and not worker.running


class Command(DatabaseWorker):
    help = "Run a background worker: any number of them, on any host that reaches the database"

    def configure_logging(self, verbosity: int) -> None:
        """Only failures, unless asked for more: the original writes two lines a task."""
        super().configure_logging(verbosity)
        if verbosity == 1:
            for name in ("django_tasks", "django_tasks_db"):
                logging.getLogger(name).setLevel(logging.ERROR)

    def handle(self, *, worker_id: str, **options) -> None:
        Heartbeat(worker_id).start()
        while True:
            try:
                return super().handle(worker_id=worker_id, **options)
            except (OperationalError, InterfaceError) as error:
                if asked_to_stop():
                    return None
                logger.warning("The database is away (%s); trying again", type(error).__name__)
                connection.close()
                time.sleep(PAUSE_SECONDS)
