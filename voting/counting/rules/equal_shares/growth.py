"""For how long a run of equal shares stays as it is while everybody's share grows.

Along a run in which the same options are bought in the same order, and in each purchase the same
supporters are short of money, all money and all prices are affine in the share that everybody began
with. So each decision holds up to a share that can be computed, and below the least of these no run
has to be made (the idea of Kraiczy, Robinson and Elkind, arXiv 2502.11797). All is exact.

What the supporters of a rival would pay at the winner's price is a sum of lesser-of-two affine
functions, which any choice between the two bounds from above. While that bound is less than the
rival's cost, the rival is dearer; so it does not matter when its supporters run short.
"""

from fractions import Fraction
from math import gcd
from typing import NamedTuple

from voting.counting.rules.equal_shares.electorate import Electorate
from voting.counting.rules.equal_shares.purses import Purses

BEYOND = 1 << 200
"""More steps than any money reaches: nothing changes any more."""


class _Affine(NamedTuple):
    """A quantity now, and what it grows by in each step."""

    now: int
    growth: int

    def steps(self) -> int:
        """After how many steps it is still at least zero; it must be so now."""
        return BEYOND if self.growth >= 0 else self.now // -self.growth

    def steps_above(self) -> int:
        """After how many steps it is still more than zero; it must be so now."""
        return BEYOND if self.growth >= 0 else (self.now - 1) // -self.growth


class _Price(NamedTuple):
    """What a point costs: `total / points` over the common denominator."""

    total: _Affine
    points: int


class _GrowingMoney:
    """What every ballot has, and by how much that would be more with a step more at the start."""

    def __init__(self, electorate: Electorate, start: Fraction, step: int) -> None:
        self._electorate = electorate
        self._denominator = start.denominator
        self._purses = Purses(electorate, _Affine(start.numerator, step * start.denominator))

    def steps_unpaid(self, option: int) -> int:
        """How long the supporters' money stays less than the cost."""
        holdings, _ = self._purses.holdings(option)
        return _Affine(
            self._electorate.costs[option] * self._denominator
            - sum(h.money.now * h.ballots for h in holdings),
            -sum(h.money.growth * h.ballots for h in holdings),
        ).steps_above()

    def steps_dearer(self, rival: int, winner: int, price: _Price) -> int:
        """How long the rival certainly stays behind the winner, who has this price."""
        electorate = self._electorate
        own = price.points * electorate.scales[winner]
        foreign = _Affine(*(part * electorate.scales[rival] for part in price.total))
        paid, growth = 0, 0
        for h in self._purses.holdings(rival)[0]:
            least = min(
                (h.money.now * own, h.money.growth * own),
                (foreign.now * h.points, foreign.growth * h.points),
            )
            paid += least[0] * h.ballots
            growth += least[1] * h.ballots
        missing = _Affine(electorate.costs[rival] * self._denominator * own - paid, -growth)
        if missing.now > 0:
            return missing.steps_above()
        # A tie now, that the winner won; and some supporter of the rival is not short of money, or
        # the rival would be cheaper. It stays a tie while she is not, and if she were, the others
        # would pay less than the bound, and the rival would be dearer.
        return missing.steps()

    def price(self, option: int) -> tuple[_Price, int]:
        """The price, and for how many steps the same supporters stay short of money."""
        holdings, _ = self._purses.holdings(option)
        total = _Affine(self._electorate.costs[option] * self._denominator, 0)
        points = sum(h.points * h.ballots for h in holdings)
        rich = holdings
        while True:
            poor = [h for h in rich if h.money.now * points < total.now * h.points]
            if not poor:
                break
            rich = [h for h in rich if h.money.now * points >= total.now * h.points]
            total = _Affine(
                total.now - sum(h.money.now * h.ballots for h in poor),
                total.growth - sum(h.money.growth * h.ballots for h in poor),
            )
            points -= sum(h.points * h.ballots for h in poor)
        steps = BEYOND
        for h in holdings:
            margin = h.money.now * points - total.now * h.points
            growth = h.money.growth * points - total.growth * h.points
            sign = 1 if margin >= 0 else -1
            steps = min(steps, _Affine(sign * margin, sign * growth).steps())
        return _Price(total, points), steps

    def buy(self, option: int, price: _Price) -> None:
        """Take the payments, now and for every step."""
        holdings, place = self._purses.holdings(option)
        (total, growth), points = price
        shared = gcd(total, growth, points)
        total, growth, points = total // shared, growth // shared, points // shared
        self._denominator *= points
        kept = []
        for h in holdings:
            left = h.money.now * points - total * h.points
            more = h.money.growth * points - growth * h.points
            kept.append(_Affine(left, more) if left >= 0 else _Affine(0, 0))
        others = [_Affine(a.now * points, a.growth * points) for a in self._purses.amounts]
        self._purses.settle(option, place, kept, others)


def steps_unchanged(electorate: Electorate, start: Fraction, step: int, bought: list[int]) -> int:
    """By how many steps the start may certainly grow so that the same is bought in the same order.

    `bought` is what a run from `start` buys. There may be more steps than these without a change.
    """
    money = _GrowingMoney(electorate, start, step)
    left = list(electorate.supported)
    steps = BEYOND
    for option in bought:
        price, steps_short = money.price(option)
        steps = min(steps, steps_short)
        left.remove(option)
        for rival in left:
            if steps == 0:
                return 0
            steps = min(steps, money.steps_dearer(rival, option, price))
        money.buy(option, price)
    return min([steps, *(money.steps_unpaid(option) for option in left)])
