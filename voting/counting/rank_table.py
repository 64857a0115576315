"""The table of project x rank: what is published of a contest too small to publish its ballots.

A row says on how many ballots of a given length a project stood at a given rank. That is enough
to recount every rule that gives points by rank, and does not show which marks were made together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from voting.counting.ballots import Ballots, Placings
from voting.counting.errors import CountingError
from voting.counting.published_text import digest_of_lines


@dataclass(frozen=True, slots=True, eq=False)
class RankTable:
    """Placings summed over ballots, sorted by option, length and rank, without empty rows."""

    columns: Placings

    @classmethod
    def of_ballots(cls, ballots: Ballots) -> "RankTable":
        """The table of these ballots, which must not have points of their own."""
        if ballots.points is not None:
            raise CountingError("Ballots with points of their own have no table of ranks.")
        places = ballots.placings()
        most = int(places.length.max(initial=0)) + 1
        keys, row = np.unique(
            (places.option * most + places.length) * most + places.rank, return_inverse=True
        )
        totals = np.zeros(len(keys), np.int64)
        np.add.at(totals, row, places.ballots)
        return cls(Placings(keys // most // most, keys // most % most, keys % most, totals))

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[int, int, int, int]]) -> "RankTable":
        """A table from rows of option number, ballot length, rank and number of ballots.

        Refuses what no set of ballots can give: a repeated row, a rank beyond the length, and
        ranks of one length that were not all filled equally often.
        """
        table = sorted(rows)
        keys = [row[:3] for row in table]
        if len(set(keys)) < len(keys):
            raise CountingError("The rank table has two rows for the same project and rank.")
        filled: dict[int, dict[int, int]] = {}
        for _, length, rank, ballots in table:
            if not 1 <= rank <= length or ballots < 1:
                raise CountingError("A row of the rank table has an impossible rank or number.")
            ranks = filled.setdefault(length, {})
            ranks[rank] = ranks.get(rank, 0) + ballots
        for length, ranks in filled.items():
            if len(ranks) != length or len(set(ranks.values())) != 1:
                raise CountingError(
                    f"The rank table does not fill all {length} ranks of its ballots equally often."
                )
        columns = np.array(table, np.int64).reshape(-1, 4).T
        return cls(Placings(*columns))

    def __len__(self) -> int:
        """The number of ballots behind the table."""
        return int(self.columns.ballots[self.columns.rank == 1].sum())

    @property
    def points_scale(self) -> int:
        """Points by rank are whole."""
        return 1

    @property
    def lengths(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        return self.columns.length

    @property
    def highest_option(self) -> int:
        """The highest option number in the table, -1 where it is empty."""
        return int(self.columns.option.max(initial=-1))

    def placings(self) -> Placings:
        return self.columns

    def summed_placings(self) -> Placings:
        return self.columns

    def published_lines(self, ids: Sequence[str]) -> list[str]:
        """One line per row: project, length, rank, number of ballots; sorted as text."""
        rows = zip(*(column.tolist() for column in self.columns), strict=True)
        return sorted(f"{ids[option]},{length},{rank},{n}" for option, length, rank, n in rows)

    def digest(self, ids: Sequence[str]) -> str:
        """SHA-256 of `published_lines`, a line feed after each."""
        return digest_of_lines(self.published_lines(ids))

    def describe(self, ids: Sequence[str]) -> dict[str, Any]:
        return {"form": "rank table", "number": len(self), "sha256": self.digest(ids)}
