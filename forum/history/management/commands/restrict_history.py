from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from psycopg2 import sql

from forum.history.guards import Guard
from forum.history.models import Erasure

FUNCTIONS = (
    "history_erase(text, regclass, text, bigint[], bigint)",
    "history_forget_actor(text, bigint, bigint)",
    "history_forget_in_admin_log(bigint)",
    "history_forget_red_flags(bigint)",
)


def tables_of_history() -> list[str]:
    """Every table that has the guards."""
    models = apps.get_models(include_auto_created=True)
    return sorted(
        {m._meta.db_table for m in models if any(isinstance(each, Guard) for each in getattr(m._meta, "triggers", []))}
    )


class Command(BaseCommand):
    help = (
        "Give a database role what the site needs to run, and no right to change or delete history. Run it as the owner"
        " of the tables, with the role made before, after every `migrate`; harmless when repeated."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="the role in the DATABASE_URL of the site and its workers")

    def handle(self, *, role: str, **options) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            self._refuse_owners(cursor, role)
            for statement in self._statements():
                cursor.execute(sql.SQL(statement).format(role=sql.Identifier(role)))
        self.stdout.write(self.style.SUCCESS(f"{role} can add to {len(tables_of_history())} tables of history."))

    def _refuse_owners(self, cursor, role: str) -> None:
        cursor.execute(
            "SELECT rolsuper, pg_has_role(oid, current_user, 'MEMBER') FROM pg_roles WHERE rolname = %s", [role]
        )
        found = cursor.fetchone()
        if found is None:
            raise CommandError(f"There is no role {role}: CREATE ROLE {role} LOGIN PASSWORD '...';")
        if any(found):
            raise CommandError(f"{role} is a superuser, the owner of the tables or a member of it: it can do anything.")

    def _statements(self) -> list[str]:
        history = ", ".join(f'"{table}"' for table in tables_of_history())
        return [
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            f"REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {history} FROM {{role}}",
            # For the sake of a statement that Django sends as an account goes; where it finds a row, the guard refuses.
            f'GRANT DELETE ON "{LogEntry._meta.db_table}" TO {{role}}',
            f'REVOKE INSERT ON "{Erasure._meta.db_table}" FROM {{role}}',
            *(f"REVOKE EXECUTE ON FUNCTION public.{function} FROM PUBLIC" for function in FUNCTIONS),
            *(f"GRANT EXECUTE ON FUNCTION public.{function} TO {{role}}" for function in FUNCTIONS),
        ]
