"""Child processes that come back when they die and go when they are told."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60  # a child that lived this long starts again with the first pause
STOP_SECONDS = 15  # what a child may take to finish what it is doing
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Child:
    """One process to keep alive. Its standard input ends when the supervisor does, however that happens."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    descriptors: Sequence[int] = ()
    dies_with_us: bool = True
    process: subprocess.Popen | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    due_at: float = field(default=0.0, init=False)
    pause: float = field(default=FIRST_PAUSE, init=False)

    def start(self, directory: Path) -> None:
        """Start in a session of its own, so that Ctrl-C in the terminal reaches only the supervisor."""
        self.process = subprocess.Popen(
            self.command,
            cwd=directory,
            env=self.environment,
            stdin=subprocess.PIPE,
            pass_fds=self.descriptors,
            start_new_session=True,
            preexec_fn=end_with_parent if self.dies_with_us and LIBC else None,
        )
        self.started_at = time.monotonic()

    def stop(self) -> None:
        """End the process and all that it started; politely first."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.terminate()
            self.process.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End what is left of the process and all that it started, at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdin.close()
        self.process = None

    def note_death(self) -> float:
        """Clear away a process that ended by itself; returns the seconds until it should start again."""
        steady = time.monotonic() - self.started_at > STEADY_SECONDS
        pause = FIRST_PAUSE if steady else self.pause
        self.kill()
        self.pause = min(2 * pause, LONGEST_PAUSE)
        self.due_at = time.monotonic() + pause
        return pause


def end_with_parent() -> None:
    """Runs in the child: have the kernel send it SIGTERM when the supervisor dies, even by SIGKILL."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Keeps its children alive, started in `directory`; `say` takes a line for the operator."""

    def __init__(self, directory: Path, say: Callable[[str], None]) -> None:
        self.directory = directory
        self.say = say
        self.children: list[Child] = []

    def start(self, child: Child) -> None:
        self.children.append(child)
        child.start(self.directory)

    def check(self) -> None:
        """Start again, each after its pause, the children that died."""
        for child in self.children:
            if child.process is None:
                if time.monotonic() >= child.due_at:
                    child.start(self.directory)
            elif child.process.poll() is not None:
                status = child.process.returncode
                self.say(f"{child.name} ended (status {status}); it starts again in {child.note_death():g} s.")

    def stop(self) -> None:
        """Stop the children, the last started first. Nothing interrupts this."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for child in reversed(self.children):
            child.stop()
