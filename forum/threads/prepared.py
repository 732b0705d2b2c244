"""SQL statements that each database connection plans once."""

from weakref import WeakKeyDictionary

import psycopg2
from django.db import connection


class Prepared:
    """A statement that is prepared on first use and then executed without being planned again.

    `sql` holds $1, $2… for the parameters, `types` their SQL types. Where a pooler between us and the server hands the
    next statement to another server connection, which knows nothing of it, it is prepared there again.
    """

    def __init__(self, name: str, types: str, sql: str) -> None:
        self.name = name
        self.prepare = f"PREPARE {name} ({types}) AS {sql}"
        self.execute = f"EXECUTE {name} ({', '.join(['%s'] * len(types.split(',')))})"
        self._known_to: WeakKeyDictionary = WeakKeyDictionary()

    def first_row(self, *parameters) -> tuple | None:
        """The first row of the result, or None."""
        connection.ensure_connection()
        with connection.cursor() as cursor:
            if connection.connection in self._known_to:
                try:
                    cursor.execute(self.execute, parameters)
                    return cursor.fetchone()
                except psycopg2.errors.InvalidSqlStatementName:
                    del self._known_to[connection.connection]
            cursor.execute(f"{self.prepare}; {self.execute}", parameters)
            self._known_to[connection.connection] = True
            return cursor.fetchone()
