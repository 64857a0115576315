"""Equal shares in whole numbers alone: the reference, and the arbiter where floats are too close.

All money is kept over one common denominator. Groups of ballots that have equally much form one
class, so that a price is found among a few thousand classes rather than among all the ballots.
"""

from fractions import Fraction
from math import gcd
from typing import NamedTuple

import numpy as np

from voting.counting.rules.equal_shares.electorate import Electorate, Numbers
from voting.counting.rules.equal_shares.purchases import EXACT, Payment, Purchase


class _Holding(NamedTuple):
    """How many supporters of an option have this much money and give it this many points."""

    money: int
    points: int
    ballots: int


class ExactMoney:
    """What every ballot still has, exactly; all begin with `start` hundredths."""

    def __init__(self, electorate: Electorate, start: Fraction) -> None:
        self._electorate = electorate
        self._denominator = start.denominator
        self._amounts = [start.numerator]
        self._class_of_group: Numbers = np.zeros(len(electorate.copies), np.int64)

    def amounts(self) -> list[Fraction]:
        """What each ballot of each group has."""
        return [
            Fraction(self._amounts[number], self._denominator)
            for number in self._class_of_group.tolist()
        ]

    def price(self, option: int) -> Fraction | None:
        """What a point costs now so that the supporters pay for all, or None if they cannot."""
        holdings, _ = self._holdings(option)
        found = self._level(option, holdings)
        if found is None:
            return None
        return Fraction(found[0], found[1] * self._denominator)

    def buy(self, option: int) -> Payment:
        """Let the supporters pay for the option; they must be able to."""
        holdings, holding_of_group = self._holdings(option)
        level = self._level(option, holdings)
        if level is None:
            raise ValueError("the supporters of this option cannot pay for it")
        total, points = level
        shared = gcd(total, points)
        numerator, factor = total // shared, points // shared
        price = Fraction(numerator, factor * self._denominator)
        before = len(self._amounts)
        self._denominator *= factor
        self._amounts = [amount * factor for amount in self._amounts]
        self._amounts += [max(0, h.money * factor - numerator * h.points) for h in holdings]
        supporters = self._electorate.supporters[option]
        self._class_of_group[supporters.groups] = before + holding_of_group
        self._merge_classes()
        return Payment(price, sum(h.ballots for h in holdings if h.money))

    def _holdings(self, option: int) -> tuple[list[_Holding], Numbers]:
        """The supporters by money and points, and for each group its place in that list."""
        found = self._electorate.supporters[option]
        most = int(found.points.max(initial=0)) + 1
        keys, place = np.unique(
            self._class_of_group[found.groups] * most + found.points, return_inverse=True
        )
        ballots = np.zeros(len(keys), np.int64)
        np.add.at(ballots, place, found.copies)
        holdings = [
            _Holding(self._amounts[key // most], key % most, number)
            for key, number in zip(keys.tolist(), ballots.tolist(), strict=True)
        ]
        return holdings, place

    def _level(self, option: int, holdings: list[_Holding]) -> tuple[int, int] | None:
        """The price of a point as total / points, over the common denominator.

        Who cannot pay for her points pays all she has, and the rest is shared among the others,
        until nobody else is short of money.
        """
        total = self._electorate.costs[option] * self._denominator
        if not holdings or sum(h.money * h.ballots for h in holdings) < total:
            return None
        points = sum(h.points * h.ballots for h in holdings)
        rich = holdings
        while True:
            poor = [h for h in rich if h.money * points < total * h.points]
            if not poor:
                return total, points
            rich = [h for h in rich if h.money * points >= total * h.points]
            total -= sum(h.money * h.ballots for h in poor)
            points -= sum(h.points * h.ballots for h in poor)

    def _merge_classes(self) -> None:
        """Forget amounts that nobody has, and give one class to everybody who has equally much."""
        used = np.flatnonzero(np.bincount(self._class_of_group)).tolist()
        renumbered = np.zeros(len(self._amounts), np.int64)
        number: dict[int, int] = {}
        for old in used:
            renumbered[old] = number.setdefault(self._amounts[old], len(number))
        self._amounts = list(number)
        self._class_of_group = renumbered[self._class_of_group]


def run_exactly(electorate: Electorate, start: Fraction) -> list[Purchase]:
    """Equal shares without a single float: every price of every option, in every round."""
    money = ExactMoney(electorate, start)
    left = list(electorate.supported)
    bought: list[Purchase] = []
    while True:
        choice = choose(electorate, money, left)
        if choice is None:
            return bought
        money.buy(choice.option)
        bought.append(choice)
        left.remove(choice.option)


def choose(electorate: Electorate, money: ExactMoney, among: list[int]) -> Purchase | None:
    """The best of these options by exact prices; those that nobody can pay leave the list."""
    prices: dict[int, Fraction] = {}
    for option in list(among):
        price = money.price(option)
        if price is None:
            among.remove(option)
        else:
            prices[option] = price / electorate.scales[option]
    if not prices:
        return None
    least = min(prices.values())
    equals = sorted((c for c in prices if prices[c] == least), key=electorate.tie_ranks.__getitem__)
    return Purchase(equals[0], EXACT, tuple(equals[1:]))


def payments(electorate: Electorate, start: Fraction, bought: list[Purchase]) -> list[Payment]:
    """The exact prices of a run whose order is known."""
    money = ExactMoney(electorate, start)
    return [money.buy(purchase.option) for purchase in bought]
