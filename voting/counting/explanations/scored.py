"""What would have been enough under the rules that add up points and then fund greedily."""

from collections.abc import Sequence
from dataclasses import replace

from voting.counting.contest import Contest
from voting.counting.counts import Count
from voting.counting.explanations.case import too_dear
from voting.counting.explanations.explanation import LOST_TIE, Explanation, code_of
from voting.counting.explanations.search import turning_point
from voting.counting.explanations.trials import Trials
from voting.counting.rules import Stage
from voting.counting.rules.budgets import smallest_budgets
from voting.counting.rules.greedy import (
    State,
    after,
    order_of_turns,
    outcome_of,
    turns,
)
from voting.counting.rules.rule import FUNDING
from voting.counting.rules.scores import tally
from voting.counting.rules.terms import Terms
from voting.counting.rules.ties import Ties


def explain_scored(contest: Contest, result: Count, terms: Terms) -> tuple[Explanation, ...]:
    """Explain every option of a count that added up points and funded greedily."""
    what_if = _WhatIf(contest, result, terms)
    return tuple(what_if.explanation(stage) for stage in result.outcomes)


class _WhatIf:
    """The count, ready to be run again with one thing changed."""

    def __init__(self, contest: Contest, result: Count, terms: Terms) -> None:
        self.trials = Trials(result, briefly=True)
        self.winners = frozenset(result.funded)
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
        more = self.trials.with_more_ballots(contest.ids[0], 1)
        self.points_each = tally(self.trials.contest, more).points[0] - self.points[0]

    def explanation(self, stage: Stage) -> Explanation:
        option = self.number[stage.option]
        lost_tie = not stage.is_funded and stage.tied_with and self._funds_as_first_equal(option)
        told = Explanation(
            option=stage.option,
            code=LOST_TIE if lost_tie else code_of(stage, self.budget),
            place=stage.number,
            points=stage.points,
            cost=stage.cost,
            money_before=stage.money_before,
            cost_limit=self._cost_limit(stage),
            points_limit=self._points_limit(option),
        )
        if stage.is_funded:
            return told
        return replace(
            told,
            budget_limit=self._budget_limit(stage.option),
            ballots_more=self._ballots_more(stage, told.points_limit),
            rival=self._rival(stage.option),
        )

    def _funds_as_first_equal(self, option: int) -> bool:
        """Whether the option is funded when it goes before all with equal points."""
        first = list(self.tie_ranks)
        first[option] = -1
        return self._funds(option, order=order_of_turns(self.points, first))

    def _cost_limit(self, stage: Stage) -> int | None:
        """The most the option could cost: all the money there was at its turn, or was enough of it.

        What it costs changes nothing of the turns before, but where ties go by costs.
        """
        option = self.number[stage.option]
        state = State(self.budget)
        for other in self.order[: self.order.index(option)]:
            outcome = outcome_of(other, self.costs[other], self.points[other], state, self.terms)
            state = after(other, self.costs[other], outcome, state, self.terms)
        limit = state.left * 100 // self.terms.top_up if self.terms.top_up else state.left
        for place, each in enumerate(self.terms.limits):
            if option in each.options and each.money is not None:
                limit = min(limit, each.money - (state.used[place][1] if state.used else 0))
        return turning_point(
            too_dear(stage, self.budget * 100 // (self.terms.top_up or 100)),
            lambda _: limit,
            lambda cost: self.trials.funds_at_cost(stage.option, cost),
            -1,
            stage.cost if stage.is_funded else None,
        )

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
        holds = (
            limit is not None
            and self._funds(option, points=limit)
            and (limit == self.lowest or not self._funds(option, points=limit - 1))
        )
        return limit if holds else None

    def _fits(self, option: int, state: State) -> bool:
        """Whether the option would be funded if its turn came now and its points sufficed."""
        outcome = outcome_of(option, self.costs[option], self.terms.least or 0, state, self.terms)
        return outcome in FUNDING

    def _budget_limit(self, ref: str) -> int | None:
        """The smallest larger budget that funds the option; more may first fund others."""
        limit = self.enough.get(self.number[ref])
        return turning_point(
            self.budget, lambda _: limit, lambda b: self.trials.funds_with_budget(ref, b), 1
        )

    def _ballots_more(self, stage: Stage, points_limit: int | None) -> int | None:
        """So many further ballots that they give the points that are missing."""
        if points_limit is None or self.points_each < 1:
            return None
        more = -((stage.points - points_limit) // self.points_each)
        if "threshold_share" in self.trials.contest.parameters:
            p, q = map(int, self.trials.contest.parameters["threshold_share"].split("/"))
            ballots, scale = len(self.trials.ballots), self.trials.ballots.points_scale
            gain = self.points_each * q - p * scale
            if gain <= 0:
                return None
            more = max(more, -((stage.points * q - p * ballots * scale) // gain))
        return turning_point(
            0,
            lambda _: more,
            lambda k: self.trials.funds_with_more_ballots(stage.option, k),
            1,
        )

    def _rival(self, ref: str) -> str | None:
        """The last option funded before this one's turn without which it would be funded."""
        option = self.number[ref]
        for other in reversed(self.order[: self.order.index(option)]):
            id_ = self.trials.contest.ids[other]
            if id_ not in self.winners:
                continue
            if not self._funds(option, order=[each for each in self.order if each != other]):
                continue
            # Where what does not fit ends the funding, one that is too dear is not one left out.
            if self.terms.no_skip or ref in self.trials.funded_without(id_):
                return id_
        return None

    def _funds(
        self,
        option: int,
        *,
        points: int | None = None,
        order: Sequence[int] | None = None,
    ) -> bool:
        """Take the turns again with other points or in another order: is the option funded?"""
        given = self.points
        if points is not None:
            given = [*given[:option], points, *given[option + 1 :]]
            order = order_of_turns(given, self.tie_ranks)
        order = self.order if order is None else order
        run = turns(order, self.costs, given, State(self.budget), self.terms)
        return any(turn.funds for turn in run if turn.option == option)
