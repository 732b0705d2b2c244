"""What proves that a restored database is the one that was backed up."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.backends.utils import CursorWrapper

# Their rows are of no use elsewhere, and signed-in sessions should not come back to life.
NOT_KEPT = ("public.django_session", "public.shared_cache")
# How rows are written as text, whatever the server's or the database's own settings.
AS_TEXT = """
SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';
SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1
"""
OURS = """
n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = '{catalog}'::regclass AND d.objid = o.oid AND d.deptype = 'e'
)
"""
TABLES = f"""
SELECT format('%I.%I', n.nspname, o.relname) FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
WHERE o.relkind = 'r' AND {OURS.format(catalog="pg_class")} ORDER BY 1
"""
# The sum does not depend on the order of the rows. md5 is the same in every version; it is to find accidents.
CHECKSUM = """
SELECT count(*), coalesce(sum(('x' || substr(md5(whole_row::text), 1, 15))::bit(60)::bigint), 0)::text
FROM {table} AS whole_row
"""
SEQUENCES = "SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value, 0) FROM pg_sequences"
EXTENSIONS = "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1"
OBJECTS = {
    "triggers": f"""
        SELECT count(*) FROM pg_trigger t JOIN pg_class o ON o.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = o.relnamespace
        WHERE NOT t.tgisinternal AND t.tgenabled = 'O' AND {OURS.format(catalog="pg_class")}
    """,
    "functions": f"""
        SELECT count(*) FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace
        WHERE {OURS.format(catalog="pg_proc")}
    """,
    "indexes": f"""
        SELECT count(*) FROM pg_index i JOIN pg_class o ON o.oid = i.indexrelid
        JOIN pg_namespace n ON n.oid = o.relnamespace WHERE i.indisvalid AND {OURS.format(catalog="pg_class")}
    """,
    # Not those of NOT NULL, which only newer versions keep as constraints.
    "constraints": f"""
        SELECT count(*) FROM pg_constraint c JOIN pg_class o ON o.oid = c.conrelid
        JOIN pg_namespace n ON n.oid = o.relnamespace
        WHERE c.contype <> 'n' AND c.convalidated AND {OURS.format(catalog="pg_class")}
    """,
}
# Those of history erase as their owner: nobody may call them who is not let to. pg_restore would let everybody.
CLOSED = f"""
SELECT format('%I.%I(%s)', n.nspname, o.proname, pg_get_function_identity_arguments(o.oid))
FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace
WHERE NOT has_function_privilege('public', o.oid, 'EXECUTE') AND {OURS.format(catalog="pg_proc")} ORDER BY 1
"""


@dataclass(frozen=True)
class Proof:
    """Rows and checksum of each table, where each sequence stands, which extensions and how many objects there are.

    `closed` are the functions that not everybody may call, with their arguments.
    """

    tables: dict[str, list]
    sequences: dict[str, int]
    extensions: list[str]
    objects: dict[str, int]
    closed: list[str]

    @property
    def rows(self) -> int:
        return sum(rows for rows, _checksum in self.tables.values())

    def differences(self, restored: "Proof") -> Iterator[str]:
        """What is not the same there, in words. Sequences, which belong to no snapshot, may have gone on."""
        for table in sorted(self.tables.keys() | restored.tables.keys()):
            was, now = self.tables.get(table), restored.tables.get(table)
            if was is None or now is None:
                yield f"{table} is {'missing' if now is None else 'not in the backup'}"
            elif was[0] != now[0]:
                yield f"{table} has {now[0]} rows instead of {was[0]}"
            elif was != now:
                yield f"{table} has other contents"
        for name, value in self.sequences.items():
            if restored.sequences.get(name, -1) < value:
                yield f"the sequence {name} stands at {restored.sequences.get(name)} instead of {value}"
        if missing := set(self.extensions) - set(restored.extensions):
            yield f"the extensions {', '.join(sorted(missing))} are missing"
        if opened := set(self.closed) - set(restored.closed):
            yield f"everybody may call {', '.join(sorted(opened))}"
        for kind, number in self.objects.items():
            if restored.objects.get(kind) != number:
                yield f"there are {restored.objects.get(kind)} {kind} instead of {number}"


def table_names() -> list[str]:
    """All tables of the site, with their schemas, in order; not those of extensions."""
    with connection.cursor() as cursor:
        return _column(cursor, TABLES)


def take_proof(watch) -> Proof:
    """Read every row of the database, in a transaction that the caller has begun; `watch` wraps the list of tables."""
    names = [name for name in table_names() if name not in NOT_KEPT]
    with connection.cursor() as cursor:
        cursor.execute(AS_TEXT)
        tables = {name: list(_first_row(cursor, CHECKSUM.format(table=name))) for name in watch(names)}
        cursor.execute(SEQUENCES)
        sequences = dict(cursor.fetchall())
        extensions, closed = _column(cursor, EXTENSIONS), _column(cursor, CLOSED)
        objects = {kind: _first_row(cursor, counting)[0] for kind, counting in OBJECTS.items()}
    return Proof(tables, sequences, extensions, objects, closed)


def _first_row(cursor: CursorWrapper, statement: str) -> tuple:
    cursor.execute(statement)
    return cursor.fetchone()


def _column(cursor: CursorWrapper, statement: str) -> list[str]:
    cursor.execute(statement)
    return [value for (value,) in cursor.fetchall()]
