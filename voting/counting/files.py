"""Reading a contest with its ballots from any file that is known, told apart by what it holds."""

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.file_warnings import FileWarning
from voting.counting.pb_reader import Reading, Source, read_sections
from voting.counting.rank_table import RankTable


def read_file(
    source: Source,
    warnings: list[FileWarning] | None = None,
    *,
    most_bytes: int | None = None,
) -> tuple[Contest, Ballots | RankTable]:
    """The contest and its ballots, or its table of ranks.

    What was tolerated is added to `warnings`. A file whose contents would take more than
    `most_bytes` of memory is refused; by default half of what is free.

    Raises MalformedFile, TooLarge, or OSError when there is no such file.
    """
    reading = read_sections(source, most_bytes, checked=warnings is not None)
    if warnings is not None:
        warnings.extend(reading.warnings)
    return reading.contest, reading.ballots


def read(source: Source, *, most_bytes: int | None = None) -> Reading:
    """The same with the warnings, for those who keep them beside the contest."""
    return read_sections(source, most_bytes)
