"""What would have been enough under the rules that add up points and then fund greedily."""

from collections.abc import Sequence

from voting.counting.contest import Contest
from voting.counting.counts import Count
from voting.counting.explanations.explanation import LOST_TIE, Explanation, code_of
from voting.counting.rules import Stage
from voting.counting.rules.budgets import smallest_budgets
from voting.counting.rules.greedy import (
    State,
    after,
    order_of_turns,
    outcome_of,
    turns,
)
from voting.counting.rules.rule import FUNDED, TOPPED_UP
from voting.counting.rules.terms import Terms
from voting.counting.rules.ties import Ties


def explain_scored(contest: Contest, result: Count, terms: Terms) -> tuple[Explanation, ...]:
    """Explain every option of a count that added up points and funded greedily."""
    what_if = _WhatIf(contest, result, terms)
    return tuple(what_if.explanation(stage) for stage in result.outcomes)


class _WhatIf:
    """The count, ready to be run again with one thing changed."""

    def __init__(self, contest: Contest, result: Count, terms: Terms) -> None:
        self.number = {ref: place for place, ref in enumerate(contest.ids)}
        self.points = [0] * len(contest.options)
        for stage in result.outcomes:
            self.points[self.number[stage.option]] = stage.points
        self.costs = list(contest.costs)
        votes = [0] * len(contest.options)
        for stage in result.outcomes:
            votes[self.number[stage.option]] = stage.ballots
        self.tie_ranks = Ties.of(result.contest, result.ballots, votes).ranks
        self.budget = contest.budget
        self.terms = terms
        self.lowest = None if contest.vote_type == "scoring" else 0
        self.order = order_of_turns(self.points, self.tie_ranks)
        considered = [each for each in self.order if terms.considers(self.points[each])]
        self.enough = smallest_budgets(considered, self.costs, self.budget, terms)

    def explanation(self, stage: Stage) -> Explanation:
        option = self.number[stage.option]
        lost_tie = not stage.is_funded and stage.tied_with and self._funds_as_first_equal(option)
        return Explanation(
            option=stage.option,
            code=LOST_TIE if lost_tie else code_of(stage, self.budget),
            place=stage.number,
            points=stage.points,
            cost=stage.cost,
            money_before=stage.money_before,
            cost_limit=self._cost_limit(option, stage.money_before),
            points_limit=self._points_limit(option),
            budget_limit=None if stage.is_funded else self._budget_limit(option),
        )

    def _funds_as_first_equal(self, option: int) -> bool:
        """Whether the option is funded when it goes before all with equal points."""
        first = list(self.tie_ranks)
        first[option] = -1
        return self._funds(option, order=order_of_turns(self.points, first))

    def _cost_limit(self, option: int, money_before: int) -> int | None:
        """The most the option could cost: all the money there was at its turn, or was enough of it.

        What it costs changes nothing of the turns before.
        """
        limit = money_before
        if self.terms.top_up:
            limit = money_before * 100 // self.terms.top_up
        confirmed = (
            limit > 0
            and self._funds(option, cost=limit)
            and not self._funds(option, cost=limit + 1)
        )
        return limit if confirmed else None

    def _points_limit(self, option: int) -> int | None:
        """The fewest points that give the option its turn while it would still be funded.

        From turn to turn there is only less money and more rivals funded, so the last turn of the
        others at which the option would be funded is the one it must not come after.
        """
        limit = None
        state = State(self.budget)
        for other in self.order:
            if other == option:
                continue
            if not self._fits(option, state):
                break
            outcome = outcome_of(other, self.costs[other], self.points[other], state, self.terms)
            state = after(other, self.costs[other], outcome, state, self.terms)
            wins_tie = self.tie_ranks[option] < self.tie_ranks[other]
            limit = self.points[other] + (0 if wins_tie else 1)
        if self._fits(option, state):
            limit = self.terms.least if self.terms.least is not None else self.lowest
        elif limit is not None and self.terms.least is not None:
            limit = max(limit, self.terms.least)
        confirmed = (
            limit is not None
            and self._funds(option, points=limit)
            and (limit == self.lowest or not self._funds(option, points=limit - 1))
        )
        return limit if confirmed else None

    def _fits(self, option: int, state: State) -> bool:
        """Whether the option would be funded if its turn came now and its points sufficed."""
        outcome = outcome_of(option, self.costs[option], self.terms.least or 0, state, self.terms)
        return outcome in (FUNDED, TOPPED_UP)

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
        order: Sequence[int] | None = None,
    ) -> bool:
        """Run the count again with one thing changed: is the option funded?"""
        costs, given = self.costs, self.points
        if cost is not None:
            costs = [*costs[:option], cost, *costs[option + 1 :]]
        if points is not None:
            given = [*given[:option], points, *given[option + 1 :]]
            order = order_of_turns(given, self.tie_ranks)
        state = State(self.budget if budget is None else budget)
        run = turns(self.order if order is None else order, costs, given, state, self.terms)
        return any(turn.funds for turn in run if turn.option == option)
