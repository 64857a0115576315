"""Reading a contest with its ballots from any file that is known, told apart by what it holds.

A JSON document begins with a brace. Two CSV tables are one contest: their names end with
`-projects.csv` and `-ballots.csv`, and either is enough to find both. All else is a `.pb` file or
a table of ranks.
"""

from os import PathLike, fspath
from typing import Any

from voting.counting.allowance import Allowance
from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.csv_files import read_csv
from voting.counting.errors import MalformedFile
from voting.counting.file_warnings import FileWarning
from voting.counting.json_files import read_json
from voting.counting.pb_reader import Reading, Source, opened, read_sections
from voting.counting.rank_table import RankTable

_PROJECTS, _BALLOTS = "-projects.csv", "-ballots.csv"


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
    reading = _read(source, most_bytes=most_bytes, checked=warnings is not None)
    if warnings is not None:
        warnings.extend(reading.warnings)
    return reading.contest, reading.ballots


def read(source: Source, *, most_bytes: int | None = None) -> Reading:
    """The same with the warnings, for those who keep them beside the contest."""
    return _read(source, most_bytes=most_bytes, checked=True)


def _read(source: Source, **how: Any) -> Reading:
    if isinstance(source, str | PathLike):
        name = fspath(source).removesuffix(".gz")
        packed = fspath(source)[len(name) :]
        if name.endswith((_PROJECTS, _BALLOTS)):
            stem = name.removesuffix(_PROJECTS).removesuffix(_BALLOTS)
            return read_csv(f"{stem}{_PROJECTS}{packed}", f"{stem}{_BALLOTS}{packed}", **how)
        if name.endswith(".csv"):
            raise MalformedFile(f"The names of CSV tables end with {_PROJECTS} and {_BALLOTS}.")
    # Opened once: what comes through a pipe cannot be opened again.
    with opened(source, Allowance(how["most_bytes"])) as stream:
        is_json = stream.read(64).lstrip().startswith(b"{")
        stream.seek(0)
        return read_json(stream, **how) if is_json else read_sections(stream, **how)
