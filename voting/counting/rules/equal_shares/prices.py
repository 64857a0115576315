"""The exact prices of a run, without an exact amount for every ballot.

A ballot that was never short of money has the start less its points for every option bought times
their prices; one that was short once has nothing for ever. So what any set of ballots has, all in
all, takes only whole-number sums: how many of them were never short, and the points that these gave
to each option bought. And a price is what the cost exceeds the money of those who are short,
divided by the points of the others (the theory is in `certified`).

Who is short is decided by floats that are as near as a few roundings; where that is too near, the
few amounts in question are computed. Ballots alike in all that was bought are computed once.
"""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from voting.counting.rules.equal_shares.electorate import Electorate, Numbers, Reals, Whole
from voting.counting.rules.equal_shares.exact import ExactMoney
from voting.counting.rules.equal_shares.holders import Holders, Part
from voting.counting.rules.equal_shares.purchases import Payment

_NEAR = 2.0**-50
"""Eight roundings of float64: more than a purchase adds to the distance of anybody's money."""

_LEAST = 5e-324
_MOST_STEPS = 64


class ExactPrices:
    """What every ballot still has; all begin with `start` parts of the unit.

    Only for an electorate whose `floats_count_exactly`.

    `_money` is nearly what each ballot of each group has, and 0 only for those with nothing at all.
    What points of the options bought cost are whole numbers over `_denominator`.
    """

    def __init__(self, electorate: Electorate, start: Fraction) -> None:
        self._electorate = electorate
        self._start = start.numerator
        self._denominator = start.denominator
        self._money: Reals = np.full(len(electorate.copies), float(start))
        self._most = float(start)
        self._bought: list[tuple[int, int]] = []

    def price(self, option: int) -> Fraction | None:
        """What a point costs now so that the supporters pay for all, or None if they cannot."""
        short = self._short(option, self._guess(option))
        price = self._price_if_short(option, short)
        if price is None:
            short = np.zeros(0, np.int64)
            price = self._price_if_short(option, short)
        while price is not None:
            # Each of these is no higher than the price; where the short are right, it is the price.
            found = self._short(option, price)
            if np.array_equal(found, short):
                return price
            short, price = found, self._price_if_short(option, found)
        return None

    def buy(self, option: int, price: Fraction | None = None) -> Payment:
        """Let the supporters pay for the option; they must be able to."""
        price = self.price(option) if price is None else price
        if price is None:
            raise ValueError("the supporters of this option cannot pay for it")
        payers = 0
        for part in Holders(self._electorate.supporters[option], self._money):
            payers += int(part.found.copies[part.own > 0].sum())
            self._money[part.found.groups] = np.maximum(self._left(part, price), 0)
        shared = self._denominator * price
        self._denominator *= shared.denominator
        self._start *= shared.denominator
        self._bought = [(c, paid * shared.denominator) for c, paid in self._bought]
        self._bought.append((option, shared.numerator))
        return Payment(price, payers)

    def _guess(self, option: int) -> Fraction:
        """Newton's way to the price in floats."""
        found, cost = self._electorate.supporters[option], self._electorate.costs[option]
        holders = Holders(found, self._money)
        price = cost / max(1, found.all_points)
        for _ in range(_MOST_STEPS):
            funds, points = holders.poor(price)
            if points >= found.all_points:
                break
            higher = (cost - funds) / (found.all_points - points)
            if higher <= price * (1 + _NEAR):
                break
            price = higher
        return Fraction(price)

    def _short(self, option: int, price: Fraction) -> Numbers:
        """The groups of supporters who have less than their points cost."""
        holders = Holders(self._electorate.supporters[option], self._money)
        short = [part.found.groups[self._left(part, price) < 0] for part in holders]
        return np.concatenate([np.zeros(0, np.int64), *short])

    def _price_if_short(self, option: int, short: Numbers) -> Fraction | None:
        """The price if these are short of money and no others, or None if there are no others."""
        electorate = self._electorate
        is_short = np.zeros(len(electorate.copies), bool)
        is_short[short] = True
        points = electorate.supporters[option].all_points - self._points(option, is_short)
        if points == 0:
            return None
        is_short[short] = self._money[short] > 0
        missing = electorate.costs[option] * self._denominator
        missing -= self._start * int(electorate.copies[is_short].sum())
        if is_short.any():
            missing += sum(paid * self._points(c, is_short) for c, paid in self._bought)
        return Fraction(missing, points * self._denominator)

    def _points(self, option: int, chosen: NDArray[np.bool_]) -> int:
        """The points that the chosen among the groups give the option, all in all."""
        points = 0.0  # whole numbers, and small enough to be exact
        for part in self._electorate.supporters[option].parts():
            points += float(part.weights[chosen[part.groups]].sum())
        return int(points)

    def _left(self, part: Part, price: Fraction) -> Reals:
        """What each has left, less than 0 if she is short of money: the sign is exact."""
        asked = part.asked(float(price))
        left = part.own - asked
        near = _NEAR * ((len(self._bought) + 2) * self._most + asked)
        doubtful = np.flatnonzero((np.abs(left) <= near) & (part.own > 0))
        if len(doubtful):
            groups, points = part.found.groups[doubtful], part.found.points[doubtful]
            for places, exact in self._exact(groups, points, price):
                left[doubtful[places]] = _signed(exact)
        return left

    def _exact(
        self, groups: Whole, points: Whole, price: Fraction
    ) -> Iterator[tuple[Numbers, Fraction]]:
        """For these groups that were never short: what is left to those who are alike."""
        given = [points, *(self._given(c, groups) for c, _ in self._bought)]
        alike = np.zeros(len(groups), np.int64)
        for column in given:
            values, place = np.unique(column, return_inverse=True)
            alike = np.unique(alike * len(values) + place, return_inverse=True)[1]
        order = np.argsort(alike, kind="stable")
        for places in np.split(order, np.flatnonzero(np.diff(alike[order])) + 1):
            own, *others = (int(column[places[0]]) for column in given)
            paid = sum(p * cost for p, (_, cost) in zip(others, self._bought, strict=True))
            yield places, Fraction(self._start - paid, self._denominator) - price * own

    def _given(self, option: int, groups: Whole) -> Whole:
        """The points that each of these groups gives the option, or 0."""
        found = self._electorate.supporters[option]
        groups = groups.astype(found.groups.dtype)  # or all of the others would be widened
        place = np.minimum(np.searchsorted(found.groups, groups), len(found.groups) - 1)
        return np.where(found.groups[place] == groups, found.points[place], 0)


def payments(electorate: Electorate, start: Fraction, bought: list[int]) -> list[Payment]:
    """The exact prices of a run whose order is known."""
    way = ExactPrices if electorate.floats_count_exactly(start) else ExactMoney
    money = way(electorate, start)
    return [money.buy(option) for option in bought]


def _signed(exact: Fraction) -> float:
    """As a float that is 0 only for 0."""
    if exact == 0:
        return 0.0
    return max(float(exact), _LEAST) if exact > 0 else min(float(exact), -_LEAST)
