"""Everything `serve` does: database, static files, demo content, background worker and web server, as one."""

import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import User
from forum.operations.supervisor import Child, Supervisor
from forum.questions.models import Question
from forum.specialties.models import Specialty

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
DEMO_SIGN_INS = """\
Demo sign-ins, password consilium-demo:
  patient@example.org  a patient
  doctor@example.org   a doctor, Neurology
  doctor2@example.org  a doctor, Family Medicine
  admin@example.org    an admin"""


class Refused(Exception):
    """The site cannot be served here; the message says why in one line."""


def serve(bind: str, *, workers: int, demo: bool, say: Callable[[str], None]) -> None:
    """Serve the site until SIGINT, SIGTERM or SIGHUP; raises Refused if the data directory or the address is taken."""
    end_on_signals()
    with closing(lock_data_dir()), closing(listen(bind)) as listener:
        supervisor = Supervisor(settings.BASE_DIR, say)
        try:
            if not os.environ.get("DATABASE_URL"):
                supervisor.start(database_keeper())
            prepare(demo=demo, say=say)
            supervisor.start(background_worker(listener))
            supervisor.start(web_server(listener, workers))
            watch(supervisor, listener, say)
        finally:
            supervisor.stop()


def end_on_signals() -> None:
    """End the orderly way, with status 0. Under `nohup` a closed terminal is no reason to end."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda *_: sys.exit(0))


def lock_data_dir():
    """The open lock file of the data directory, which the kernel unlocks however this process ends."""
    lock = (settings.DATA_DIR / "serve.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise Refused(f"Another serve is running on the data directory {settings.DATA_DIR}.") from None
    return lock


def listen(bind: str) -> socket.socket:
    """A socket bound to HOST:PORT, for the web server to listen on; it outlives the web server's restarts."""
    try:
        parts = urlsplit(f"//{bind}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or port is None:
        raise Refused(f"--bind takes HOST:PORT, as in 127.0.0.1:8000, not {bind!r}.")
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Refused(f"Cannot listen on {bind}: {error.strerror}.") from None
    return listener


def prepare(*, demo: bool, say: Callable[[str], None]) -> None:
    """Bring the database and the static files up to date; into an empty database load the demo content, if wanted."""
    say("Preparing the database and the static files.")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    empty = not any(model.objects.exists() for model in (Specialty, Question, User))
    if demo and empty and not settings.PRODUCTION:
        say("Loading the demo content.")
        with transaction.atomic():  # all or, when interrupted, nothing
            call_command("load_demo", verbosity=0)
    connection.close()


def child_environment() -> dict[str, str]:
    """Our environment, with the address of the bundled PostgreSQL if that is the one in use."""
    environment = {**os.environ, "CONSILIUM_DATA_DIR": str(settings.DATA_DIR)}
    if not environment.get("DATABASE_URL"):
        database = settings.DATABASES["default"]
        environment["DATABASE_URL"] = f"postgresql://postgres@/{database['NAME']}?host={quote(database['HOST'])}"
    return environment


def database_keeper() -> Child:
    """Stops the bundled PostgreSQL when we are killed, and starts it again when it is (forum/operations/keeper.py)."""
    environment = child_environment()
    environment["DATABASE_URL"] = ""  # empty rather than missing: .env may not fill it in
    command = [sys.executable, "-m", "forum.operations.keeper", str(os.getpid())]
    return Child("The database's keeper", command, environment, dies_with_us=False)


def background_worker(listener: socket.socket) -> Child:
    """The worker. Where nothing else is set, the links in its mails lead to where we listen."""
    options = ["--queue-name", "*", "--interval", "0.5", "--no-reload", "--no-startup-delay"]
    environment = child_environment()
    if not settings.PRODUCTION and not environment.get("SITE_URL"):
        environment["SITE_URL"] = shown_address(listener)
    return Child("The background worker", [sys.executable, "manage.py", "db_worker", *options], environment)


def shown_address(listener: socket.socket) -> str:
    """The address of the site for a browser on this machine, without a slash at its end."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def web_server(listener: socket.socket, workers: int) -> Child:
    """gunicorn on `listener`. Its threads keep idle connections of browsers from blocking a worker."""
    options = {
        "--bind": f"fd://{listener.fileno()}",
        "--workers": str(workers),
        "--threads": "4",
        "--graceful-timeout": "10",
        "--log-level": "warning",
        "--logger-class": "forum.operations.logs.WebServerLogger",
    }
    if Path("/dev/shm").is_dir():
        options["--worker-tmp-dir"] = "/dev/shm"
    arguments = [text for pair in options.items() for text in pair]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--no-control-socket", *arguments]
    return Child("The web server", command, child_environment(), descriptors=[listener.fileno()])


def watch(supervisor: Supervisor, listener: socket.socket, say: Callable[[str], None]) -> None:
    """Keep the children alive for ever; say so once the site answers."""
    host, port = listener.getsockname()[:2]
    announced = False
    while True:
        supervisor.check()
        if not announced and site_answers(host, port):
            announce(shown_address(listener), say)
            announced = True
        time.sleep(0.2)


def site_answers(host: str, port: int) -> bool:
    """Whether /healthz is answered, asked under a name the site goes by."""
    name = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost") if settings.ALLOWED_HOSTS else "localhost"
    site = http.client.HTTPConnection(EVERYWHERE.get(host, host), port, timeout=2)
    with closing(site):
        try:
            site.request("GET", "/healthz", headers={"Host": name})
            return site.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False


def announce(address: str, say: Callable[[str], None]) -> None:
    """Give the address and, where the demo content is loaded, its sign-ins."""
    say(f"Consilium is at {address}/ (Ctrl-C stops it).")
    if not settings.PRODUCTION and User.objects.filter(email="admin@example.org").exists():
        say(DEMO_SIGN_INS)
    connection.close()
