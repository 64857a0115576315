"""The rows of a sectioned file, one after the other, each with the line it stands on."""

import csv
import re
from collections.abc import Iterator
from typing import BinaryIO

from voting.counting.allowance import MOST_LINE, Allowance
from voting.counting.errors import CountingError, MalformedFile
from voting.counting.file_warnings import Warnings

SECTIONS = ("META", "PROJECTS", "VOTES", "RANKS")
SPACES = " \t\u00a0"
BLANKS = SPACES + "\r\n"
"""What may stand around a cell or a comma, line ends inside quotes. Other signs say something."""
BOM = "\ufeff"
BYTE_ORDER_MARK = "The file begins with a byte order mark, which is passed over."
CARRIAGE_RETURN = "The line ends with a carriage return, which is passed over."
BLANK_LINE = "A blank line is passed over."

# The library's own bound of 131,072 signs in a cell is less than a tie order may take.
csv.field_size_limit(MOST_LINE)


class Rows:
    """Iterate over a file's rows as lists of cells without the blanks around them.

    The title of a section is given out as an empty row, after `section` has been set to it; blank
    lines are passed over. No more of the stream is read than the rows given out so far, so that
    another reader can go on where this one stopped. What is tolerated goes to `warnings`.
    """

    def __init__(
        self,
        stream: BinaryIO,
        section: str = "",
        lines_before: int = 0,
        *,
        warnings: Warnings | None = None,
        allowance: Allowance | None = None,
        delimiter: str = ";",
    ) -> None:
        self.section = section
        self.warnings = Warnings() if warnings is None else warnings
        self.allowance = Allowance() if allowance is None else allowance
        self._seen = {section}
        self._lines_before = lines_before
        self._first_blank, self._blanks = 0, 0
        self._reader = csv.reader(self._lines(stream), delimiter=delimiter, strict=True)

    @property
    def line(self) -> int:
        """The line that the last row ended on, from 1."""
        return self._lines_before + self._reader.line_num

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        row = self._next_row()
        if row[0] in SECTIONS and not any(row[1:]):
            if row[0] in self._seen:
                raise MalformedFile(f"The section {row[0]} comes twice.", self.line)
            self._note_cells_to_spare(row, 1)
            self.section = row[0]
            self._seen.add(row[0])
            return []
        return row

    def header(self, *needed: str) -> list[str]:
        """The column names of a section, among which those `needed` must be."""
        header = next(self, [])
        width = max((place for place, name in enumerate(header, 1) if name), default=0)
        header = self.without_spare_cells(header, width)
        if not set(needed) <= set(header):
            raise MalformedFile(
                f"The header of {self.section} must have the columns {' and '.join(needed)}.",
                self.line,
            )
        if len(set(header)) < len(header):
            raise MalformedFile(f"A column of {self.section} comes twice.", self.line)
        return header

    def cells(self, header: list[str], row: list[str]) -> dict[str, str]:
        """One row by column name."""
        row = self.without_spare_cells(row, len(header))
        if len(row) != len(header):
            raise MalformedFile(
                f"There are {len(row)} cells where the header of {self.section} "
                f"has {len(header)} columns.",
                self.line,
            )
        return dict(zip(header, row, strict=True))

    def without_spare_cells(self, row: list[str], width: int) -> list[str]:
        """The row without the empty cells that spreadsheets leave behind its last column."""
        if len(row) <= width or any(row[width:]):
            return row
        self._note_cells_to_spare(row, width)
        return row[:width]

    def _note_cells_to_spare(self, row: list[str], width: int) -> None:
        if len(row) > width:
            self.warnings.add("Empty cells at the end of a line are passed over.", self.line)

    def _next_row(self) -> list[str]:
        while True:
            begun = self.line + 1
            try:
                cells = next(self._reader)
            except csv.Error:
                sentence = "A quotation mark is not closed, or a line end stands inside a cell."
                raise MalformedFile(sentence, begun) from None
            except StopIteration:
                # One at the end is as it should be.
                self.warnings.add(BLANK_LINE, self._first_blank + 1, max(self._blanks - 1, 0))
                raise
            row = [cell.strip(BLANKS) for cell in cells]
            if not any(row):
                self._first_blank = self._first_blank if self._blanks else self.line
                self._blanks += 1
                continue
            self.warnings.add(BLANK_LINE, self._first_blank, self._blanks)
            self._blanks = 0
            if row != cells:
                self.warnings.add("Blanks around a cell are passed over.", self.line)
            return row

    def _lines(self, stream: BinaryIO) -> Iterator[str]:
        number = self._lines_before
        while line := read_line(stream, number + 1):
            number += 1
            try:
                text = line.decode()
            except UnicodeDecodeError:
                raise MalformedFile("The text is not in UTF-8.", number) from None
            if number == 1 and text.startswith(BOM):
                self.warnings.add(BYTE_ORDER_MARK, number)
                text = text.removeprefix(BOM)
            if text.endswith("\r\n"):
                self.warnings.add(CARRIAGE_RETURN, number)
            yield text


def read_line(stream: BinaryIO, number: int) -> bytes:
    """The next line with its end, or nothing at the end of the file."""
    line = stream.readline(MOST_LINE + 1)
    if len(line) > MOST_LINE:
        raise MalformedFile(
            f"The line is longer than {MOST_LINE >> 20} MiB, which no contest needs.", number
        )
    return line


def whole_number(text: str, what: str) -> int:
    """A count above zero, as META and rank tables write it."""
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) == 0:
        raise CountingError(f"{what} is {text[:20]!r}, which is not a whole number above zero.")
    return int(text)
