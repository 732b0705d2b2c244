"""Measure the admins' figures at one size and write them into figures.md, beside those of other sizes. See there."""

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.report import processor
from benchmarks.scratch import Scratch
from benchmarks.search import BUSY

SLOWEST = 4
PAGE = Path(__file__).with_name("figures.md")


def main() -> None:
    options = arguments().parse_args()
    if (load := os.getloadavg()[0]) > BUSY:
        print(f"The machine is busy (load average {load:.1f}): the figures will be worth little.", file=sys.stderr)
    measured = json.loads(Scratch(keep=False).manage("bench_figures", f"--threads={options.threads}"))
    section = as_markdown(measured)
    print(section)
    if options.write:
        write(f"{options.threads:,}", section)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.figures", description=__doc__)
    parser.add_argument("--threads", type=int, default=20_000, help="20000 or 1000000 (default %(default)s)")
    parser.add_argument("--no-write", dest="write", action="store_false", help="do not change figures.md")
    return parser


def as_markdown(measured: dict) -> str:
    """A section of the page."""
    rows = measured["screens"] | {
        f"counting a week (of {measured['weeks']})": measured["week"],
        "noting a search without a result": measured["nothing_found"],
    }
    lines = [
        f"## {measured['threads']:,} threads",
        "",
        "| | p50 ms | p99 ms | of p50, computing |",
        "|---|--:|--:|--:|",
    ]
    lines += [f"| {name} | {of['p50']:.1f} | {of['p99']:.1f} | {of['cpu50']:.1f} |" for name, of in rows.items()]
    slowest = sorted(measured["lists"].items(), key=lambda row: -row[1]["p50"])[:SLOWEST]
    whole = ", ".join(measured["scanned"]) or "none"
    circumstances = f"Python {platform.python_version()}, {processor()}, {os.cpu_count()} cores"
    return "\n".join(
        [
            *lines,
            "",
            f"The slowest of {len(measured['lists'])} lists of the admin site, p50: "
            + ", ".join(f"`{path}` {of['p50']:.0f} ms" for path, of in slowest)
            + ".",
            f"The night, all weeks: {measured['night']:.1f} s; {measured['rows']:,} rows of counts. Tables that"
            f" counting a week reads from end to end: {whole}.",
            f"{datetime.now(UTC):%Y-%m-%d}, {circumstances}; load average before {measured['load']:.1f}.",
        ]
    )


def write(size: str, section: str) -> None:
    """Put the section in the place of that of the same size, or behind the others."""
    head, *sections = PAGE.read_text().split("\n## ")
    kept = [f"## {each.strip()}" for each in sections if not each.startswith(f"{size} threads")]
    PAGE.write_text("\n\n".join([head.strip(), *kept, section]) + "\n")


if __name__ == "__main__":
    main()
