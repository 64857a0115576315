"""What would have been enough for one option, as far as the money at its turn tells.

Candidates come from the stages: what is left when the option has its turn, and at which turn there
is still enough. Trials narrow them down and confirm them; what a few do not find is None.
"""

from dataclasses import replace

from voting.counting.contest import Contest
from voting.counting.counts import Count
from voting.counting.explanations.explanation import Explanation, code_of
from voting.counting.explanations.trials import (
    Trials,
    Unanswered,
    confirmed,
    confirmed_rival,
)
from voting.counting.rules import SKIPPED, Stage
from voting.counting.rules.rule import FILL_PART, GREEDY_PART, Counted
from voting.counting.rules.scores import tally

_MOST_ROUNDS = 4
_TURNS = (GREEDY_PART, FILL_PART)


def outcome_alone(result: Count, stage: Stage) -> Explanation:
    """What the stage itself says."""
    return Explanation(
        option=stage.option,
        code=code_of(stage, result.contest.budget),
        place=stage.number,
        points=stage.points,
        cost=stage.cost,
        money_before=stage.money_before,
    )


class Case:
    """One option and the trials that are about it."""

    def __init__(self, result: Count, trials: Trials, stage: Stage) -> None:
        self.result, self.trials, self.stage = result, trials, stage
        self.ref = stage.option
        self.budget = result.contest.budget

    def explanation(self) -> Explanation:
        told = replace(outcome_alone(self.result, self.stage), cost_limit=self.cost_limit())
        if self.stage.is_funded:
            return told
        return replace(
            told,
            budget_limit=self.budget_limit(),
            ballots_more=self.ballots_more(),
            rival=self._rival(),
        )

    def cost_limit(self) -> int | None:
        """What is left when its turn comes if it is too dear for all that goes before."""
        try:
            own = self.own(self.trials.run(*self.dear()))
        except Unanswered:
            return None
        levels = {own.money_before, self.stage.money_before}
        for level in sorted(levels, reverse=True):
            limit = confirmed(level, lambda cost: self.trials.funds_at_cost(self.ref, cost), 1)
            if limit is not None:
                return limit
        return None

    def budget_limit(self) -> int | None:
        """A budget that leaves enough when its turn comes."""
        budget, own = self.budget, self.stage
        try:
            for _ in range(_MOST_ROUNDS):
                if own.is_funded or own.outcome != SKIPPED:
                    break
                budget += own.cost - own.money_before
                contest = replace(self.trials.contest, budget=budget)
                own = self.own(self.trials.run(contest, self.trials.ballots))
        except Unanswered:
            return None
        if budget == self.budget or not own.is_funded:
            return None
        return confirmed(budget, lambda b: self.trials.funds_with_budget(self.ref, b), -1)

    def ballots_more(self) -> int | None:
        """So many ballots that its turn comes while there is money enough."""
        more, each = 0, self.points_each()
        if self.stage.cost > self.budget or each < 1:
            return None
        try:
            for _ in range(_MOST_ROUNDS):
                points = self._points_needed(more)
                needed = None if points is None else -((self.stage.points - points) // each)
                if needed is None or needed <= more:
                    break
                more = needed
        except Unanswered:
            return None
        return confirmed(
            more or None, lambda k: self.trials.funds_with_more_ballots(self.ref, k), -1
        )

    def _points_needed(self, more: int) -> int | None:
        """The fewest points with which it has its turn in time, with so many further ballots."""
        contest, _ = self.dear()
        run = self.trials.run(contest, self.trials.with_more_ballots(self.ref, more))
        return self.points_in_time(run)

    def points_in_time(self, run: Count) -> int | None:
        """The fewest points with which it has its turn while there is money enough."""
        ranks = dict(zip(run.contest.ids, run.contest.tie_ranks, strict=True))
        needed = None
        for stage in run.outcomes:
            if stage.part not in _TURNS or stage.option == self.ref:
                continue
            if stage.money_before < self.stage.cost:
                return needed
            needed = stage.points + (0 if ranks[self.ref] < ranks[stage.option] else 1)
        return needed

    def _rival(self) -> str | None:
        """The last funded one without which it would have been funded."""
        if self.result.contest.parameters.get("no_skip"):
            return None
        return confirmed_rival(self.trials, self.ref, reversed(self.result.funded))

    def points_each(self) -> int:
        """By how much a further ballot raises its points."""
        contest, option = self.trials.contest, self.trials.number[self.ref]
        more = self.trials.with_more_ballots(self.ref, 1)
        return tally(contest, more).points[option] - self.stage.points

    def dear(self) -> tuple[Contest, Counted]:
        """The election if it cost more than there is."""
        return self.trials.with_cost(self.ref, self.budget + 1), self.trials.ballots

    def own(self, result: Count) -> Stage:
        return next(stage for stage in result.outcomes if stage.option == self.ref)
