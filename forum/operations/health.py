"""Whether the parts that the site depends on are well. Each answers False, not an error, when it cannot tell."""

from functools import cache

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from forum.operations.models import WorkerBeat


def readiness() -> dict[str, bool]:
    """Whether the database answers, has every migration of this code, and has heard a background worker lately."""
    return {
        "database": well(connection.ensure_connection),
        "migrations": well(migrated),
        "worker": well(WorkerBeat.objects.well().exists),
    }


def well(check) -> bool:
    try:
        return check() is not False
    except (DatabaseError, InterfaceError):
        return False


def migrated() -> bool:
    return not missing_migrations()


def missing_migrations() -> list[str]:
    """The newest migrations of this code that the database lacks, as `app.name`."""
    missing = newest_migrations().difference(MigrationRecorder(connection).applied_migrations())
    return sorted(".".join(key) for key in missing)


@cache
def newest_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each app on disk: these do not change while a process lives."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
