"""History as a file. No patient's words are in it, no text of a reply or article, and nobody's address."""

import csv
import json
from collections.abc import Iterable, Iterator

from forum.moderation.history.acts import act_in_words
from forum.moderation.history.entries import Change, Entry, Who

COLUMNS = (
    *("at", "kind", "act", "act_in_words", "role", "account", "name", "question", "thing"),
    *("from", "to", "reason", "changes"),
)
# What makes a formula of a cell, in one spreadsheet or another.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Line:
    """A file for csv.writer that gives back what is written."""

    def write(self, text: str) -> str:
        return text


def as_csv(entries: Iterable[Entry]) -> Iterator[str]:
    """With a heading; a cell that a spreadsheet would reckon begins with an apostrophe."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for entry in entries:
        row = _record(entry)
        row["changes"] = "; ".join(_in_words(change) for change in entry.changes)
        yield writer.writerow([_harmless(row[name]) for name in COLUMNS])


def as_json_lines(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        yield json.dumps(_record(entry), ensure_ascii=False) + "\n"


FORMATS = {"csv": (as_csv, "text/csv"), "jsonl": (as_json_lines, "application/x-ndjson")}


def _record(entry: Entry) -> dict:
    """An entry by the names of COLUMNS; an admin's address is left out, the number of the account tells who it was."""
    return {
        "at": entry.place.at.isoformat(),
        "kind": entry.kind,
        "act": entry.act,
        "act_in_words": act_in_words(entry.act),
        "role": entry.actor.role.value,
        "account": entry.actor.pk,
        "name": entry.actor.name if entry.actor.role == Who.DOCTOR else "",
        "question": entry.question,
        "thing": entry.thing,
        "from": entry.from_state,
        "to": entry.to_state,
        "reason": entry.reason,
        "changes": [
            {"what": each.what} if each.long else {"what": each.what, "from": each.before, "to": each.after}
            for each in entry.changes
        ],
    }


def _in_words(change: Change) -> str:
    return change.what if change.long else f"{change.what}: {change.before} → {change.after}"


def _harmless(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
