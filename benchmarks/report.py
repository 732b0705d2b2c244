"""The figures as Markdown, and their place in README.md."""

import os
import platform
import re
import statistics
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.load import Load, median

README = Path(__file__).with_name("README.md")
MARKERS = ("<!-- figures -->", "<!-- end of figures -->")
ROWS = {
    "bare": "bare `HttpResponse`",
    "reference": "reference page",
    "thread-afresh": "thread, rendered afresh",
    "thread-cached": "thread, from the cache",
    "thread-cached-gzip": "thread, from the cache, gzip accepted",
    "list": "list, first page",
    "list-deep": "list, page 500 or the last",
    "search": "search, common words",
    "home": "home",
    "search-varied": "search, 30 varied queries, one connection",
}
HEAD = "| page | requests/s | of bare | of reference | p50 ms | p99 ms | SQL queries | KB raw | KB gzip |"
RULE = "|---|--:|--:|--:|--:|--:|--:|--:|--:|"


@dataclass(frozen=True)
class Figures:
    """All that was measured: by page, the costs and one load a round; bytes of each file a thread page loads."""

    seeded: dict
    costs: dict[str, dict[str, int]]
    loads: dict[str, list[Load]]
    weights: dict[str, int]
    gunicorn: dict[str, int]
    load_before: float

    def ratio(self, page: str, base: str) -> float:
        """The median over the rounds of how a page's rate compares to another's in the same round."""
        pairs = zip(self.loads[page], self.loads[base], strict=True)
        return statistics.median(load.rate / other.rate for load, other in pairs)


def as_markdown(figures: Figures) -> str:
    lines = [HEAD, RULE, *(row(figures, page) for page in ROWS), "", *targets(figures), "", *circumstances(figures)]
    return "\n".join(lines)


def row(figures: Figures, page: str) -> str:
    load = median(figures.loads[page])
    cost = figures.costs.get(page)
    ratios = [f"{figures.ratio(page, base):.3f}" for base in ("bare", "reference")]
    bytes_ = [str(cost["queries"]), f"{cost['raw'] / 1024:.1f}", f"{cost['gzip'] / 1024:.1f}"] if cost else ["", "", ""]
    cells = [ROWS[page], f"{load.rate:.0f}", *ratios, f"{load.p50:.1f}", f"{load.p99:.1f}", *bytes_]
    return f"| {' | '.join(cells)} |"


def targets(figures: Figures) -> list[str]:
    """What is to be reached, beside what was."""
    weight, files = sum(figures.weights.values()), len(figures.weights)
    imported = figures.seeded["import"]["threads"] / figures.seeded["import"]["seconds"]
    slowest = median(figures.loads["search-varied"]).p99
    return [
        "| target | wanted | reached |",
        "|---|--:|--:|",
        f"| thread afresh, of bare | ≥ 0.06 | {figures.ratio('thread-afresh', 'bare'):.3f} |",
        f"| thread afresh, of reference | ≥ 0.75 | {figures.ratio('thread-afresh', 'reference'):.2f} |",
        f"| thread from the cache, of bare | ≥ 0.30 | {figures.ratio('thread-cached', 'bare'):.2f} |",
        f"| search p99 at one connection | < 60 ms | {slowest:.1f} ms |",
        f"| thread page with all it loads, compressed | < 100 KB | {weight / 1024:.1f} KB |",
        f"| requests for it | ≤ 6 | {files} |",
        f"| `import_archive`, threads a second | ≥ 1,000 | {imported:,.0f} |",
    ]


def circumstances(figures: Figures) -> list[str]:
    kind = "sync workers" if figures.gunicorn["threads"] == 1 else f"workers of {figures.gunicorn['threads']} threads"
    return [
        f"{datetime.now(UTC):%Y-%m-%d}, {figures.seeded['threads']:,} threads, gunicorn with"
        f" {figures.gunicorn['workers']} {kind}, Python {platform.python_version()}, {processor()},"
        f" {os.cpu_count()} cores shared by wrk, gunicorn and PostgreSQL; load average of the machine before"
        f" {figures.load_before:.1f}."
    ]


def processor() -> str:
    """The processor's name, where Linux tells it."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", info.read_text()) if info.exists() else None
    return found.group(1).strip() if found else platform.machine()


def write_readme(table: str) -> None:
    """Put the figures between the markers."""
    start, end = MARKERS
    head, _, rest = README.read_text().partition(start)
    tail = rest.partition(end)[2]
    README.write_text(f"{head}{start}\n{table}\n{end}{tail}")
