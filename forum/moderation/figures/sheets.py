"""The figures as CSV, for a spreadsheet."""

import csv
from collections.abc import Iterable
from io import StringIO

# Excel takes a file for UTF-8 only with it; others skip it.
BYTE_ORDER_MARK = "\ufeff"
# A spreadsheet would run what begins so as a formula; also in the full width of Chinese keyboards.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(head: Iterable, rows: Iterable[Iterable]) -> str:
    """Comma separated, with a byte order mark. Text that a spreadsheet would run gets an apostrophe before it."""
    sheet = StringIO()
    sheet.write(BYTE_ORDER_MARK)
    writer = csv.writer(sheet)
    writer.writerow([harmless(cell) for cell in head])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return sheet.getvalue()


def harmless(cell: object) -> object:
    """Numbers as they are, nothing for None, text that is shown and not run."""
    if cell is None or isinstance(cell, (int, float)):
        return cell
    text = str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
