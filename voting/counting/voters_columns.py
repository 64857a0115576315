"""Reading from a `.pb` file where its voters live, in sums.

This is a reading apart from that of the ballots: neither ever holds what a person marked beside
where she lives.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from voting.counting.allowance import Allowance
from voting.counting.contest import Contest
from voting.counting.districts import District, Voters, districts_of, matching, places_named
from voting.counting.pb_reader import Source, opened
from voting.counting.rows import Rows

HOMES = ("district", "neighborhood")
"""Columns of VOTES that say where a voter lives."""
PLACES = ("district", "subunit", "neighborhood")
"""Columns of PROJECTS that say where a project lies."""
FEWEST_NAMES = 2
"""So many districts must be among the voters' and among the projects', or else the columns speak
of different things."""


class Homes(NamedTuple):
    """Where projects lie, by id, and how many voters live in each of such districts."""

    places: Mapping[str, str]
    voters: Voters


def read_districts(
    source: Source, contest: Contest, *, most_bytes: int | None = None
) -> tuple[District, ...]:
    """The districts of a file that was read before, whose contest this is.

    Empty where it does not say where projects lie or where voters live, or not by the same names.
    """
    homes = read_homes(source, contest, most_bytes=most_bytes)
    return () if homes is None else districts_of(contest, homes.places, homes.voters)


def read_homes(source: Source, contest: Contest, *, most_bytes: int | None = None) -> Homes | None:
    """What `read_districts` tells these from, with every number however small it is."""
    located = [places for column in PLACES if (places := places_named(contest, column))]
    if not located:
        return None
    pairs = [
        Homes(places, voters)
        for voters in _homes(source, Allowance(most_bytes))
        for places in located
        if matching(places, voters) >= FEWEST_NAMES
    ]
    return max(pairs, key=lambda pair: matching(*pair), default=None)


def _homes(source: Source, allowance: Allowance) -> list[Counter[str]]:
    """How many voters there are by each word of each column that says where they live."""
    with opened(source, allowance) as stream:
        stream.seek(0)
        if stream.read(64).lstrip().startswith(b"{"):
            return []  # a JSON document, which says nothing of voters
        stream.seek(0)
        rows = Rows(stream, allowance=allowance)
        for row in rows:
            if not row and rows.section == "VOTES":
                break
        if rows.section != "VOTES":
            return []
        header = rows.header()
        columns = [header.index(name) for name in HOMES if name in header]
        found: list[Counter[str]] = [Counter() for _ in columns]
        if columns:
            for row in rows:
                for place, voters in zip(columns, found, strict=True):
                    voters[row[place]] += 1
        return found
