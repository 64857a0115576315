"""The ballots of a contest as a table and as JSON, whatever it decides about."""

from collections.abc import Iterator, Sequence

from core.csvfile import write_csv
from transparency.data_files import DataFile, data_file
from voting.counting.parameters import canonical_json


def ballot_tables(ref: str, lines: Sequence[str]) -> list[DataFile]:
    """The two files. A line has the ids of one ballot joined by commas, the first choice first."""
    rankings = [line.split(",") for line in lines]
    longest = max(map(len, rankings), default=1)
    header = ["ballot", *(f"rank_{rank}" for rank in range(1, longest + 1))]
    table = write_csv(header, _rows(rankings, longest))
    text = canonical_json({"contest": ref, "ballots": rankings}) + "\n"
    return [
        data_file(f"{ref}-ballots.csv", "The ballots, one a line, sorted by what they say", table),
        data_file(f"{ref}-ballots.json", "The same ballots as lists of ids", text),
    ]


def _rows(rankings: Sequence[Sequence[str]], longest: int) -> Iterator[list[str | int]]:
    for number, ranking in enumerate(rankings, 1):
        yield [number, *ranking, *[""] * (longest - len(ranking))]
