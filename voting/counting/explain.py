"""Why an option was funded or not, and what would have changed that: figures, not sentences.

For each option three thresholds: the most it could cost, the fewest points it needs, the smallest
budget that would do, each with all else as it was. A threshold is given out only after the count,
run again with it, has confirmed it on both sides: enough at the threshold, not enough one step
beyond. What a run does not confirm is None. Works on the stages of any rule that adds up points
and then funds greedily.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from voting.counting.contest import Contest
from voting.counting.counts import Count
from voting.counting.rules import FUNDED, Stage
from voting.counting.rules.greedy import State, order_of_turns, smallest_budgets, turns


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one option came out as it did. Money is in hundredths.

    `code` is "funded", "over_budget" (it costs more than there ever was), "lost_tie" (another
    order among options with equal points would have funded it) or "no_money_left".
    `cost_limit` is the most it could have cost, `points_limit` the fewest points that would have
    been enough, `budget_limit`, for an option that was not funded, the smallest larger budget that
    would have funded it.
    """

    option: str
    code: str
    place: int
    points: int
    cost: int
    money_before: int
    cost_limit: int | None
    points_limit: int | None
    budget_limit: int | None


def explain(contest: Contest, result: Count) -> tuple[Explanation, ...]:
    """Explain every option of the count, in the order of the stages."""
    what_if = _WhatIf(contest, result)
    return tuple(what_if.explanation(stage) for stage in result.stages)


class _WhatIf:
    """The count, ready to be run again with one thing changed."""

    def __init__(self, contest: Contest, result: Count) -> None:
        self.number = {ref: place for place, ref in enumerate(contest.ids)}
        self.points = [0] * len(contest.options)
        for stage in result.stages:
            self.points[self.number[stage.option]] = stage.points
        self.costs = list(contest.costs)
        self.tie_ranks = contest.tie_ranks
        self.budget = contest.budget
        self.order = order_of_turns(self.points, self.tie_ranks)
        self.enough = smallest_budgets(self.order, self.costs, self.budget)

    def explanation(self, stage: Stage) -> Explanation:
        option, funded = self.number[stage.option], stage.outcome == FUNDED
        return Explanation(
            option=stage.option,
            code="funded" if funded else self._why_not(stage),
            place=stage.number,
            points=stage.points,
            cost=stage.cost,
            money_before=stage.money_before,
            cost_limit=self._cost_limit(option, stage.money_before),
            points_limit=self._points_limit(option),
            budget_limit=None if funded else self._budget_limit(option),
        )

    def _why_not(self, stage: Stage) -> str:
        if stage.cost > self.budget:
            return "over_budget"
        rivals = {self.number[ref] for ref in (stage.option, *stage.tied_with)}
        run = turns(self.order, self.costs, self.points, State(self.budget))
        left = next(left for option, left, _ in run if option in rivals)
        return "lost_tie" if stage.cost <= left else "no_money_left"

    def _cost_limit(self, option: int, money_before: int) -> int | None:
        """The most the option could cost: all the money there was at its turn."""
        confirmed = (
            money_before > 0
            and self._funds(option, cost=money_before)
            and not self._funds(option, cost=money_before + 1)
        )
        return money_before if confirmed else None

    def _points_limit(self, option: int) -> int | None:
        """The fewest points that give the option its turn while its cost is still there.

        Money only shrinks from turn to turn, so the last turn of the others at which the option
        would still fit is the one it must not come after.
        """
        limit: int | None = None
        others = [other for other in self.order if other != option]
        for other, left, outcome in turns(others, self.costs, self.points, State(self.budget)):
            funded = outcome == FUNDED
            if self.costs[option] > left:
                break
            limit = 0
            if funded and self.costs[option] > left - self.costs[other]:
                wins_tie = self.tie_ranks[option] < self.tie_ranks[other]
                limit = self.points[other] + (0 if wins_tie else 1)
                break
        confirmed = (
            limit is not None
            and self._funds(option, points=limit)
            and (limit == 0 or not self._funds(option, points=limit - 1))
        )
        return limit if confirmed else None

    def _budget_limit(self, option: int) -> int | None:
        """The smallest larger budget that funds the option; more may first fund others."""
        limit = self.enough.get(option)
        confirmed = (
            limit is not None
            and self._funds(option, budget=limit)
            and not self._funds(option, budget=limit - 1)
        )
        return limit if confirmed else None

    def _funds(
        self,
        option: int,
        *,
        cost: int | None = None,
        points: int | None = None,
        budget: int | None = None,
    ) -> bool:
        """Run the count again with one thing changed: is the option funded?"""
        costs: Sequence[int] = self.costs
        order: Sequence[int] = self.order
        if cost is not None:
            costs = [*self.costs[:option], cost, *self.costs[option + 1 :]]
        if points is not None:
            changed = [*self.points[:option], points, *self.points[option + 1 :]]
            order = order_of_turns(changed, self.tie_ranks)
        run = turns(order, costs, self.points, State(self.budget if budget is None else budget))
        return any(turn.funds for turn in run if turn.option == option)
