"""SQL statements that each database connection plans once."""

import hashlib
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connection
from psycopg2.errors import DuplicatePreparedStatement, InvalidSqlStatementName

ATTEMPTS = 4


class Prepared:
    """A statement that is prepared on first use and then executed without being planned again.

    `sql` holds $1, $2… for the parameters, `types` their SQL types. Behind a pooler the next statement may run on
    another connection of the server: one that does not know it is told, one that knows it already (from any process
    with the same SQL: its name holds a hash) is not told again. Neither works inside a transaction, where nothing is
    passed on in between.
    """

    def __init__(self, name: str, types: str, sql: str) -> None:
        name = f"{name}_{hashlib.sha256(sql.encode()).hexdigest()[:16]}"
        self.prepare = f"PREPARE {name} ({types}) AS {sql}"
        self.execute = f"EXECUTE {name} ({', '.join(['%s'] * len(types.split(',')))})"
        self._known_to: WeakKeyDictionary = WeakKeyDictionary()

    def first_row(self, *parameters) -> tuple | None:
        """The first row of the result, or None."""
        connection.ensure_connection()
        known = connection.connection in self._known_to
        for attempt in range(ATTEMPTS):
            try:
                with connection.cursor() as cursor:
                    cursor.execute(self.execute if known else f"{self.prepare}; {self.execute}", parameters)
                    self._known_to[connection.connection] = True
                    return cursor.fetchone()
            except DatabaseError as error:
                known = isinstance(error.__cause__, DuplicatePreparedStatement)
                if attempt == ATTEMPTS - 1 or not (known or isinstance(error.__cause__, InvalidSqlStatementName)):
                    raise
        return None
