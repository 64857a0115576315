"""Reading Pabulib's `.pb` files and our rank tables: what the file says, or where it goes wrong.

The format: UTF-8, cells divided by semicolons with CSV quoting, sections META, PROJECTS and VOTES
in that order (http://pabulib.org/format; the paper is arXiv 2012.06539). A rank table has a
section RANKS where a `.pb` has VOTES. What changes nothing is tolerated and said in a warning;
anything that could change the count is refused with its line.
"""

import gzip
import io
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from voting.counting.allowance import Allowance
from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.errors import MalformedFile
from voting.counting.file_checks import check_file
from voting.counting.file_warnings import FileWarning, Warnings
from voting.counting.pb_sections import read_contest, read_meta, read_ranks
from voting.counting.rank_table import RankTable
from voting.counting.rows import Rows
from voting.counting.votes_section import read_votes

Source = str | PathLike[str] | BinaryIO

_IN_MEMORY = 1 << 24


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, and what of it was tolerated though the format wants it otherwise."""

    contest: Contest
    ballots: Ballots | RankTable
    warnings: list[FileWarning]


def read_pb(
    source: Source,
    warnings: list[FileWarning] | None = None,
    *,
    most_bytes: int | None = None,
) -> tuple[Contest, Ballots]:
    """The contest and the ballots of a `.pb` or `.pb.gz` file, given by path or as open bytes.

    What was tolerated is added to `warnings`. A file whose contents would take more than
    `most_bytes` of memory is refused; by default half of what is free.

    Raises MalformedFile, TooLarge, or OSError when there is no such file.
    """
    reading = read_sections(source, most_bytes, checked=warnings is not None)
    if not isinstance(reading.ballots, Ballots):
        raise MalformedFile("This is a rank table; it has no section VOTES.")
    if warnings is not None:
        warnings.extend(reading.warnings)
    return reading.contest, reading.ballots


def read_rank_table(source: Source) -> tuple[Contest, RankTable]:
    """The contest and the table of project x rank of a file that has RANKS instead of VOTES."""
    reading = read_sections(source, checked=False)
    if not isinstance(reading.ballots, RankTable):
        raise MalformedFile("This file has ballots; it has no section RANKS.")
    return reading.contest, reading.ballots


def read_sections(
    source: Source, most_bytes: int | None = None, *, checked: bool = True
) -> Reading:
    """Either kind of file, told apart by its last section.

    Unless it is `checked`, nothing is compared that only makes warnings.
    """
    warnings, allowance = Warnings(), Allowance(most_bytes)
    with opened(source, allowance) as stream:
        rows = Rows(stream, warnings=warnings, allowance=allowance)
        _expect(rows, "META")
        meta = read_meta(rows)
        contest = read_contest(rows, meta)
        found: Ballots | RankTable
        if rows.section == "VOTES":
            found = read_votes(stream, rows, contest)
        elif rows.section == "RANKS":
            found = read_ranks(rows, contest)
        else:
            raise MalformedFile("The section VOTES is expected here.", rows.line)
        meta.check_number("num_votes", len(found), "ballots")
    if checked:
        check_file(meta, contest, found, warnings)
    return Reading(contest, found, warnings.listed())


@contextmanager
def opened(source: Source, allowance: Allowance) -> Iterator[BinaryIO]:
    """The file's plain bytes, unpacked if they are compressed, ready to be read twice."""
    with ExitStack() as stack:
        if isinstance(source, str | PathLike):
            stream: BinaryIO = stack.enter_context(Path(source).open("rb"))
        else:
            stream = source
        if not stream.seekable():
            kept = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))
            shutil.copyfileobj(stream, kept)
            kept.seek(0)
            stream = kept  # type: ignore[assignment]  # typeshed does not call it a BinaryIO
        packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
        try:
            yield io.BufferedReader(gzip.GzipFile(fileobj=stream, mode="rb")) if packed else stream
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise MalformedFile("The compressed file is damaged or cut off.") from None
        except MemoryError:
            raise allowance.refusal() from None


def _expect(rows: Rows, section: str) -> None:
    row = next(rows, [])
    if rows.section != section or row:
        raise MalformedFile(f"The section {section} is expected here.", max(rows.line, 1))
