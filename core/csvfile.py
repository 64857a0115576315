"""The one writer of CSV files.

Cells that a spreadsheet would run as a formula are led by an apostrophe; NUL and lone carriage
returns are taken out; lines end in LF.
"""

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | int | None
_STARTS = ("=", "+", "-", "@", "\t", "\n")


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 bytes of a comma-separated table with a header line."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return file.getvalue().encode()


def _safe(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, int):
        return cell
    text = cell.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return "'" + text if text.startswith(_STARTS) else text
