"""Many ballots in columns.

Equal ballots are kept once with the number of their copies. That loses nothing, since a count
never depends on the order of the ballots, and makes counting cheap.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise, repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from voting.counting.errors import CountingError
from voting.counting.grouping import (
    Numbers,
    OptionNumbers,
    Whole,
    any_row_repeats,
    as_column,
    group_rows,
)
from voting.counting.published_text import digest_of_lines, format_points
from voting.counting.ranking import unpack_rankings

__all__ = ["Ballots", "Numbers", "Placings"]

_PART = 1 << 17


class Placings(NamedTuple):
    """Columns of equal length: an option stood at a rank on that many ballots of one length."""

    option: Numbers
    length: Numbers
    rank: Numbers
    ballots: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Ballots:
    """Distinct rankings in columns; ranking i is `options[starts[i]:starts[i + 1]]`.

    `starts` has one entry more than there are distinct rankings, `options` holds option numbers,
    the first rank first, and `copies` says how many ballots carry each ranking. Where ballots give
    points, `points` has those of each entry of `options`, counted in units of one by
    `points_scale`, a power of ten: 2.5 is 25 with a scale of 10.

    Millions of ballots may be kept in less than that: `bounds` are the starts, or only a range
    where all rankings are of one length; `options` may take a byte each, and `narrow_copies` are
    the copies in signed numbers of any width. Who computes with them reads `starts` and `copies`,
    which are always wide, and goes through `parts` where there may be many.
    """

    bounds: Numbers | range
    options: OptionNumbers
    narrow_copies: Whole
    points: Numbers | None = None
    points_scale: int = 1

    @classmethod
    def from_rows(cls, rows: Iterable[Sequence[int]]) -> "Ballots":
        """Ballots from sequences of option numbers, the first rank first."""
        return cls.from_counts(Counter(map(tuple, rows)))

    @classmethod
    def from_points(
        cls,
        rows: Iterable[tuple[Sequence[int], Sequence[int]]],
        points_scale: int = 1,
        copies: Iterable[int] | None = None,
    ) -> "Ballots":
        """Ballots from pairs of equally long sequences: option numbers, and points for each.

        Each stands for one ballot, or for as many as `copies` says.
        """
        counts: Counter[tuple[tuple[int, ...], tuple[int, ...]]] = Counter()
        times = repeat(1) if copies is None else iter(copies)
        for options, points in rows:
            counts[tuple(options), tuple(points)] += next(times)
        if any(len(options) != len(points) for options, points in counts):
            raise CountingError("A ballot has not as many points as projects.")
        flat = list(chain.from_iterable(options for options, _ in counts))
        if not all(0 <= number < 65_536 for number in flat):
            raise CountingError("A ballot ranks a project that is not in the contest.")
        lengths = np.fromiter((len(options) for options, _ in counts), np.int64, len(counts))
        ballots = cls.from_columns(lengths, np.array(flat, np.uint16), counts.values())
        numbers = np.array(list(chain.from_iterable(given for _, given in counts)), np.int64)
        return replace(ballots, points=numbers, points_scale=points_scale)

    @classmethod
    def from_packed(cls, packed: Iterable[bytes]) -> "Ballots":
        """Ballots from the database's form, see `pack_ranking`."""
        return cls._joined([cls.from_matrix(matrix) for matrix in unpack_rankings(packed)])

    @classmethod
    def from_matrix(cls, matrix: OptionNumbers) -> "Ballots":
        """Ballots that all rank as many: one row of option numbers each, the first rank first.

        Equal rows are grouped here, which takes at most about twice the memory of a large matrix.
        """
        length = matrix.shape[1]
        if length == 0 and len(matrix):
            raise CountingError("A ballot ranks nothing.")
        if any_row_repeats(matrix):
            raise CountingError("A ballot ranks a project twice.")
        rows, copies = group_rows(matrix)
        return cls(range(0, rows.size + 1, max(length, 1)), rows.ravel(), copies)

    @classmethod
    def from_columns(
        cls, lengths: Numbers, options: NDArray[np.uint16], copies: Iterable[int]
    ) -> "Ballots":
        """Ballots from columns as the class describes them, refusing what is no ranking."""
        ballots = cls(
            np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))),
            options,
            np.fromiter(copies, np.int64, len(lengths)),
        )
        if (lengths < 1).any():
            raise CountingError("A ballot ranks nothing.")
        if ballots.repeats_an_option():
            raise CountingError("A ballot ranks a project twice.")
        return ballots

    @classmethod
    def from_counts(cls, counts: Mapping[tuple[int, ...], int]) -> "Ballots":
        """Ballots from rankings as option numbers, each with the number of its ballots."""
        flat = list(chain.from_iterable(counts))
        if not all(0 <= number < 65_536 for number in flat):
            raise CountingError("A ballot ranks a project that is not in the contest.")
        lengths = np.fromiter(map(len, counts), np.int64, len(counts))
        return cls.from_columns(lengths, np.array(flat, np.uint16), counts.values())

    @classmethod
    def _joined(cls, parts: Sequence["Ballots"]) -> "Ballots":
        """Ballots without points from those of each length."""
        if len(parts) == 1:
            return parts[0]
        lengths = np.concatenate([np.zeros(1, np.int64), *(part.lengths for part in parts)])
        options = [np.zeros(0, np.uint8), *(part.options for part in parts)]
        copies = [np.zeros(0, np.int8), *(part.narrow_copies for part in parts)]
        return cls(np.cumsum(lengths), np.concatenate(options), np.concatenate(copies))

    def __len__(self) -> int:
        return int(self.narrow_copies.sum())

    @property
    def starts(self) -> Numbers:
        return as_column(self.bounds)

    @property
    def copies(self) -> Numbers:
        return self.narrow_copies.astype(np.int64, copy=False)

    @property
    def lengths(self) -> Numbers:
        return np.diff(self.starts)

    def parts(self) -> Iterator["Ballots"]:
        """The same rankings, some thousands at a time: what is derived from them takes far more.

        A part has about 131,072 marks.
        """
        rankings = len(self.narrow_copies)
        step = max(1, _PART * rankings // max(1, len(self.options)))
        for first in range(0, rankings, step):
            starts = as_column(self.bounds[first : first + step + 1])
            marks = slice(starts[0], starts[-1])
            yield Ballots(
                starts - starts[0],
                self.options[marks],
                self.narrow_copies[first : first + step].astype(np.int64, copy=False),
                None if self.points is None else self.points[marks],
                self.points_scale,
            )

    def widened(self) -> "Ballots":
        """The same in wide columns, for rules that ask for single rankings again and again."""
        return replace(self, bounds=self.starts, narrow_copies=self.copies)

    def with_lone(self, option: int, more: int, points: int = 1) -> "Ballots":
        """These and so many further ballots that mark this option alone, with so many points."""
        return Ballots(
            np.append(self.starts, len(self.options) + 1),
            np.append(self.options, np.uint16(option)),
            np.append(self.copies, more),
            None if self.points is None else np.append(self.points, points),
            self.points_scale,
        )

    def unordered(self) -> "Ballots":
        """The same ballots with the options of each in the contest's order, equal ones grouped.

        For kinds of ballots in which the order of the marks says nothing.
        """
        owner = np.repeat(np.arange(len(self.copies)), self.lengths)
        order = np.lexsort((self.options, owner))
        if (order[1:] > order[:-1]).all():
            return self
        options, points = self.options[order].astype(np.uint16, copy=False), self.points
        points = np.zeros(len(order), np.int64) if points is None else points[order]
        equal: Counter[tuple[bytes, bytes]] = Counter()
        spans = pairwise(self.starts.tolist())
        for (start, end), copies in zip(spans, self.copies.tolist(), strict=True):
            equal[options[start:end].tobytes(), points[start:end].tobytes()] += copies
        marks, given = (b"".join(column) for column in zip(*equal, strict=True))
        lengths = np.fromiter((len(ranking) // 2 for ranking, _ in equal), np.int64, len(equal))
        grouped = Ballots.from_columns(lengths, np.frombuffer(marks, np.uint16), equal.values())
        if self.points is None:
            return grouped
        points = np.frombuffer(given, np.int64)
        return replace(grouped, points=points, points_scale=self.points_scale)

    def repeats_an_option(self) -> bool:
        """Whether any ranking names an option twice."""
        owner = np.repeat(np.arange(len(self.copies)), self.lengths)
        marks = np.sort((owner << 16) | self.options)
        return bool((marks[1:] == marks[:-1]).any())

    @property
    def highest_option(self) -> int:
        """The highest option number on any ballot, -1 where there is none."""
        return int(self.options.max(initial=0)) if len(self.options) else -1

    def summed_placings(self) -> Placings:
        """`placings` with equal ones added up, where that is shorter: enough for points by rank.

        Nothing is made then that is as long as all of them together.
        """
        number = self.highest_option + 1
        lengths = (np.flatnonzero(np.bincount(part.lengths)).tolist() for part in self.parts())
        found = sorted(set(chain.from_iterable(lengths)))
        if not found or sum(found) * number > len(self.options):
            return self.placings()
        sums = [np.zeros(number, np.int64) for length in found for _ in range(length)]
        for part in self.parts():
            rows = iter(sums)
            for length in found:
                marks, copies = part.options, part.copies
                if len(found) > 1:
                    alike = part.lengths == length
                    marks = marks[part.starts[:-1][alike, None] + np.arange(length)]
                    copies = copies[alike]
                for column in marks.reshape(-1, length).T:
                    np.add.at(next(rows), column, copies)
        return Placings(
            np.tile(np.arange(number), len(sums)),
            np.repeat(found, [length * number for length in found]),
            np.repeat(np.concatenate([np.arange(1, length + 1) for length in found]), number),
            np.concatenate(sums),
        )

    def placings(self) -> Placings:
        """Every place on every distinct ranking."""
        lengths = self.lengths
        start_of_own = np.repeat(self.starts[:-1], lengths)
        return Placings(
            self.options.astype(np.int64),
            np.repeat(lengths, lengths),
            np.arange(len(self.options)) - start_of_own + 1,
            np.repeat(self.copies, lengths),
        )

    def rankings(self, ids: Sequence[str]) -> Iterator[tuple[tuple[str, ...], int]]:
        """Each distinct ranking as ids, with the number of ballots that carry it."""
        named = [ids[number] for number in self.options]
        bounds = self.starts.tolist()
        for start, end, copies in zip(bounds, bounds[1:], self.copies.tolist(), strict=False):
            yield tuple(named[start:end]), copies

    def published_lines(self, ids: Sequence[str]) -> list[str]:
        """One line per ballot, sorted: the canonical form of the whole.

        A line has the ids joined by commas; where ballots give points, a semicolon and the points
        joined by commas follow.
        """
        lines = [",".join(ranking) for ranking, _ in self.rankings(ids)]
        if self.points is not None:
            given = [format_points(each, self.points_scale) for each in self.points.tolist()]
            spans = pairwise(self.starts.tolist())
            lines = [
                f"{line};{','.join(given[start:end])}"
                for line, (start, end) in zip(lines, spans, strict=True)
            ]
        return sorted(chain.from_iterable(map(repeat, lines, self.copies.tolist())))

    def digest(self, ids: Sequence[str]) -> str:
        """SHA-256 of `published_lines`, a line feed after each, whatever the ballots' order."""
        return digest_of_lines(self.published_lines(ids))

    def describe(self, ids: Sequence[str]) -> dict[str, Any]:
        """What a published count says of the ballots that it counted."""
        described = {"form": "ballots", "number": len(self), "sha256": self.digest(ids)}
        if self.points_scale > 1:
            described["points_scale"] = self.points_scale
        return described
