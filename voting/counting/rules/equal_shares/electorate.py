"""The ballots as equal shares needs them: for each option who supports it, and how strongly.

Equal ballots are one group with a number of copies. What a supporter gets from an option is
`points * scale`: the points are hers, the scale is the option's (its cost where utility is counted
in money, otherwise 1). So the search for a price works with small numbers, whatever things cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Supporters:
    """Who supports one option: the numbers of the groups, and what each ballot gives it."""

    groups: Numbers
    points: Numbers
    copies: Numbers

    @cached_property
    def ballots(self) -> int:
        return int(self.copies.sum())

    @cached_property
    def all_points(self) -> int:
        return sum(
            int(points) * int(self.copies[self.points == points].sum())
            for points in np.unique(self.points)
        )

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

    copies: Numbers
    costs: tuple[int, ...]
    scales: tuple[int, ...]
    tie_ranks: tuple[int, ...]
    supporters: tuple[Supporters, ...]

    @classmethod
    def build(
        cls,
        starts: Numbers,
        options: NDArray[np.integer],
        points: NDArray[np.integer] | None,
        copies: Numbers,
        costs: Sequence[int],
        scales: Sequence[int] | None = None,
        tie_ranks: Sequence[int] | None = None,
        taking_part: Sequence[bool] | None = None,
    ) -> "Electorate":
        """From ballots in columns: group i names `options[starts[i]:starts[i + 1]]`.

        Without `points` each option named gets one. Points of zero or less are no support.
        """
        given = np.ones(len(options), np.int64) if points is None else points.astype(np.int64)
        groups = np.repeat(np.arange(len(copies)), np.diff(starts))
        counts = given > 0
        if taking_part is not None:
            counts &= np.array(taking_part, bool)[options]
        order = np.flatnonzero(counts)
        order = order[np.argsort(options[order], kind="stable")]
        number = len(costs)
        ends = np.cumsum(np.bincount(options[order], minlength=number)).tolist()
        parts = [order[start:end] for start, end in zip([0, *ends], ends, strict=False)]
        return cls(
            copies,
            tuple(costs),
            tuple(scales) if scales is not None else (1,) * number,
            tuple(tie_ranks) if tie_ranks is not None else tuple(range(number)),
            tuple(Supporters(groups[p], given[p], copies[groups[p]]) for p in parts),
        )

    @cached_property
    def voters(self) -> int:
        return int(self.copies.sum())

    @cached_property
    def supported(self) -> tuple[int, ...]:
        """The options that anybody supports."""
        return tuple(c for c, found in enumerate(self.supporters) if len(found.groups))
