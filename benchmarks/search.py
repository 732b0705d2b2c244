"""Measure search at one size and write the figures into search.md, beside those of other sizes. See there."""

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.report import processor
from benchmarks.scratch import Scratch
from benchmarks.search_report import as_markdown, write_page

FIGURES = Path(__file__).with_name("search.json")
BUSY = 1.0
MANY = 200_000  # threads


def main() -> None:
    options = arguments().parse_args()
    if (load := os.getloadavg()[0]) > BUSY:
        print(f"The machine is busy (load average {load:.1f}): the figures will be worth little.", file=sys.stderr)
    scratch = Scratch(keep=options.keep, memory=options.threads >= MANY)
    print(f"Filling {scratch.data_dir}", file=sys.stderr, flush=True)
    filled = json.loads(scratch.manage("bench_search_fill", f"--threads={options.threads}"))
    measured = json.loads(scratch.manage("bench_search_measure"))
    figures = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    figures[str(options.threads)] = filled | measured | {"circumstances": circumstances()}
    page = as_markdown(figures)
    print(page)
    if options.write:
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n")
        write_page(page)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--threads", type=int, default=20_000, help="20000 or 1000000 (default %(default)s)")
    parser.add_argument("--keep", action="store_true", help="leave the scratch data directory there")
    parser.add_argument("--no-write", dest="write", action="store_false", help="do not change search.md")
    return parser


def circumstances() -> str:
    versions = f"Python {platform.python_version()}, {processor()}, {os.cpu_count()} cores"
    return f"{datetime.now(UTC):%Y-%m-%d}, {versions}"


if __name__ == "__main__":
    main()
