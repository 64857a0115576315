"""Along the completion epsilon: what could all ballots together raise for one more option?

Its supporters give all that they have, the others as much as the option that was funded asked of
each of its own others, or at the end all they have. Followed in floats: these are candidates only.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import inf
from typing import NamedTuple

import numpy as np

from voting.counting.rules.equal_shares.electorate import Electorate, Reals


class Helped(NamedTuple):
    """What would be raised for the option now, and what each further ballot has by then."""

    raised: float
    each: float


def helped_moments(
    electorate: Electorate,
    money: Reals,
    option: int,
    helped: Sequence[tuple[int, Fraction | None]],
    share: Fraction,
    more: int,
) -> Iterator[Helped]:
    """Before each step, up to the option's own, and at the end; `more` further ballots name it."""
    found = electorate.supporters[option].groups
    each = float(share)
    for other, price in helped:
        if other == option or price is None:
            break
        level = float(price)
        yield Helped(_raised(electorate, money, found, level) + more * each, each)
        money = np.maximum(money - level, 0)
        money[electorate.supporters[other].groups] = 0
        each = max(each - level, 0)
    yield Helped(_raised(electorate, money, found, inf) + more * each, each)


def _raised(electorate: Electorate, money: Reals, found: np.ndarray, level: float) -> float:
    given = np.minimum(money, level)
    given[found] = money[found]
    return float((electorate.copies * given).sum())
