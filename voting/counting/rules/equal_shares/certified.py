"""Equal shares in float64, wherever a proven bound on the error leaves no doubt; else exactly.

Let b be the true money of the ballots and B the floats that stand for it, with `error` at least
the sum of |b - B| over all ballots. Buying an option maps b to max(0, b - price * points), where
the price makes the supporters pay its cost in all. With more money the price is no higher, so
everybody keeps no less; and what is paid in all is the cost either way. A map that keeps order and
total cannot widen the distance in that sum (Crandall and Tartar 1980). So a purchase adds to the
error only what is rounded during it, never a multiple of what was there.

What supporters pay at the price x, f(x) = sum of min(b, x * points), differs from the same sum over
B by no more than `error`. It is concave: for any division of the supporters into "poor", who pay
all, and "rich", f(x) <= poor money + x * rich points, which gives a lower bound of the price, right
even if the division is not. An upper bound is any x at which the payments, less all errors, reach
the cost.
"""

import heapq
from fractions import Fraction
from math import inf
from typing import NamedTuple

import numpy as np

from voting.counting.rules.equal_shares.electorate import Electorate, Reals
from voting.counting.rules.equal_shares.exact import choose, run_exactly
from voting.counting.rules.equal_shares.holders import Holders
from voting.counting.rules.equal_shares.prices import ExactPrices
from voting.counting.rules.equal_shares.purchases import FLOAT, Purchase

_ROUNDING = 2.0**-52
"""Twice the unit roundoff of float64: bounds below are themselves computed in floats."""

_MOST_STEPS = 64

Guesses = list[dict[int, float]]
"""For each round the prices found in it by an earlier run: good places to begin the search."""


class _Evaluation(NamedTuple):
    """A price between `low` and `high`, near `price`; without `sure` perhaps nobody can pay it."""

    price: float
    low: float
    high: float
    sure: bool = True


