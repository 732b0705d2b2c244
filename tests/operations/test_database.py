"""The bundled PostgreSQL, started by processes of their own in a data directory of its own."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

START = """
import os, sys
from pathlib import Path
import psycopg2
from config.database import database_settings

settings = database_settings("", Path(sys.argv[1]))

def ask(question):
    connection = psycopg2.connect(host=settings["HOST"], user=settings["USER"], dbname=settings["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()
"""


def start(data_dir: Path, then: str) -> subprocess.Popen:
    """A process that uses the database in `data_dir` and runs `then`, where `ask` takes a question in SQL."""
    return subprocess.Popen(
        [sys.executable, "-c", START + then, str(data_dir)],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(data_dir: Path, then: str) -> str:
    """What such a process prints, warnings and errors included."""
    return start(data_dir, then).communicate()[0].strip()


def server_runs(data_dir: Path) -> bool:
    return (data_dir / "postgres" / "postmaster.pid").exists()


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="consilium-database-"))
    yield path
    shutil.rmtree(path)


def test_bundled_database_knows_the_case_of_all_letters(data_dir):
    question = "SELECT lower('ÀÖŁ'), 'ŁÓDŹ' ~ '^[[:upper:]]+$', getdatabaseencoding()"

    assert run(data_dir, f'print(ask("{question}"))') == "('àöł', True, 'UTF8')"


def test_bundled_database_keeps_what_patients_wrote_out_of_its_log(data_dir):
    run(data_dir, "ask(\"SELECT 'my secret'::integer\")")

    log = (data_dir / "postgres" / "log").read_text()
    assert "ready to accept connections" in log
    assert "secret" not in log


def test_bundled_database_has_no_network_socket(data_dir):
    assert run(data_dir, 'print(ask("SHOW listen_addresses"))') == "('',)"


def test_last_process_to_leave_stops_the_database(data_dir):
    first = start(data_dir, "print('here', flush=True); sys.stdin.read()")
    assert first.stdout.readline() == "here\n"

    assert run(data_dir, "print('too')") == "too"
    assert server_runs(data_dir)

    first.communicate()
    assert not server_runs(data_dir)


def test_politely_killed_process_stops_the_database(data_dir):
    only = start(data_dir, "print('here', flush=True); sys.stdin.read()")
    assert only.stdout.readline() == "here\n"

    only.terminate()
    only.communicate()

    assert not server_runs(data_dir)


def test_killed_process_no_longer_counts(data_dir):
    killed = start(data_dir, "print('here', flush=True); sys.stdin.read()")
    assert killed.stdout.readline() == "here\n"
    killed.kill()
    killed.communicate()
    assert server_runs(data_dir)

    assert run(data_dir, "print('next')") == "next"
    assert not server_runs(data_dir)


def test_fork_of_a_process_has_no_say_when_it_leaves(data_dir):
    then = "if os.fork() == 0: sys.exit()\nos.wait()\nprint(ask('SELECT 1'))"

    assert run(data_dir, then) == "(1,)"
    assert not server_runs(data_dir)


def test_pid_file_that_names_another_program_is_no_obstacle(data_dir):
    pid_file = data_dir / "postgres" / "postmaster.pid"
    pid_file.write_text(f"1\n{data_dir}/postgres\n0\n5432\n{data_dir}/postgres\n\n")

    assert run(data_dir, "print(ask('SELECT 1'))") == "(1,)"


def test_data_directory_may_be_deep_and_oddly_named(data_dir):
    deep = data_dir / "a name with spaces & é" / ("x" * 100)
    deep.mkdir(parents=True)

    then = "print(ask('SELECT 1')); print(settings['HOST'])"
    answer, sockets = run(deep, then).split("\n")

    assert answer == "(1,)"
    assert not Path(sockets).exists()
    assert not server_runs(deep)
