"""Started by `serve` to stand by the bundled PostgreSQL: importing the settings starts it, leaving stops it if unused.

Ends when its standard input does, that is when `serve` has gone, even by SIGKILL; the server then stops too. Ends also
when the server dies, and `serve` starts it again, the server with it.
"""

import select
import sys

from django.db import connection

if __name__ == "__main__":
    connection.ensure_connection()
    gone, _, _ = select.select([sys.stdin, connection.connection], [], [])
    sys.exit(0 if sys.stdin in gone else 1)