class CertifiedRun:
    """One run of equal shares from `start` parts of the unit on every ballot.

    `guesses` speeds the search up and is brought up to date; no outcome depends on it. `money` is
    what each ballot of each group has, nearly, and `error` bounds the sum of the differences.
    """

    def __init__(self, electorate: Electorate, start: Fraction, guesses: Guesses) -> None:
        self._electorate = electorate
        self._start = start
        self._guesses = guesses
        self.money: Reals = np.full(len(electorate.copies), float(start))
        self.error = float(abs(Fraction(float(start)) - start) * electorate.voters) * 1.01
        self._exact: ExactPrices | None = None
        self._replayed = 0
        self._found: dict[int, _Evaluation] = {}
        self.bought: list[Purchase] = []

    def run(self) -> list[Purchase]:
        bounds = {c: self._first_bound(c) for c in self._electorate.supported}
        while bounds:
            if len(self._guesses) <= len(self.bought):
                self._guesses.append({})
            contested, doubtful = self._contested(bounds)
            if len(contested) == 1 and not doubtful:
                choice = Purchase(contested[0], FLOAT)
            elif contested:
                decided = self._decide_exactly(contested, bounds)
                if decided is None:
                    continue
                choice = decided
            else:
                break
            self._buy(choice)
            del bounds[choice.option]
        return self.bought

    def _first_bound(self, option: int) -> float:
        """The price per point if nobody is short of money, a little less for the rounding."""
        found = self._electorate.supporters[option]
        scale = self._electorate.scales[option]
        return self._electorate.costs[option] / (found.all_points * scale) * (1 - 8 * _ROUNDING)

    def _contested(self, bounds: dict[int, float]) -> tuple[list[int], bool]:
        """The options that may have the least price, and whether it is unsure if all can be paid.

        Those that certainly nobody can pay leave `bounds`; the others' bounds are raised.
        """
        self._found = {}
        queue = [(low, c) for c, low in bounds.items()]
        heapq.heapify(queue)
        least = inf
        while queue:
            low, option = heapq.heappop(queue)
            if low > least:
                break
            evaluation = self._evaluate(option, bounds[option], least)
            if evaluation is None:
                del bounds[option]
                continue
            bounds[option] = max(low, evaluation.low)
            self._found[option] = evaluation
            if evaluation.sure:
                least = min(least, evaluation.high)
        contested = [c for c in self._found if bounds[c] <= least]
        return contested, any(not self._found[c].sure for c in contested)

    def _decide_exactly(self, contested: list[int], bounds: dict[int, float]) -> Purchase | None:
        if self._exact is None:
            self._exact = ExactPrices(self._electorate, self._start)
        for purchase in self.bought[self._replayed :]:
            self._exact.buy(purchase.option)
        self._replayed = len(self.bought)
        payable = list(contested)
        choice = choose(self._electorate, self._exact, payable)
        for option in set(contested) - set(payable):
            del bounds[option]
        return choice

    def _evaluate(self, option: int, low: float, least: float) -> _Evaluation | None:
        """The price of the option per utility, or only a lower bound when that is above `least`.

        None if its supporters certainly cannot pay for it.
        """
        scale, cost = self._electorate.scales[option], float(self._electorate.costs[option])
        holders = Holders(self._electorate.supporters[option], self.money)
        total = holders.total()
        slack = self._slack(option, total)
        if total + slack < cost:
            return None
        price, low, rich_points = self._search(option, holders, slack, low, least)
        if low > least:
            return _Evaluation(price, low, inf)
        if not rich_points or total - slack < cost:
            return _Evaluation(price, low, inf, sure=False)
        high = price + 4 * slack / rich_points
        if holders.payments(high) - slack < cost:  # perhaps they do not pay the cost even so
            return _Evaluation(price, low, inf)
        return _Evaluation(price, low, high / scale * (1 + 4 * _ROUNDING))

    def _search(
        self, option: int, holders: Holders, slack: float, low: float, least: float
    ) -> tuple[float, float, float]:
        """Newton's way to the price of a point, until it is found or certainly above `least`.

        Also the proven bound on the price per utility, and the points of those who are not short of
        money at that price. Without any of these the price is inf: all pay all they have.
        """
        cost, scale = self._electorate.costs[option], self._electorate.scales[option]
        all_points = self._electorate.supporters[option].all_points
        guesses = self._guesses[len(self.bought)]
        price, rich_points = guesses.get(option, low * scale), 0.0
        for _ in range(_MOST_STEPS):
            poor_funds, poor_points = holders.poor(price)
            rich_points = all_points - poor_points
            if not rich_points and price <= low * scale:
                return inf, low, 0.0
            if not rich_points:
                price = low * scale
                continue
            bound = (cost - poor_funds) / rich_points
            low = max(low, (bound - slack / rich_points) / scale * (1 - 4 * _ROUNDING))
            near, price = abs(bound - price) <= 4 * _ROUNDING * bound, bound
            if near or low > least:
                break
        guesses[option] = price
        return price, low, rich_points

    def _slack(self, option: int, total: float) -> float:
        """No sum over this option's supporters is further than this from the true one."""
        groups = len(self._electorate.supporters[option].groups)
        return self.error + (groups + 16) * _ROUNDING * (
            total + float(self._electorate.costs[option])
        )

    def _buy(self, choice: Purchase) -> None:
        """Take the payments, and add to the error whatever the floats may have rounded."""
        option, price = choice.option, self._found[choice.option].price
        found, cost = self._electorate.supporters[option], float(self._electorate.costs[option])
        holders = Holders(found, self.money)
        rounding = (len(found.groups) + 16) * _ROUNDING * (holders.total() + cost)
        self.error += abs(holders.payments(price) - cost) + rounding
        holders.pay(price)
        self.bought.append(choice)


def run(electorate: Electorate, start: Fraction, guesses: Guesses | None = None) -> list[Purchase]:
    """The options that equal shares buys, in order; the same as `run_exactly`, only sooner."""
    if not electorate.floats_count_exactly(start):
        return run_exactly(electorate, start)
    return CertifiedRun(electorate, start, [] if guesses is None else guesses).run()
