"""How long calls take, and where in the ranking's statement the time goes."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from django.db import connection

RANKING = "WITH size AS MATERIALIZED"
# The parts of the ranking's statement, and those whose time is counted in theirs but is told by itself.
PARTS = {
    "words asked": ("asked", ()),
    "rarest words": ("rarest", ("asked",)),
    "candidates by words": ("by_words", ("rarest",)),
    "candidates by meaning": ("near", ()),
    "reading the candidates": ("found", ("by_words", "near")),
}


def percentiles(seconds: Iterable[float]) -> dict[str, float]:
    """In milliseconds."""
    milliseconds = np.array(list(seconds)) * 1000
    p50, p99 = np.percentile(milliseconds, [50, 99])
    return {"p50": float(p50), "p99": float(p99), "calls": len(milliseconds)}


def timed(call: Callable[..., Any], *arguments: Any, **options: Any) -> float:
    start = time.perf_counter()
    call(*arguments, **options)
    return time.perf_counter() - start


def costs(call: Callable[..., Any], arguments: Iterable[Any]) -> dict[str, float]:
    """p50 and p99 of calls, in milliseconds, and `cpu50` and `cpu99`, what this and PostgreSQL's process computed.

    The second is what the first would be on a machine that has nothing else to do.
    """
    took, used = [], []
    for argument in arguments:
        before = processor_seconds()
        took.append(timed(call, argument))
        used.append(processor_seconds() - before)
    cpu = percentiles(used)
    return percentiles(took) | {"cpu50": cpu["p50"], "cpu99": cpu["p99"]}


def processor_seconds() -> float:
    """So far, of this process and of the server's that answers it, where Linux tells of that one."""
    connection.ensure_connection()
    server = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + (int(server.read_text().split()[0]) / 1e9 if server.exists() else 0)


@contextmanager
def explained(wanted: str = "SELECT") -> Iterator[list[dict]]:
    """Statements with `wanted` in them run once more before, explained: their plans as PostgreSQL tells them."""
    plans: list[dict] = []

    def explain(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        if wanted in sql:
            head, _, rest = sql.partition(wanted)
            with connection.connection.cursor() as cursor:
                cursor.execute(f"{head}EXPLAIN (ANALYZE, FORMAT JSON) {wanted}{rest}", params)
                found = cursor.fetchone()[0]
                plans.append((json.loads(found) if isinstance(found, str) else found)[0])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield plans


def parts_of(plan: dict) -> dict[str, float]:
    """Milliseconds of each part of one run of the ranking's statement, each without those before it."""
    inclusive: dict[str, float] = defaultdict(float)
    for node in _nodes(plan["Plan"]):
        name = node.get("Subplan Name", "")
        if name.startswith("CTE "):
            inclusive[name.removeprefix("CTE ")] = node["Actual Total Time"] * node["Actual Loops"]
    parts = {
        part: max(inclusive[name] - sum(inclusive[other] for other in within), 0)
        for part, (name, within) in PARTS.items()
    }
    parts["scoring"] = max(plan["Execution Time"] - inclusive["found"], 0)
    parts["planning"] = plan["Planning Time"]
    return parts


def _nodes(node: dict) -> Iterator[dict]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)
