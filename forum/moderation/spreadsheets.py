"""CSV that a spreadsheet shows and does not run."""

import csv
from collections.abc import Iterable, Iterator

# Excel takes a file for UTF-8 only with it; others skip it.
BYTE_ORDER_MARK = "\ufeff"
# What makes a formula of a cell, in one spreadsheet or another; also in the full width of Chinese keyboards.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Line:
    """A file for csv.writer that gives back what is written."""

    def write(self, text: str) -> str:
        return text


def csv_lines(head: Iterable, rows: Iterable[Iterable]) -> Iterator[str]:
    """A byte order mark and the heading, then line by line. Text that would be run gets an apostrophe before it."""
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK + writer.writerow([_harmless(cell) for cell in head])
    for row in rows:
        yield writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell: object) -> object:
    """Numbers as they are, nothing for None, text that is shown and not run."""
    if cell is None or isinstance(cell, (int, float)):
        return cell
    text = str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
