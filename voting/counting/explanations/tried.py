"""What would have been enough under rules whose decisions are not followed here one by one.

Candidates come from the stages: what is left of the money when an option has its turn, and at
which turn there is still enough. Trials narrow them down and confirm them; what a few do not find
is None.
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

_MOST_TRIALS = 2000
_MOST_SLOW_TRIALS = 200
_MOST_ROUNDS = 4
_TURNS = (GREEDY_PART, FILL_PART)


def explain_by_trials(result: Count) -> tuple[Explanation, ...]:
    """Explain every option of a count, whatever its rule."""
    slow = str(result.contest.parameters.get("completion")).startswith("add1")
    trials = Trials(result, _MOST_SLOW_TRIALS if slow else _MOST_TRIALS)
    if not len(result.ballots):
        return tuple(_outcome(result, stage) for stage in result.outcomes)
    return tuple(_Case(result, trials, stage).explanation() for stage in result.outcomes)


def _outcome(result: Count, stage: Stage) -> Explanation:
    return Explanation(
        option=stage.option,
        code=code_of(stage, result.contest.budget),
        place=stage.number,
        points=stage.points,
        cost=stage.cost,
        money_before=stage.money_before,
    )


class _Case:
    """One option and the trials that are about it."""

    def __init__(self, result: Count, trials: Trials, stage: Stage) -> None:
        self.result, self.trials, self.stage = result, trials, stage
        self.ref = stage.option
        self.budget = result.contest.budget

    def explanation(self) -> Explanation:
        told = replace(_outcome(self.result, self.stage), cost_limit=self._cost_limit())
        if self.stage.is_funded:
            return told
        return replace(
            told,
            budget_limit=self._budget_limit(),
            ballots_more=self._ballots_more(),
            rival=self._rival(),
        )

    def _cost_limit(self) -> int | None:
        """What is left when its turn comes if it is too dear for all that goes before."""
        try:
            own = self._own(self.trials.run(*self._dear()))
        except Unanswered:
            return None
        levels = {own.money_before, self.stage.money_before}
        for level in sorted(levels, reverse=True):
            limit = confirmed(level, lambda cost: self.trials.funds_at_cost(self.ref, cost), 1)
            if limit is not None:
                return limit
        return None

    def _budget_limit(self) -> int | None:
        """A budget that leaves enough when its turn comes."""
        budget, own = self.budget, self.stage
        try:
            for _ in range(_MOST_ROUNDS):
                if own.is_funded or own.outcome != SKIPPED:
                    break
                budget += own.cost - own.money_before
                contest = replace(self.trials.contest, budget=budget)
                own = self._own(self.trials.run(contest, self.trials.ballots))
        except Unanswered:
            return None
        if budget == self.budget or not own.is_funded:
            return None
        return confirmed(budget, lambda b: self.trials.funds_with_budget(self.ref, b), -1)

    def _ballots_more(self) -> int | None:
        """So many ballots that its turn comes while there is money enough."""
        more, each = 0, self._points_each()
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
        contest, _ = self._dear()
        result = self.trials.run(contest, self.trials.with_more_ballots(self.ref, more))
        ranks = dict(zip(contest.ids, contest.tie_ranks, strict=True))
        needed = None
        for stage in result.outcomes:
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

    def _points_each(self) -> int:
        """By how much a further ballot raises its points."""
        contest, option = self.trials.contest, self.trials.number[self.ref]
        more = self.trials.with_more_ballots(self.ref, 1)
        return tally(contest, more).points[option] - self.stage.points

    def _dear(self) -> tuple[Contest, Counted]:
        """The election if it cost more than there is."""
        return self.trials.with_cost(self.ref, self.budget + 1), self.trials.ballots

    def _own(self, result: Count) -> Stage:
        return next(stage for stage in result.outcomes if stage.option == self.ref)
