"""The rows of a sectioned file, one after the other, each with the line it stands on."""

import csv
import re
from collections.abc import Iterator
from typing import BinaryIO

from voting.counting.errors import CountingError, MalformedFile

SECTIONS = ("META", "PROJECTS", "VOTES", "RANKS")


class Rows:
    """Iterate over a file's rows as lists of cells without the blanks around them.

    The title of a section is given out as an empty row, after `section` has been set to it; blank
    lines are passed over. No more of the stream is read than the rows given out so far, so that
    another reader can go on where this one stopped.
    """

    def __init__(self, stream: BinaryIO, section: str = "", lines_before: int = 0) -> None:
        self.section = section
        self._seen = {section}
        self._lines_before = lines_before
        self._reader = csv.reader(self._lines(stream), delimiter=";", strict=True)

    @property
    def line(self) -> int:
        """The line that the last row ended on, from 1."""
        return self._lines_before + self._reader.line_num

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        begun = self.line + 1
        try:
            row = [cell.strip() for cell in next(self._reader)]
        except csv.Error:
            sentence = "A quotation mark is not closed, or a line end stands inside a cell."
            raise MalformedFile(sentence, begun) from None
        if not any(row):
            return next(self)
        if len(row) == 1 and row[0] in SECTIONS:
            if row[0] in self._seen:
                raise MalformedFile(f"The section {row[0]} comes twice.", self.line)
            self.section = row[0]
            self._seen.add(row[0])
            return []
        return row

    def header(self, *needed: str) -> list[str]:
        """The column names of a section, of which the first must be `needed[0]`."""
        header = next(self, [])
        if header[:1] != [needed[0]] or not set(needed) <= set(header):
            raise MalformedFile(
                f"The header of {self.section} must begin with {needed[0]} "
                f"and have {' and '.join(needed[1:])}.",
                self.line,
            )
        if len(set(header)) < len(header):
            raise MalformedFile(f"A column of {self.section} comes twice.", self.line)
        return header

    def cells(self, header: list[str], row: list[str]) -> dict[str, str]:
        """One row by column name."""
        if len(row) != len(header):
            raise MalformedFile(
                f"There are {len(row)} cells where the header of {self.section} "
                f"has {len(header)} columns.",
                self.line,
            )
        return dict(zip(header, row, strict=True))

    def _lines(self, stream: BinaryIO) -> Iterator[str]:
        for number, line in enumerate(stream, self._lines_before + 1):
            try:
                text = line.decode()
            except UnicodeDecodeError:
                raise MalformedFile("The text is not in UTF-8.", number) from None
            yield text.removeprefix("\ufeff") if number == 1 else text


def whole_number(text: str, what: str) -> int:
    """A count above zero, as META and rank tables write it."""
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) == 0:
        raise CountingError(f"{what} is {text[:20]!r}, which is not a whole number above zero.")
    return int(text)
