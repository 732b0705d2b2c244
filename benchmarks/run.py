"""`make bench`: measure the site and write the figures into README.md. See there for what is measured and how."""

import argparse
import json
import os
import shutil
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import Load, put_load
from benchmarks.report import Figures, as_markdown, write_readme
from benchmarks.scratch import Scratch
from benchmarks.weight import weigh

WARM_UP_SECONDS = 5  # in the first round: both workers fill their caches
AGAIN_SECONDS = 1
BUSY = 1.0


@dataclass(frozen=True)
class Measurement:
    """One row of the table: a list of paths, and whether threads are rendered afresh or gzip is accepted."""

    name: str
    paths: str
    afresh: bool = False
    gzip: bool = False
    connections: int = 8


MEASUREMENTS = [
    Measurement("bare", "bare"),
    Measurement("reference", "reference"),
    Measurement("thread-afresh", "thread", afresh=True),
    Measurement("thread-cached", "thread"),
    Measurement("thread-cached-gzip", "thread", gzip=True),
    Measurement("list", "list"),
    Measurement("list-deep", "list-deep"),
    Measurement("search", "search"),
    Measurement("home", "home"),
    Measurement("search-varied", "search-varied", connections=1),
]


def main() -> None:
    options = arguments().parse_args()
    if shutil.which("wrk") is None:
        sys.exit("benchmarks need wrk (Debian: apt-get install wrk).")
    load_before = os.getloadavg()[0]
    if load_before > BUSY:
        note(f"The machine is busy (load average {load_before:.1f}): the figures will be worth little.")
    scratch = Scratch(keep=options.keep)
    note(f"Seeding {scratch.data_dir}")
    seeded = json.loads(scratch.manage("bench_seed"))
    costs = json.loads(scratch.manage("bench_pages"))
    gunicorn = {"workers": options.workers, "threads": options.threads}
    with scratch.server(**gunicorn) as site, scratch.server(**gunicorn, afresh=True) as afresh:
        loads = measure(scratch.data_dir, site, afresh, options)
        weights = weigh(site + first_path(scratch.data_dir, "thread"))
    table = as_markdown(Figures(seeded, costs, loads, weights, gunicorn, load_before))
    print(table)
    if options.write:
        write_readme(table)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="of all measurements; the median counts (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="of gunicorn (default %(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="of each worker; 1: sync workers (%(default)s)")
    parser.add_argument("--keep", action="store_true", help="leave the scratch data directory there")
    parser.add_argument("--no-write", dest="write", action="store_false", help="do not change README.md")
    return parser


def measure(data_dir: Path, site: str, afresh: str, options: argparse.Namespace) -> dict[str, list[Load]]:
    """All measurements in turn, round after round, so that what else the machine does falls on all of them."""
    loads = defaultdict(list)
    for number in range(1, options.rounds + 1):
        for each in MEASUREMENTS:
            address, paths = afresh if each.afresh else site, data_dir / f"{each.paths}.paths"
            how = {"connections": each.connections, "gzip": each.gzip}
            put_load(address, paths, seconds=AGAIN_SECONDS if loads[each.name] else WARM_UP_SECONDS, **how)
            load = put_load(address, paths, seconds=options.seconds, **how)
            note(f"round {number}  {each.name:20} {load.rate:8.1f}/s  p50 {load.p50:.1f} ms  p99 {load.p99:.1f} ms")
            loads[each.name].append(load)
    return loads


def first_path(data_dir: Path, page: str) -> str:
    return (data_dir / f"{page}.paths").read_text().splitlines()[0]


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
