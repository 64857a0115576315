"""What would have been enough under transferable votes: by the support an option would have kept.

The run is followed with the option spared: it is neither funded nor dropped, and nobody else learns
that it is there but by the ballots that stand by it. So it fares until it is funded, if only it is
not dropped before. What becomes of the money when it is dropped, the count itself tells.
"""

from dataclasses import replace

from voting.counting.counts import Count
from voting.counting.explanations.quotas import Look, Moment, QuotaCase
from voting.counting.explanations.trials import Trials
from voting.counting.rules import Stage
from voting.counting.rules.budget_stv import DROPPED_COST, Transfers
from voting.counting.rules.completion import open_ledger


class TransfersCase(QuotaCase):
    """One option, and the runs in which it is spared."""

    def __init__(self, result: Count, trials: Trials, stage: Stage) -> None:
        super().__init__(result, trials, stage)
        self._spared: dict[tuple[int, int], list[Moment]] = {}

    def look(self, *, cost: int | None = None, budget: int | None = None, more: int = 0) -> Look:
        moments = self._moments(self.budget if budget is None else budget, more)
        if budget is not None:
            run = self.trials.at_budget(budget)
        elif cost is not None:
            run = self.trials.at_cost(self.ref, cost)
        else:
            run = self.trials.at_more_ballots(self.ref, more)
        return Look(moments, run, is_own=True)

    def _moments(self, budget: int, more: int) -> list[Moment]:
        if (budget, more) not in self._spared:
            self._spared[budget, more] = self._followed(budget, more)
        return self._spared[budget, more]

    def _followed(self, budget: int, more: int) -> list[Moment]:
        option = self.trials.number[self.ref]
        contest = replace(self.trials.contest, budget=budget)
        self.trials.begin()
        ballots, ties, ledger = open_ledger(contest, self.trials.with_more_ballots(self.ref, more))
        transfers = Transfers(contest, ballots, ties, ledger, spared=option)
        support = [int(each[option]) for each in transfers.decisions()]
        left = ledger.left
        decided = [s for s in ledger.record().stages if s.outcome != DROPPED_COST]
        money = [*(stage.money_before for stage in decided), left]
        return [
            Moment(own, left, other, own)
            for own, left, other in zip(support, money, [*decided, None], strict=True)
        ]
