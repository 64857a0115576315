"""The ballots as equal shares needs them: for each option who supports it, and how strongly.

Equal ballots are one group with a number of copies. What a supporter gets from an option is
`points * scale`: the points are hers, the scale is the option's (its cost where utility is counted
in money, otherwise 1). So the search for a price works with small numbers, whatever things cost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from operator import mul

import numpy as np
from numpy.typing import NDArray

from voting.counting.grouping import as_column

Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]
Whole = NDArray[np.integer]

MOST_WIDE = 1 << 19
"""So many marks are kept in wide columns, which are the quickest; more are kept in narrow ones."""

AT_ONCE = 1 << 15
"""So many narrow marks are widened at once."""

_MACHINE_NUMBER = 1 << 63
_WHOLE = 2**53


@dataclass(frozen=True, eq=False)
class Supporters:
    """Who supports one option: the numbers of the groups, and what each ballot gives it.

    `ballots_of_group` has the copies of all groups of the electorate, in their order, as narrow as
    they are. Columns that are not `wide` stay narrow, too: who computes with them takes `parts`,
    one by one.
    """

    groups: Whole
    points: Whole
    ballots_of_group: Whole
    wide: bool = True

    def parts(self) -> Iterator["Supporters"]:
        """The same in pieces small enough to keep what is derived from each, for a while."""
        if self.wide:
            yield self
            return
        for start in range(0, len(self.groups), AT_ONCE):
            piece = slice(start, start + AT_ONCE)
            groups = self.groups[piece].astype(np.int64)
            yield Supporters(groups, self.points[piece], self.ballots_of_group)

    @property
    def in_one_part(self) -> bool:
        return self.wide or len(self.groups) <= AT_ONCE

    @cached_property
    def copies(self) -> Numbers:
        return self.ballots_of_group[self.groups].astype(np.int64, copy=False)

    @cached_property
    def all_points(self) -> int:
        return sum(_product(part.copies, part.points) for part in self.parts())

    @cached_property
    def alike(self) -> bool:
        """Whether every supporter gives one point, so that points need no multiplication."""
        return bool((self.points == 1).all())

    @cached_property
    def real_points(self) -> Reals:
        return self.points.astype(np.float64)

    @cached_property
    def real_copies(self) -> Reals:
        return self.copies.astype(np.float64)

    @cached_property
    def weights(self) -> Reals:
        return self.real_copies * self.real_points


@dataclass(frozen=True, eq=False)
class Electorate:
    """All that a run of equal shares depends on, but for the money.

    `tie_ranks` are different numbers, one per option; the lower wins among equal prices.
    `supporters[c]` is empty for an option that nobody supports or that does not take part.
    """

    copies: Whole
    costs: tuple[int, ...]
    scales: tuple[int, ...]
    tie_ranks: tuple[int, ...]
    supporters: tuple[Supporters, ...]

    @classmethod
    def build(
        cls,
        bounds: Numbers | range,
        options: Whole,
        points: Whole | None,
        copies: Whole,
        costs: Sequence[int],
        scales: Sequence[int] | None = None,
        tie_ranks: Sequence[int] | None = None,
        taking_part: Sequence[bool] | None = None,
    ) -> "Electorate":
        """From ballots in columns: group i names `options[bounds[i]:bounds[i + 1]]`.

        Without `points` each option named gets one. Points of zero or less are no support.
        """
        number = len(costs)
        enters = np.ones(number, bool) if taking_part is None else np.array(taking_part, bool)
        marks = _Marks(bounds, options, points, enters)
        return cls(
            copies,
            tuple(costs),
            tuple(scales) if scales is not None else (1,) * number,
            tuple(tie_ranks) if tie_ranks is not None else tuple(range(number)),
            tuple(marks.by_option(copies)),
        )

    def floats_count_exactly(self, start: Fraction) -> bool:
        """Whether sums of points and ballots are exact in float64, and amounts are in scale."""
        points = max((found.all_points for found in self.supporters), default=0)
        return points < _WHOLE and start * self.voters < _WHOLE and max(self.costs) < _WHOLE

    @cached_property
    def voters(self) -> int:
        return int(self.copies.sum())

    @cached_property
    def supported(self) -> tuple[int, ...]:
        """The options that anybody supports."""
        return tuple(c for c, found in enumerate(self.supporters) if len(found.groups))


@dataclass(frozen=True, eq=False)
class _Marks:
    """The ballots' marks in the ballots' order, to be put into the options' order."""

    bounds: Numbers | range
    options: Whole
    points: Whole | None
    enters: NDArray[np.bool_]

    def by_option(self, copies: Whole) -> Iterator[Supporters]:
        """The supporters of each option, in the order of their groups."""
        wide = len(self.options) <= MOST_WIDE
        if wide:
            groups, points, sizes = self._support(0, len(copies))
            points = points.astype(np.int64, copy=False)
        else:
            groups, points, sizes = self._placed(len(copies))
        ends = np.cumsum(sizes)
        for start, end in zip((ends - sizes).tolist(), ends.tolist(), strict=True):
            yield Supporters(groups[start:end], points[start:end], copies, wide)

    def _placed(self, number: int) -> tuple[Whole, Whole, Numbers]:
        """As `_support` of all groups, piece by piece: nothing but the result is large."""
        pieces = list(self._pieces())
        sizes = sum(map(self._sizes, pieces), np.zeros(len(self.enters), np.int64))
        marks = int(sizes.sum())
        groups = np.empty(marks, np.min_scalar_type(number))
        points = np.empty(marks, self._narrow())
        place = np.cumsum(sizes) - sizes
        for first, last in pieces:
            owners, given, found = self._support(first, last)
            goes_to = np.repeat(place - np.cumsum(found) + found, found) + np.arange(len(owners))
            groups[goes_to], points[goes_to] = owners, given
            place += found
        return groups, points, sizes

    def _pieces(self) -> Iterator[tuple[int, int]]:
        """Groups from the first to before the last, with about as many marks as a part has."""
        groups = len(self.bounds) - 1
        step = max(1, AT_ONCE * groups // len(self.options))
        for first in range(0, groups, step):
            yield first, min(first + step, groups)

    def _sizes(self, groups: tuple[int, int]) -> Numbers:
        """By option how many of these groups support it."""
        options, _, support = self._marks(*groups)
        return np.bincount(options[support], minlength=len(self.enters))

    def _support(self, first: int, last: int) -> tuple[Whole, Whole, Numbers]:
        """For these groups by option: who supports it, with which points, and how many do."""
        options, given, support = self._marks(first, last)
        sizes = np.bincount(options[support], minlength=len(self.enters))
        order = support[np.argsort(options[support], kind="stable")]
        starts = as_column(self.bounds[first : last + 1])
        owners = np.repeat(np.arange(first, last), np.diff(starts))
        return owners[order], given[order], sizes

    def _marks(self, first: int, last: int) -> tuple[Whole, Whole, Numbers]:
        """The marks of these groups, what each gives, and which of them are support."""
        piece = slice(self.bounds[first], self.bounds[last])
        options = self.options[piece]
        given = np.ones(len(options), np.int8) if self.points is None else self.points[piece]
        return options, given, np.flatnonzero((given > 0) & self.enters[options])

    def _narrow(self) -> np.dtype[np.integer]:
        most = 1 if self.points is None else max(1, int(self.points.max(initial=1)))
        return np.min_scalar_type(most)


def _product(copies: Numbers, points: Whole) -> int:
    """The points of all copies, in machine numbers only where these are large enough."""
    if int(copies.sum()) * int(points.max(initial=0)) < _MACHINE_NUMBER:
        return int(np.dot(copies, points))
    return sum(map(mul, copies.tolist(), points.tolist()))
