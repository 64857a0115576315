"""Along a run of equal shares: at which moment would one more option have been bought?

The run is followed once more in floats, without the option in question, and at each purchase it is
asked what the option would have to cost, how many further ballots it would need, or how much larger
the first share would have to be, so that its supporters pay no more for what it gives them than
those of the option bought. What is found so is a candidate only, for the count to confirm.

With the same purchases by the same ballots all money and prices are affine in the first share;
`growth` says by how much each grows with it.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor, inf
from typing import NamedTuple

import numpy as np

from voting.counting.rules.equal_shares.electorate import Electorate, Reals, Supporters

_MOST_STEPS = 64
_ROUNDING = 1e-9


class Level(NamedTuple):
    """What one point costs, or one unit of what an option gives, and its growth."""

    price: float
    growth: float


class Moment(NamedTuple):
    """The state before a purchase, or at the end of all: then `option` is None.

    `rate` is what a unit of utility costs there. The arrays are overwritten afterwards.
    """

    option: int | None
    rate: Level
    money: Reals
    growth: Reals


def moments(electorate: Electorate, start: Fraction, bought: Sequence[int]) -> Iterator[Moment]:
    """Each purchase of a run whose order is known, and the end."""
    money = np.full(len(electorate.copies), float(start))
    growth = np.ones(len(electorate.copies))
    for option in bought:
        found, scale = electorate.supporters[option], electorate.scales[option]
        own, own_growth = money[found.groups], growth[found.groups]
        price = _level(found, own, own_growth, electorate.costs[option])
        yield Moment(option, Level(price.price / scale, price.growth / scale), money, growth)
        asked = price.price * found.real_points
        money[found.groups] = np.maximum(own - asked, 0)
        kept = own_growth - price.growth * found.real_points
        growth[found.groups] = np.where(own > asked, kept, 0)
    yield Moment(None, Level(inf, 0), money, growth)


def payments_of(found: Supporters, moment: Moment, buyers: Supporters, scale: int) -> float:
    """What those who support `found` pay for what `buyers` buy at this moment."""
    both = np.isin(buyers.groups, found.groups, assume_unique=True)
    own = moment.money[buyers.groups[both]]
    asked = moment.rate.price * scale * buyers.real_points[both]
    return float((buyers.real_copies[both] * np.minimum(own, asked)).sum())


def highest_cost(found: Supporters, moment: Moment, by_cost: bool) -> int:
    """The most that the option may cost to be bought now. `by_cost` where its cost is its worth."""
    own = found.real_copies * moment.money[found.groups]
    cost = total = float(own.sum())
    if moment.option is None:
        return floor(total + _ROUNDING)
    rate = moment.rate.price
    if not by_cost:
        paid = np.minimum(moment.money[found.groups], rate * found.real_points)
        return floor(float((found.real_copies * paid).sum()) + _ROUNDING)
    for _ in range(_MOST_STEPS):  # what is paid is concave in the cost: Newton's way down
        rich = moment.money[found.groups] > rate * cost * found.real_points
        slope = rate * float(found.weights[rich].sum())
        poor_money = total - float(own[rich].sum())
        least = poor_money / (1 - slope) if slope < 1 else cost
        if least >= cost * (1 - 1e-14):
            break
        cost = least
    return floor(cost + _ROUNDING)


def further_ballots(
    found: Supporters, moment: Moment, cost: int, scale: int, points: int, share: float
) -> int | None:
    """How many further ballots, each with a share and these points, make it bought now."""
    own = moment.money[found.groups]
    asked = moment.rate.price * scale
    paid = own if moment.option is None else np.minimum(own, asked * found.real_points)
    each = share if moment.option is None else min(share, asked * points)
    missing = cost - float((found.real_copies * paid).sum())
    if missing <= _ROUNDING:
        return 0
    return ceil(missing / each - _ROUNDING) if each > 0 else None


def larger_share(found: Supporters, moment: Moment, cost: int, scale: int) -> float:
    """By how much the first share must be larger so that it is bought now, by the same purchases.

    What its supporters pay is concave in the share, so that Newton's way up never goes too far.
    """
    own, own_growth = moment.money[found.groups], moment.growth[found.groups]
    more = 0.0
    for _ in range(_MOST_STEPS):
        have = own + more * own_growth
        price = scale * (moment.rate.price + more * moment.rate.growth)
        asked = price * found.real_points if moment.option is not None else have
        poor = have <= asked
        asked_growth = scale * moment.rate.growth * found.real_points
        missing = cost - float((found.real_copies * np.where(poor, have, asked)).sum())
        if missing <= cost * 1e-13:
            return more
        slope = float((found.real_copies * np.where(poor, own_growth, asked_growth)).sum())
        if slope <= 0:
            return inf
        more += missing / slope
    return more


def _level(found: Supporters, own: Reals, growth: Reals, cost: int) -> Level:
    """The price of a point: who cannot pay it pays all she has, the others the rest."""
    price = cost / found.all_points
    poor, rich_points = own < 0, float(found.all_points)
    for _ in range(_MOST_STEPS):
        poor = own < price * found.real_points
        rich_points = found.all_points - float(found.weights[poor].sum())
        if rich_points <= 0:
            return Level(float((own / found.real_points).max()), 0)
        funds = found.real_copies[poor] * own[poor]
        higher = (cost - float(funds.sum())) / rich_points
        if higher <= price * (1 + 1e-15):
            break
        price = higher
    return Level(price, -float((found.real_copies[poor] * growth[poor]).sum()) / rich_points)
