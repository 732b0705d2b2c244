"""The figures of search as Markdown, the sizes side by side, and their place in search.md."""

from pathlib import Path

PAGE = Path(__file__).with_name("search.md")
MARKERS = ("<!-- figures -->", "<!-- end of figures -->")
STORED = "stored similar threads, in the database"
FRAGMENT = "live suggestion, {}: both (the fragment)"
FOUND = "publish_reply, then found by its words"
SUGGESTED = "publish_reply to suggested by its meaning"
SHARES = ("p50", "p99", "cpu50", "cpu99")
PARTS = [
    *("words asked", "rarest words", "candidates by words", "candidates by meaning", "reading the candidates"),
    *("scoring", "planning"),
]
NAMES = {
    "index_entry_vector": "GIN over the words",
    "search_indexentry": "table of the words (`search_indexentry`)",
    "search_embedding": "table of the vectors (`search_embedding`)",
    "search_lexeme": "counted words (`search_lexeme`)",
    "search_spelling": "spellings (`search_spelling`)",
    "questions_question": "questions",
    "replies_reply": "replies",
}


def as_markdown(figures: dict[str, dict]) -> str:
    """`figures` by number of threads, as text."""
    sizes = sorted(figures, key=int)
    known = [figures[size] for size in sizes]
    sections = [
        targets(figures),
        *("### Times", calls(sizes, known)),
        *("### Where a search's and a suggestion's time goes in the ranking's statement", parts(sizes, known)),
        *("### The worker, building, recall", seconds(sizes, known)),
        *("### Sizes in MB", megabytes(sizes, known)),
        *(circumstances(size, figures[size]) for size in sizes),
    ]
    return "\n\n".join(sections)


def targets(figures: dict[str, dict]) -> str:
    """What is to be reached at the largest size, beside what was."""
    largest = max(figures, key=int)
    found, events = figures[largest]["calls"], figures[largest]["events"]
    searches = {
        name: one["p99"] for name, one in found.items() if name.startswith("search, ") and "mending" not in name
    }
    slowest = max(searches, key=searches.get)
    published = {name: value for name, value in events.items() if name.startswith((FOUND, SUGGESTED))}
    rows = [
        ("stored similar threads, in the database, p99", "< 1 ms", f"{found[STORED]['p99']:.2f} ms", ""),
        *(
            (f"live suggestion, {language}, p99", "< 150 ms", *p99(found[FRAGMENT.format(language)]))
            for language in ("English", "Chinese")
        ),
        (f"search, the slowest kind ({slowest.removeprefix('search, ')}), p99", "< 250 ms", *p99(found[slowest])),
        *((name, "< 10 s", f"{value:.2f} s", "") for name, value in published.items()),
    ]
    return table(f"| at {int(largest):,} threads | wanted | reached | of a core |", rows)


def p99(one: dict[str, float]) -> tuple[str, str]:
    return f"{one['p99']:.0f} ms", f"{one['cpu99']:.0f} ms"


def calls(sizes: list[str], known: list[dict]) -> str:
    """p50 and p99 in milliseconds, those of a core, and how much longer half of the calls take at the largest size."""
    head = " | ".join(f"{int(size):,}: p50 | p99 | of a core p50 | p99" for size in sizes)
    rows = []
    for name in known[-1]["calls"]:
        of = [one["calls"].get(name) for one in known]
        cells = [f"{one[share]:.2f}" if one and share in one else "" for one in of for share in SHARES]
        rows.append((name, *cells, growth([one.get("cpu50", one["p50"]) if one else 0 for one in of])))
    return table(f"| ms | {head} | growth of p50 (of a core) |", rows)


def parts(sizes: list[str], known: list[dict]) -> str:
    """The mean of each part in milliseconds, the largest size; the total of the others beside it."""
    rows = []
    for name, one in known[-1]["parts"].items():
        total = [sum(each["parts"].get(name, {}).values()) for each in known]
        rows.append((name, *(f"{one.get(part, 0):.1f}" for part in PARTS), *(f"{value:.1f}" for value in total)))
    totals = " | ".join(f"all at {int(size):,}" for size in sizes)
    return table(f"| ms at {int(sizes[-1]):,} | {' | '.join(PARTS)} | {totals} |", rows)


def seconds(sizes: list[str], known: list[dict]) -> str:
    rows = []
    for kind in ("events", "seconds"):
        for name in known[-1][kind]:
            of = [one[kind].get(name, 0) for one in known]
            prefix = "building: " if kind == "seconds" else ""
            rows.append(
                (prefix + name, *(f"{value:.3f}" if value < 10 else f"{value:.0f}" for value in of), growth(of))
            )
    return table(f"| seconds (recall: of 1) | {' | '.join(f'{int(size):,}' for size in sizes)} | growth |", rows)


def megabytes(sizes: list[str], known: list[dict]) -> str:
    rows = []
    for name in sorted(known[-1]["sizes"], key=lambda name: -known[-1]["sizes"][name]):
        of = [one["sizes"].get(name, 0) / 1024**2 for one in known]
        shown = NAMES.get(name) or f"HNSW `{name}`"
        rows.append((shown, *(f"{value:.1f}" for value in of), growth(of)))
    return table(f"| MB | {' | '.join(f'{int(size):,}' for size in sizes)} | growth |", rows)


def growth(values: list[float]) -> str:
    return f"× {values[-1] / values[0]:.1f}" if len(values) > 1 and values[0] else ""


def circumstances(size: str, one: dict) -> str:
    return f"{int(size):,} threads: {one['circumstances']}; load average of the machine before {one['load']:.1f}."


def table(head: str, rows: list[tuple]) -> str:
    columns = head.count("|") - 1
    lines = [head, f"|---|{'--:|' * (columns - 1)}", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines)


def write_page(figures: str) -> None:
    """Put the figures between the markers."""
    start, end = MARKERS
    head, _, rest = PAGE.read_text().partition(start)
    tail = rest.partition(end)[2]
    PAGE.write_text(f"{head}{start}\n{figures}\n{end}{tail}")
