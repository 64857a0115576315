"""Equal shares in whole numbers alone: the reference, and the arbiter where floats are too close.

All money is kept over one common denominator.
"""

from fractions import Fraction
from math import gcd
from typing import Protocol

from voting.counting.rules.equal_shares.electorate import Electorate
from voting.counting.rules.equal_shares.purchases import EXACT, Payment, Purchase
from voting.counting.rules.equal_shares.purses import Holding, Purses


class ExactMoney:
    """What every ballot still has, exactly; all begin with `start` parts of the unit.

    The amounts of the purses are whole numbers over `denominator`.
    """

    def __init__(self, electorate: Electorate, start: Fraction) -> None:
        self._electorate = electorate
        self.denominator = start.denominator
        self.purses = Purses(electorate, start.numerator)

    def amounts(self) -> list[Fraction]:
        """What each ballot of each group has."""
        amounts = self.purses.amounts
        return [
            Fraction(amounts[number], self.denominator)
            for number in self.purses.class_of_group.tolist()
        ]

    def price(self, option: int) -> Fraction | None:
        """What a point costs now so that the supporters pay for all, or None if they cannot."""
        holdings, _ = self.purses.holdings(option)
        found = self._level(option, holdings)
        if found is None:
            return None
        return Fraction(found[0], found[1] * self.denominator)

    def buy(self, option: int) -> Payment:
        """Let the supporters pay for the option; they must be able to."""
        holdings, place = self.purses.holdings(option)
        level = self._level(option, holdings)
        if level is None:
            raise ValueError("the supporters of this option cannot pay for it")
        total, points = level
        shared = gcd(total, points)
        numerator, factor = total // shared, points // shared
        price = Fraction(numerator, factor * self.denominator)
        self.denominator *= factor
        kept = [max(0, h.money * factor - numerator * h.points) for h in holdings]
        others = [amount * factor for amount in self.purses.amounts]
        self.purses.settle(option, place, kept, others)
        return Payment(price, sum(h.ballots for h in holdings if h.money))

    def _level(self, option: int, holdings: list[Holding[int]]) -> tuple[int, int] | None:
        """The price of a point as total / points, over the common denominator.

        Who cannot pay for her points pays all she has, and the rest is shared among the others,
        until nobody else is short of money.
        """
        total = self._electorate.costs[option] * self.denominator
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


class _Prices(Protocol):
    def price(self, option: int) -> Fraction | None: ...


def choose(electorate: Electorate, money: _Prices, among: list[int]) -> Purchase | None:
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


def pay(
    electorate: Electorate, start: Fraction, bought: list[Purchase]
) -> tuple[list[Payment], ExactMoney]:
    """The exact prices of a run whose order is known, and what everybody has left."""
    money = ExactMoney(electorate, start)
    return [money.buy(purchase.option) for purchase in bought], money
