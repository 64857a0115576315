"""The completion epsilon: all ballots help with what is left, those first who want it.

After equal shares everybody is taken to have a very small worth for each option she does not name,
and equal shares goes on (Faliszewski et al., arXiv 2305.11035, call it so). In the limit the
supporters of an option pay all they have, and the others the same amount each, or all they have;
that amount, the level, is the option's price.

Levels are fractions with long denominators. They are first enclosed between whole numbers of
millionths, which is exact too, and only those that may be the least are computed.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from voting.counting.rules.equal_shares.electorate import Electorate, Numbers
from voting.counting.rules.equal_shares.exact import ExactMoney
from voting.counting.rules.equal_shares.purchases import EXACT, Payment, Purchase

_FINE = 10**6
"""So finely levels are enclosed: in millionths of a part of the unit."""

_SAFE = 1 << 61


class _Level(NamedTuple):
    """`missing / others`, over the denominator of the money."""

    missing: int
    others: int


class _Classes:
    """The ballots by how much they have, the poorest first; what each class has, and its size."""

    def __init__(self, electorate: Electorate, money: ExactMoney) -> None:
        purses = money.purses
        sizes = np.zeros(len(purses.amounts), np.int64)
        np.add.at(sizes, purses.class_of_group, electorate.copies)
        self._order = sorted(range(len(sizes)), key=purses.amounts.__getitem__)
        self._electorate, self._money = electorate, money
        self._sizes: Numbers = sizes[self._order]
        self.amounts = [purses.amounts[number] for number in self._order]
        self.total = sum(
            amount * size for amount, size in zip(self.amounts, self._sizes.tolist(), strict=True)
        )
        self._fine = self._rounded_down()

    def sizes(self, option: int) -> tuple[Numbers, Numbers]:
        """By class how many support the option, and how many do not."""
        found = self._electorate.supporters[option]
        supporting = np.zeros(len(self.amounts), np.int64)
        np.add.at(supporting, self._money.purses.class_of_group[found.groups], found.copies)
        supporting = supporting[self._order]
        return supporting, self._sizes - supporting

    def level(self, option: int) -> _Level:
        """What the others pay each; all together must have the cost, the supporters less."""
        supporting, others = (sizes.tolist() for sizes in self.sizes(option))
        missing = self._electorate.costs[option] * self._money.denominator
        missing -= sum(amount * size for amount, size in zip(self.amounts, supporting, strict=True))
        payers = sum(others)
        for amount, size in zip(self.amounts, others, strict=True):
            if amount * payers >= missing:
                return _Level(missing, payers)
            missing -= amount * size
            payers -= size
        raise ValueError("all ballots together cannot pay for this option")

    def bounds(self, option: int) -> tuple[int, int] | None:
        """Two whole numbers of fine parts that the level is not below and not above.

        None where these would not fit into machine numbers, or where it is too near the end.
        """
        if self._fine is None:
            return None
        supporting, others = self.sizes(option)
        cost = self._electorate.costs[option] * _FINE
        high = _first_level(self._fine, supporting, others, cost)
        low = _first_level(self._fine + 1, supporting, others, cost)
        return None if high is None or low is None else (low - 1, high)

    def _rounded_down(self) -> Numbers | None:
        if (self.total // self._money.denominator + 1) * _FINE >= _SAFE:
            return None
        return np.array(
            [amount * _FINE // self._money.denominator for amount in self.amounts], np.int64
        )


def spend_by_epsilon(
    electorate: Electorate, money: ExactMoney, waiting: list[int]
) -> Iterator[tuple[Purchase, Payment]]:
    """Fund of those that wait, one after the other, the one with the least level."""
    while True:
        classes = _Classes(electorate, money)
        costs, denominator = electorate.costs, money.denominator
        able = [c for c in waiting if costs[c] * denominator <= classes.total]
        if not able:
            return
        levels = {c: classes.level(c) for c in _contested(classes, able)}
        prices = {c: Fraction(*level) for c, level in levels.items()}
        least = min(prices.values())
        equals = [c for c in prices if prices[c] == least]
        option, *others = sorted(equals, key=electorate.tie_ranks.__getitem__)
        payers = _pay(electorate, money, option, levels[option])
        waiting.remove(option)
        yield Purchase(option, EXACT, tuple(others)), Payment(least / denominator, payers)


def _contested(classes: _Classes, able: list[int]) -> list[int]:
    """The options that may have the least level."""
    bounds = {c: classes.bounds(c) for c in able}
    least = min((found[1] for found in bounds.values() if found), default=None)
    return [c for c, found in bounds.items() if least is None or found is None or found[0] <= least]


def _first_level(amounts: Numbers, supporting: Numbers, others: Numbers, cost: int) -> int | None:
    """The least whole number at which the payments reach the cost, if all is counted in these."""
    missing = cost - int((amounts * supporting).sum())
    paid_below = np.cumsum(amounts * others) - amounts * others
    payers = int(others.sum()) - np.cumsum(others) + others
    place = int(np.searchsorted(paid_below + amounts * payers, missing))
    if place == len(amounts) or missing <= 0:
        return None
    return -(-(missing - int(paid_below[place])) // int(payers[place]))


def _pay(electorate: Electorate, money: ExactMoney, option: int, level: _Level) -> int:
    """Take what the option costs from all, and say how many had anything to give."""
    price = Fraction(*level)
    factor, purses = price.denominator, money.purses
    sizes = np.zeros(len(purses.amounts), np.int64)
    np.add.at(sizes, purses.class_of_group, electorate.copies)
    payers = sum(s for s, amount in zip(sizes.tolist(), purses.amounts, strict=True) if amount)
    others = [max(0, amount * factor - price.numerator) for amount in purses.amounts]
    money.denominator *= factor
    place = np.zeros(len(electorate.supporters[option].groups), np.int64)
    purses.settle(option, place, [0], others)
    return payers
