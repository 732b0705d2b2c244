"""A dump into a database: all of it, or nothing."""

import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import BinaryIO

from django.db import connection

from forum.operations.backups.archive import CHUNK
from forum.operations.backups.errors import BackupError
from forum.operations.backups.programs import address, complaint, program, server_version

# Tables take their indexes and triggers with them, and sequences that belong to a column.
EMPTY = """
DO $$
DECLARE
    thing record;
    schemas oid[] := ARRAY(
        SELECT oid FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
    );
BEGIN
    FOR thing IN
        SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
            ELSE 'TABLE' END AS kind, c.oid::regclass::text AS name
        FROM pg_class c WHERE c.relnamespace = ANY (schemas) AND c.relkind IN ('v', 'm', 'r', 'p', 'S')
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                AND d.deptype IN ('e', 'i'))
        ORDER BY array_position(ARRAY['v', 'm', 'r', 'p', 'S'], c.relkind::text)
    LOOP
        EXECUTE format('DROP %s IF EXISTS %s CASCADE', thing.kind, thing.name);
    END LOOP;
    FOR thing IN
        SELECT p.oid::regprocedure::text AS name
        FROM pg_proc p WHERE p.pronamespace = ANY (schemas)
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                AND d.deptype = 'e')
    LOOP
        EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', thing.name);
    END LOOP;
END $$;
"""
BEGIN = "SET client_min_messages = warning; BEGIN; SET LOCAL lock_timeout = '10s';\n"
COMMIT = "\nCOMMIT;\n"
# pg_restore says this to every server; those before 17 do not know it.
UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"
HEAD_LINES = 60


def load(dump: BinaryIO, *, dumped_by: int, replace: bool, closed: Sequence[str] = ()) -> None:
    """Load what pg_dump wrote, in one transaction, after emptying the database if it is to be replaced.

    Rights stay behind, since the roles may be others there; but the `closed` functions are closed to everybody again.
    Whatever ends this before its end, the database is as it was. Raises BackupError.
    """
    pg_restore = program("pg_restore", at_least=dumped_by)
    arguments, environment = address()
    psql = [program("psql", at_least=server_version()), "--no-psqlrc", "--quiet", "--file=-", "--output=/dev/null"]
    psql += ["--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse", *arguments]
    connection.close()
    with tempfile.TemporaryFile() as errors:
        loader = subprocess.Popen(psql, stdin=subprocess.PIPE, stderr=errors, env=environment, cwd="/")
        with suppress(BrokenPipeError):  # it says why itself
            try:
                loader.stdin.write((BEGIN + EMPTY * replace).encode())
                for part in _statements(pg_restore, dump):
                    loader.stdin.write(part)
                for function in closed:
                    loader.stdin.write(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC;\n".encode())
                loader.stdin.write(COMMIT.encode())  # without it nothing was done
            finally:
                with suppress(BrokenPipeError):
                    loader.stdin.close()
                status = loader.wait()
        if status:
            errors.seek(0)
            reason = complaint(errors.read().decode(errors="replace"))
            raise BackupError(f"The database refused the backup: {reason}. It is as it was.")


def _statements(pg_restore: str, dump: BinaryIO) -> Iterator[bytes]:
    """The dump as SQL. Raises BackupError where pg_restore cannot read all of it."""
    options = ["--no-owner", "--no-privileges", "--no-comments", "--file=-"]
    with tempfile.TemporaryFile() as errors:
        reader = subprocess.Popen(
            [pg_restore, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, cwd="/"
        )
        feeder = threading.Thread(target=_feed, args=(dump, reader.stdin), daemon=True)
        feeder.start()
        try:
            for _number in range(HEAD_LINES):
                line = reader.stdout.readline()
                if line != UNKNOWN_BEFORE_17:
                    yield line
            while chunk := reader.stdout.read(CHUNK):
                yield chunk
        finally:
            reader.stdout.close()
            status = reader.wait()
            feeder.join()
        if status:
            errors.seek(0)
            reason = complaint(errors.read().decode(errors="replace"))
            raise BackupError(f"The dump cannot be read: {reason}. The database is as it was.")


def _feed(dump: BinaryIO, out: BinaryIO) -> None:
    with suppress(BrokenPipeError), out:
        while chunk := dump.read(CHUNK):
            out.write(chunk)
