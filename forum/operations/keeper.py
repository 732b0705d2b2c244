"""Started by `serve`, whose process id is its argument, to stand by the bundled PostgreSQL.

Importing the settings starts the server; leaving stops it if nobody else uses it. This process leaves when `serve` has
gone, even by SIGKILL, which ends its standard input. It also ends when the server dies: `serve` then starts it again,
and it the server.
"""

import os
import select
import sys
import time

from django.db import connection


def stand_by(serve_id: int) -> None:
    connection.ensure_connection()
    gone, _, _ = select.select([sys.stdin, connection.connection], [], [])
    while sys.stdin in gone and os.getppid() == serve_id:
        time.sleep(0.01)  # the kernel ends our input a moment before it takes away `serve`'s hold on the server


if __name__ == "__main__":
    stand_by(int(sys.argv[1]))
