"""Votes in whole units, so that they can be used up in parts without fractions that grow.

A ballot is worth 10^9 units. Rounding is done for each ballot by itself and alike for equal ones,
so that it depends neither on the order of the ballots nor on how they are grouped.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from voting.counting.ballots import Ballots, Numbers
from voting.counting.contest import Contest
from voting.counting.errors import CountingError

UNIT = 10**9
_MOST_BALLOTS = 2**63 // UNIT
"""So many ballots' units fit into a machine number."""


def worth(ballots: Ballots) -> int:
    """What all ballots are worth together; refuses more than machine numbers can add up."""
    if len(ballots) >= _MOST_BALLOTS:
        raise CountingError(f"This rule counts fewer than {_MOST_BALLOTS} ballots.")
    return len(ballots) * UNIT


def quotas(contest: Contest, ballots: Ballots) -> list[int]:
    """By option the units that it needs, rounded up."""
    whole = worth(ballots)
    return [-(-whole * cost // contest.budget) for cost in contest.costs]


def scaled(amounts: Numbers, numerator: int, denominator: int) -> Numbers:
    """Each amount times a fraction, rounded down; in Python's integers, once for equal amounts."""
    different, place = np.unique(amounts, return_inverse=True)
    exact = [amount * numerator // denominator for amount in different.tolist()]
    return np.array(exact, np.int64)[place]


def level(amounts: Numbers, copies: Numbers, total: int) -> int:
    """The least whole number at which ballots that give up to so much each give this in all."""
    different, place = np.unique(amounts, return_inverse=True)
    ballots = np.zeros(len(different), np.int64)
    np.add.at(ballots, place, copies)
    givers, missing = int(copies.sum()), total
    for amount, number in zip(different.tolist(), ballots.tolist(), strict=True):
        if amount * givers >= missing:
            return -(-missing // givers)
        missing -= amount * number
        givers -= number
    raise ValueError("all amounts together are less than the total")


def with_most(
    among: Iterable[int], amounts: Sequence[int], sizes: Sequence[int], ranks: Sequence[int]
) -> list[int]:
    """The options with the largest amount for their size, those of the best rank first."""
    equals: list[int] = []
    for option in among:
        if equals:
            ours = amounts[option] * sizes[equals[0]]
            theirs = amounts[equals[0]] * sizes[option]
            if ours < theirs:
                continue
            if ours > theirs:
                equals = []
        equals.append(option)
    return sorted(equals, key=ranks.__getitem__)
