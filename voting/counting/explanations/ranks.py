"""What would have been enough under expanding approvals: by an option's support at each rank.

The run in which the option is too dear to be funded is followed from its stages, with the units
that every ballot has left: the others fare in it as long as they do where it is not funded.
"""

from collections.abc import Iterator

import numpy as np

from voting.counting.ballots import Ballots, Numbers
from voting.counting.counts import Count
from voting.counting.explanations.quotas import Look, Moment, QuotaCase
from voting.counting.explanations.trials import Trials
from voting.counting.rules import Stage
from voting.counting.rules.units import UNIT


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


class RanksCase(QuotaCase):
    """One option, and the runs in which it is not funded, or up to where it is.

    Until then the others fare as if it were not there.
    """

    def __init__(self, result: Count, trials: Trials, stage: Stage, marks: Marks) -> None:
        super().__init__(result, trials, stage)
        self._marks = marks

    def look(self, *, cost: int | None = None, budget: int | None = None, more: int = 0) -> Look:
        if cost is not None and self.stage.is_funded:
            run = self.trials.at_cost(self.ref, self.budget + 1)
        elif budget is not None:
            run = self.trials.at_budget(budget)
        else:
            run = self.trials.at_more_ballots(self.ref, more)
        return Look(list(self._moments(run, more)), run, is_own=cost is None)

    def _moments(self, run: Count, more: int) -> Iterator[Moment]:
        """Before each option funded, and before ballots support their next rank."""
        option = self.trials.number[self.ref]
        units: Numbers = np.full(len(self._marks.copies), UNIT)
        funded = [stage for stage in run.stages if "payment" in stage.details]
        money = run.contest.budget
        for rank in range(1, self._marks.longest + 1):
            own = self._marks.groups(option, rank)
            while funded and funded[0].details["rank"] == rank:
                stage = funded.pop(0)
                support = self._support(own, units) + more * UNIT
                if stage.option == self.ref:
                    yield Moment(support, money, None, support)
                    return
                yield Moment(support, money, stage, support)
                payers = self._marks.groups(self.trials.number[stage.option], rank)
                units[payers] -= np.minimum(units[payers], stage.details["payment"])
                money = stage.money_after
            support = self._support(own, units) + more * UNIT
            yield Moment(support, money, None, support)

    def _support(self, groups: Numbers, units: Numbers) -> int:
        return int((units[groups] * self._marks.copies[groups]).sum())
