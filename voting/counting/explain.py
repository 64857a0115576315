"""Why an option was funded or not, and what would have changed that: figures, not sentences.

For each option three thresholds: the most it could cost, the fewest points it needs, the smallest
budget that would do, each with all else as it was. A threshold is given out only after the count,
run again with it, has confirmed it on both sides: enough at the threshold, not enough one step
beyond. What a run does not confirm is None. The thresholds are of rules that add up points and
then fund greedily, on whatever terms; of other rules only the outcome itself is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from voting.counting.contest import Contest
from voting.counting.counts import Count
from voting.counting.rules import SKIPPED, Stage
from voting.counting.rules.greedy import (
    State,
    after,
    order_of_turns,
    outcome_of,
    smallest_budgets,
    turns,
)
from voting.counting.rules.rule import FUNDED, TOPPED_UP
from voting.counting.rules.terms import Terms
from voting.counting.rules.ties import Ties


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one option came out as it did. Money is in hundredths.

    `code` is the outcome of the stage ("funded", "topped_up", "below_threshold", "rival_funded",
    "after_stop" and what other rules have), but instead of "skipped" it is "over_budget" (it costs
    more than there ever was) or "no_money_left", and "lost_tie" wherever another order among
    options with equal points would have funded it.

    `cost_limit` is the most it could have cost, `points_limit` the fewest points that would have
    been enough (None too if no number of points is too few), `budget_limit`, for an option that
    was not funded, the smallest larger budget that would have funded it. Points are in units of
    one by the ballots' `points_scale`.
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
    """Explain every option of the count, in the order of its outcomes."""
    if result.rule.terms is None:
        return tuple(_outcome_alone(contest, stage) for stage in result.outcomes)
    what_if = _WhatIf(contest, result, result.rule.terms(result.contest, result.ballots))
    return tuple(what_if.explanation(stage) for stage in result.outcomes)


def _outcome_alone(contest: Contest, stage: Stage) -> Explanation:
    return Explanation(
        option=stage.option,
        code=_code(stage, contest.budget),
        place=stage.number,
        points=stage.points,
        cost=stage.cost,
        money_before=stage.money_before,
        cost_limit=None,
        points_limit=None,
        budget_limit=None,
    )


def _code(stage: Stage, budget: int) -> str:
    if stage.outcome != SKIPPED:
        return stage.outcome
    return "over_budget" if stage.cost > budget else "no_money_left"


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
            code="lost_tie" if lost_tie else _code(stage, self.budget),
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
