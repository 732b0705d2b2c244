"""While a backup copies the uploads, nobody deletes any: what its snapshot knows is still there when it comes to it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# The advisory lock that backups hold in common and that whoever deletes files must have alone.
NUMBER = 7_311_001


def may_delete_files() -> bool:
    """Whether no backup copies uploads; none begins to before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [NUMBER])
        return cursor.fetchone()[0]


@contextmanager
def files_kept() -> Iterator[None]:
    """Hold off who would delete files; waits for those who are at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [NUMBER])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [NUMBER])
