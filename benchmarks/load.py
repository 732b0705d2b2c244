"""wrk against one page, and what it measured."""

import json
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("rotate.lua")
CONNECTIONS = 8


class Failed(Exception):
    """What was measured is not what was meant: requests failed."""


@dataclass(frozen=True)
class Load:
    """Requests a second, and milliseconds that half and 99 of 100 requests stay below."""

    rate: float
    p50: float
    p99: float


def put_load(address: str, paths: Path, *, seconds: int, connections: int = CONNECTIONS, gzip: bool = False) -> Load:
    """Ask for the paths in turn, for some seconds. Raises Failed if any request did not succeed."""
    headers = ["--header", "Accept-Encoding: gzip"] if gzip else []
    options = ["--threads=1", f"--connections={connections}", f"--duration={seconds}s", "--timeout=10s", *headers]
    command = ["wrk", *options, f"--script={SCRIPT}", address, "--", str(paths)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured = json.loads(done.stdout.splitlines()[-1])
    if measured["errors"] or not measured["requests"]:
        raise Failed(f"{measured['errors']} of {measured['requests']} requests for {paths.name} failed.")
    return Load(measured["requests"] / measured["seconds"], measured["p50"], measured["p99"])


def median(loads: list[Load]) -> Load:
    return Load(*(statistics.median(getattr(load, name) for load in loads) for name in ("rate", "p50", "p99")))
