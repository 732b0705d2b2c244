"""History as a file. No patient's words are in it, no text of a reply or article, and nobody's address."""

import json
from collections.abc import Iterable, Iterator

from forum.moderation.history.acts import act_in_words
from forum.moderation.history.entries import Change, Entry, Who
from forum.moderation.spreadsheets import csv_lines

COLUMNS = (
    *("at", "kind", "act", "act_in_words", "role", "account", "name", "question", "thing"),
    *("from", "to", "reason", "changes"),
)


def as_csv(entries: Iterable[Entry]) -> Iterator[str]:
    """With a heading, for a spreadsheet."""
    return csv_lines(COLUMNS, map(_row, entries))


def _row(entry: Entry) -> list:
    row = _record(entry)
    row["changes"] = "; ".join(_in_words(change) for change in entry.changes)
    return [row[name] for name in COLUMNS]


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
