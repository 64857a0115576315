"""The one writer and the one reader of CSV files.

Written: cells that a spreadsheet would run as a formula are led by an apostrophe; NUL and lone
carriage returns are taken out; lines end in LF. Read: line by line, in the encodings and with the
separators that spreadsheets write, so that a file of a million lines needs no more memory than one
of a hundred.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

Cell = str | int | None
_STARTS = ("=", "+", "-", "@", "\t", "\n")
_SEPARATORS = ",;\t"
_CHUNK = 1 << 16
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods; .xls


class NotATable(ValueError):
    """The file is no CSV: `code` is empty, workbook, binary, or broken (at `line`)."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code)
        self.code, self.line = code, line


@dataclass(frozen=True)
class Table:
    """A file's header line, and its further rows, each with the number of the line it ends on."""

    encoding: str
    header: list[str]
    rows: Iterator[tuple[int, list[str]]]


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


def read_csv(file: BinaryIO) -> Table:
    """The table in a file that can be read twice. Raises NotATable, also while rows are read.

    UTF-8 with or without a mark, UTF-16 with one, else Windows-1252, which holds Latin-1; comma,
    semicolon or tab. Blank lines are left out.
    """
    encoding = _encoding_of(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    first = text.readline(_CHUNK)
    separator = max(_SEPARATORS, key=first.count)
    text.seek(0)
    rows = _rows(text, separator)
    for _line, header in rows:
        return Table(encoding, header, rows)
    raise NotATable("empty")


def _rows(text: io.TextIOWrapper, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text, delimiter=separator, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error:
        raise NotATable("broken", reader.line_num) from None
    finally:
        with suppress(ValueError):  # it is closed already
            text.detach()  # whoever opened the file closes it


def _encoding_of(file: BinaryIO) -> str:
    """Looks at the whole file once, in pieces."""
    file.seek(0)
    start = file.read(4)
    if not start:
        raise NotATable("empty")
    if start.startswith(_WORKBOOKS):
        raise NotATable("workbook")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    file.seek(0)
    decoder, is_utf8 = codecs.getincrementaldecoder("utf-8")(), True
    while piece := file.read(_CHUNK):
        if b"\x00" in piece:
            raise NotATable("binary")
        if is_utf8:
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                is_utf8 = False
    return "utf-8-sig" if is_utf8 else "windows-1252"
