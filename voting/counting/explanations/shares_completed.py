"""What would have been enough under equal shares with add1, epsilon or the comparison.

Here everybody's first share, and what is spent after, depend on the outcome itself. So the count is
made with another number, and along the run that it ended with, from the share on its record, it is
asked what the option would have needed. Where the comparison preferred greedy funding, the turns
are asked instead.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor, inf

from voting.counting.counts import Count
from voting.counting.explanations.case import Case
from voting.counting.explanations.shares_epsilon import Helped, helped_moments
from voting.counting.explanations.shares_raised import Raised
from voting.counting.explanations.shares_trace import (
    Moment,
    further_ballots,
    highest_cost,
    larger_share,
    moments,
)
from voting.counting.explanations.shares_vote import Vote, without
from voting.counting.rules import Stage
from voting.counting.rules.equal_shares import certified
from voting.counting.rules.rule import EPSILON_PART, SHARES_PART


class CompletedCase(Case):
    """One option, and the last run of each count without it."""

    def __init__(self, result: Count, vote: Vote, stage: Stage) -> None:
        super().__init__(result, vote.trials, stage)
        self.vote, self.option = vote, vote.trials.number[self.ref]
        self.found = vote.everybody.supporters[self.option]
        self.scale = vote.everybody.scales[self.option]
        self.others = without(vote.taking_part, [self.option])
        self._raised_cost: int | None = None
        self._raised_ballots: int | None = None

    def cost_needed(self, cost: int) -> int | None:
        run = self.trials.at_cost(self.ref, cost)
        if _is_replaced(run):
            return super().cost_needed(cost)
        by_cost = self.vote.settings.utility in ("cost", "rank-points-cost")
        limits = [highest_cost(self.found, each, by_cost) for each in self._moments(run)]
        limits += [floor(each.raised + 1e-6) for each in self._helped(run)]
        own = self.own(run)
        if not own.is_funded and self._cost_when_raised(run) in range(1, cost):
            limits = [self._cost_when_raised(run)]
        if own.part not in (SHARES_PART, EPSILON_PART):
            limits.append(own.money_before)
        limit = max(limits)
        return max(limit, cost) if own.is_funded else min(limit, cost - 1)

    def ballots_needed(self, more: int) -> int | None:
        run = self.trials.at_more_ballots(self.ref, more)
        if _is_replaced(run) or self.stage.cost > self.budget:
            return super().ballots_needed(more)
        worth, _ = self.vote.points_each
        share, cost = float(_share(run)), self.stage.cost
        found = (
            further_ballots(self.found, each, cost, self.scale, worth, share)
            for each in self._moments(run)
        )
        ways = [way for way in found if way is not None]
        ways += [
            more + ceil((cost - helped.raised) / helped.each - 1e-9)
            for helped in self._helped(run, more)
            if helped.each > 0
        ]
        if not self.own(run).is_funded and self._ballots_when_raised(run) > more:
            ways = [self._ballots_when_raised(run)]
        points, each = self.points_in_time(run), self.points_each()
        if points is not None and each > 0:
            ways.append(max(0, more - (self.own(run).points - points) // each))
        return self._agreed(run, min(ways, default=None), more)

    def budget_needed(self, budget: int) -> int | None:
        run = self.trials.at_budget(budget)
        if _is_replaced(run):
            return super().budget_needed(budget)
        ways, own = [], self.own(run)
        larger = min(
            larger_share(self.found, m, self.stage.cost, self.scale) for m in self._moments(run)
        )
        if own.is_funded and self.vote.settings.adds_one and own.part == SHARES_PART:
            ways.append(sum(s.cost for s in run.stages if s.is_funded and s.part == SHARES_PART))
        elif larger < inf:
            ways.append(self._budget_for(_share(run), larger, budget))
        ways += [budget + ceil(self.stage.cost - each.raised - 1e-6) for each in self._helped(run)]
        if own.part not in (SHARES_PART, EPSILON_PART):
            ways.append(budget + self.missing_at_turn(run))
        needed = min(ways, default=None)
        return self._agreed(run, None if needed is None else max(needed, self.budget + 1), budget)

    def _budget_for(self, share: Fraction, larger: float, budget: int) -> int:
        """The budget with which everybody begins with so much more."""
        if not self.vote.settings.adds_one:
            return budget + ceil(larger * self.vote.ballots - 1e-6)
        unit = self.vote.contest.unit
        start = share + ceil(larger / unit - 1e-9) * unit
        bought = certified.run(self.others, start)
        return sum(self.others.costs[each.option] for each in bought) + self.stage.cost

    def _cost_when_raised(self, run: Count) -> int:
        """Where add1 would end with it, its highest cost; 0 where there is none."""
        if self._raised_cost is None and self.vote.settings.adds_one:
            self._raised_cost = Raised(self.vote, self.others, self.option, _share(run)).cost()
        return self._raised_cost or 0

    def _ballots_when_raised(self, run: Count) -> int:
        """Where add1 would end with it, the fewest further ballots; 0 where there are none."""
        if self._raised_ballots is None and self.vote.settings.adds_one:
            raised = Raised(self.vote, self.others, self.option, _share(run))
            self._raised_ballots = raised.ballots()
        return self._raised_ballots or 0

    def _agreed(self, run: Count, needed: int | None, number: int) -> int | None:
        """What is needed, but never against what the run itself says."""
        if self.own(run).is_funded:
            return number if needed is None else min(needed, number)
        return None if needed is None else max(needed, number + 1)

    def _moments(self, run: Count) -> Iterator[Moment]:
        """Each purchase of the run's last share without it, and the end."""
        bought = [
            self.trials.number[stage.option]
            for stage in run.stages
            if stage.part == SHARES_PART and stage.is_funded
        ]
        if self.option in bought:
            bought = [each.option for each in certified.run(self.others, _share(run))]
        return moments(self.others, _share(run), bought)

    def _helped(self, run: Count, more: int = 0) -> Iterator[Helped]:
        """Each step of the completion epsilon up to its own, and the end."""
        if not self.vote.settings.spends_by_epsilon:
            return
        *_, end = self._moments(run)
        steps = [stage for stage in run.stages if stage.part == EPSILON_PART]
        helped = [(self.trials.number[stage.option], stage.price) for stage in steps]
        yield from helped_moments(
            self.vote.everybody, end.money, self.option, helped, _share(run), more
        )


def _share(run: Count) -> Fraction:
    return Fraction(run.record.facts["share"])


def _is_replaced(run: Count) -> bool:
    return run.record.facts.get("decided_by") == "greedy"
