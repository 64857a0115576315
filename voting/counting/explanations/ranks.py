"""What would have been enough under expanding approvals: by an option's support at each rank.

The run is followed from its stages, with the units that every ballot has left. Before each option
funded, and before ballots support their next rank, it is asked what the option would have had to
cost, how many further ballots it would have needed, or how much larger the budget must have been.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from voting.counting.ballots import Ballots, Numbers
from voting.counting.counts import Count
from voting.counting.explanations.case import Case
from voting.counting.explanations.trials import Trials, Unanswered, confirmed
from voting.counting.rules import Stage
from voting.counting.rules.rule import FILL_PART
from voting.counting.rules.units import UNIT

_MOST_ROUNDS = 6


class Moment(NamedTuple):
    """The option's support and the money left, before `funded` or before the next rank."""

    support: int
    money: int
    funded: Stage | None


class Marks:
    """By option the groups of ballots that rank it, and at which rank."""

    def __init__(self, ballots: Ballots) -> None:
        placings = ballots.placings()
        owner = np.repeat(np.arange(len(ballots.copies)), ballots.lengths)
        order = np.argsort(placings.option, kind="stable")
        ends = np.cumsum(np.bincount(placings.option)).tolist()
        self.copies = ballots.copies
        self.longest = int(ballots.lengths.max())
        self._spans = [order[start:end] for start, end in zip([0, *ends], ends, strict=False)]
        self._owner, self._rank = owner, placings.rank

    def groups(self, option: int, rank: int) -> Numbers:
        """Who ranks the option at this rank or better."""
        if option >= len(self._spans):
            return np.zeros(0, np.int64)
        span = self._spans[option]
        return self._owner[span[self._rank[span] <= rank]]


class RanksCase(Case):
    """One option, and the runs in which it is too dear to be funded."""

    def __init__(self, result: Count, trials: Trials, stage: Stage, marks: Marks) -> None:
        super().__init__(result, trials, stage)
        self._marks = marks
        self._ballots = len(result.ballots)

    def cost_limit(self) -> int | None:
        """The most that its support is enough for at some moment, or what is left at its turn."""
        try:
            run = self.trials.run(*self.dear())
        except Unanswered:
            return None
        limit = max(map(self._cost_at, self._moments(run)))
        own = self.own(run)
        if own.part == FILL_PART:
            limit = max(limit, own.money_before)
        return confirmed(limit, lambda cost: self.trials.funds_at_cost(self.ref, cost), 1)

    def ballots_more(self) -> int | None:
        """So many that with just as many it has support enough, or its turn in time."""
        more: int | None = 0
        if self.stage.cost >= self.budget:
            return None
        try:
            for _ in range(_MOST_ROUNDS):
                needed = self._ballots_needed(more or 0)
                if needed is None or needed == more:
                    break
                more = needed
        except Unanswered:
            return None
        return confirmed(
            more or None, lambda k: self.trials.funds_with_more_ballots(self.ref, k), -1
        )

    def budget_limit(self) -> int | None:
        """A budget of which its support is worth enough, and that leaves enough."""
        budget = self.budget
        try:
            for _ in range(_MOST_ROUNDS):
                needed = self._budget_needed(budget)
                if needed is None or needed == budget:
                    break
                budget = max(needed, self.budget + 1)
        except Unanswered:
            return None
        if budget == self.budget:
            return None
        return confirmed(budget, lambda b: self.trials.funds_with_budget(self.ref, b), -1)

    def _cost_at(self, moment: Moment) -> int:
        limit = min(moment.money, moment.support * self.budget // (self._ballots * UNIT))
        if moment.funded is not None:
            support = moment.funded.details["support"]
            limit = min(limit, moment.support * moment.funded.cost // support)
        return limit

    def _ballots_needed(self, more: int) -> int | None:
        """How many are enough if all is as with `more` of them."""
        cost = self.stage.cost
        contest, _ = self.dear()
        run = self.trials.run(contest, self.trials.with_more_ballots(self.ref, more))
        quota = -(-(self._ballots + more) * UNIT * cost // self.budget)
        ways = []
        for moment in self._moments(run):
            needed = quota
            if moment.funded is not None:
                support = moment.funded.details["support"]
                needed = max(needed, -(-support * cost // moment.funded.cost))
            if moment.money >= cost:
                ways.append(max(0, -(-(needed - moment.support) // UNIT)))
        points, each = self.points_in_time(run), self.points_each()
        if points is not None and each > 0:
            ways.append(max(0, -((self.stage.points - points) // each)))
        return min(ways, default=None)

    def _budget_needed(self, budget: int) -> int | None:
        """Which budget is enough if the others are funded as with this one."""
        cost = self.stage.cost
        run = self.trials.run(self.trials.dear(self.ref, budget), self.trials.ballots)
        ways = []
        for moment in self._moments(run):
            is_first = moment.funded is None or (
                moment.support * moment.funded.cost >= moment.funded.details["support"] * cost
            )
            if moment.support and is_first:
                by_support = -(-self._ballots * UNIT * cost // moment.support)
                ways.append(max(by_support, budget + cost - moment.money))
        own = self.own(run)
        if own.part == FILL_PART:
            ways.append(budget + cost - own.money_before)
        return min(ways, default=None)

    def _moments(self, run: Count) -> Iterator[Moment]:
        option = self.trials.number[self.ref]
        units: Numbers = np.full(len(self._marks.copies), UNIT)
        funded = [stage for stage in run.stages if "payment" in stage.details]
        money = run.contest.budget
        for rank in range(1, self._marks.longest + 1):
            own = self._marks.groups(option, rank)
            while funded and funded[0].details["rank"] == rank:
                stage = funded.pop(0)
                yield Moment(self._support(own, units), money, stage)
                payers = self._marks.groups(self.trials.number[stage.option], rank)
                units[payers] -= np.minimum(units[payers], stage.details["payment"])
                money = stage.money_after
            yield Moment(self._support(own, units), money, None)

    def _support(self, groups: Numbers, units: Numbers) -> int:
        return int((units[groups] * self._marks.copies[groups]).sum())
