"""With add1, at which share would the count end if one more option were bought?

An option that is cheap enough to be bought makes the outcome dearer, so that the count ends sooner,
with a smaller share, where it may be too dear again. So it is asked of each share what the option
would have to cost there, or how many further ballots it would need, and whether all that is bought
then fits the budget: the largest share at which it does is where the count would end. One run with
each share that is tried is enough for that; what is found so is a candidate only, for whole counts
to confirm.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from voting.counting.explanations.shares_trace import further_ballots, highest_cost, moments
from voting.counting.explanations.shares_vote import Vote
from voting.counting.rules.equal_shares import certified
from voting.counting.rules.equal_shares.electorate import Electorate, Supporters

_BEYOND = 8
"""So many units above the count's own last share may the count end if others are bought then."""


class _Found(NamedTuple):
    """What the option needs at a share, and what all the others cost that are bought then."""

    need: int
    others: int


class Raised:
    """One option, not taking part in `others`, and the shares that add1 goes through."""

    def __init__(self, vote: Vote, others: Electorate, option: int, last: Fraction) -> None:
        self._vote, self._others, self._option = vote, others, option
        self._supporters = vote.everybody.supporters[option]
        self._unit, self._budget = vote.contest.unit, vote.contest.budget
        units, self._least = divmod(last, self._unit)
        self._units = int(units) + _BEYOND

    def cost(self) -> int:
        """The most it could cost: at the largest share where that fits, or all left one above."""

        def at(share: Fraction) -> _Found:
            by_cost = self._vote.settings.utility in ("cost", "rank-points-cost")
            own, order = self._supporters, self._order(self._others, share)
            run = moments(self._others, share, order)
            cost = max(highest_cost(own, each, by_cost) for each in run)
            scales = list(self._others.scales)
            scales[self._option] = max(1, cost) if by_cost else scales[self._option]
            return _Found(cost, self._cost_beside(share, max(1, cost), own, scales))

        below, above = self._turn(at, lambda found: found.need + found.others <= self._budget)
        ways = [found.need for found in (below,) if found is not None]
        ways += [self._budget - found.others for found in (above,) if found is not None]
        return max(ways, default=0)

    def ballots(self) -> int:
        """The fewest ballots: at the largest share where what is bought with them fits."""
        cost, scale = self._others.costs[self._option], self._others.scales[self._option]
        worth, _ = self._vote.points_each

        def at(share: Fraction) -> _Found:
            order = self._order(self._others, share)
            ways = [
                further_ballots(self._supporters, each, cost, scale, worth, float(share))
                for each in moments(self._others, share, order)
            ]
            more = min((way for way in ways if way is not None), default=0)
            own = self._with_more(worth, more)
            return _Found(more, self._cost_beside(share, cost, own, self._others.scales))

        below, _ = self._turn(at, lambda found: cost + found.others <= self._budget)
        return 0 if below is None else below.need

    def _turn(
        self, at: Callable[[Fraction], _Found], fits: Callable[[_Found], bool]
    ) -> tuple[_Found | None, _Found | None]:
        """What is found at the largest share that fits, and at the next."""
        low, high = 0, self._units + 1
        below: _Found | None = None
        above: _Found | None = None
        while high - low > 1:
            units = (low + high) // 2
            found = at(self._least + units * self._unit)
            if fits(found):
                low, below = units, found
            else:
                high, above = units, found
        return below, above

    def _cost_beside(
        self, share: Fraction, cost: int, own: Supporters, scales: list[int] | tuple[int, ...]
    ) -> int:
        """What the others cost that are bought when it takes part at this cost."""
        costs, supporters = list(self._others.costs), list(self._others.supporters)
        costs[self._option], supporters[self._option] = cost, own
        electorate = replace(
            self._others,
            copies=own.ballots_of_group,
            costs=tuple(costs),
            scales=tuple(scales),
            supporters=tuple(supporters),
        )
        bought = self._order(electorate, share)
        return sum(costs[each] for each in bought if each != self._option)

    def _with_more(self, worth: int, more: int) -> Supporters:
        """Its supporters, and so many further ballots that mark it alone."""
        own = self._supporters
        if not more:
            return own
        copies = np.append(own.ballots_of_group, more)
        groups = np.append(own.groups, len(own.ballots_of_group))
        return Supporters(groups, np.append(own.points, worth), copies, own.wide)

    def _order(self, electorate: Electorate, share: Fraction) -> list[int]:
        return [purchase.option for purchase in certified.run(electorate, share)]
