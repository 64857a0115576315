"""What would have been enough for one option, as far as the money at its turn tells.

Of a run it is asked what is left when the option has its turn, and at which turn there is still
enough. What that suggests is counted again, until the number is found at which the answer turns;
what is not found so is None.
"""

from dataclasses import replace

from voting.counting.counts import Count
from voting.counting.explanations.explanation import LOST_TIE, Explanation, code_of
from voting.counting.explanations.search import first_rival, turning_point
from voting.counting.explanations.ties import lost_tie
from voting.counting.explanations.trials import Trials
from voting.counting.rules import Stage
from voting.counting.rules.rule import FILL_PART, GREEDY_PART
from voting.counting.rules.scores import tally

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


def too_dear(stage: Stage, budget: int) -> int:
    """A cost at which the option is not funded."""
    return budget + 1 if stage.is_funded else min(stage.cost, budget + 1)


class Case:
    """One option and the trials that are about it."""

    def __init__(self, result: Count, trials: Trials, stage: Stage) -> None:
        self.result, self.trials, self.stage = result, trials, stage
        self.ref = stage.option
        self.budget = result.contest.budget

    def explanation(self) -> Explanation:
        told = replace(outcome_alone(self.result, self.stage), cost_limit=self.cost_limit())
        if lost_tie(self.result, self.trials, self.stage):
            told = replace(told, code=LOST_TIE)
        if self.stage.is_funded:
            return told
        return replace(
            told,
            budget_limit=self.budget_limit(),
            ballots_more=self.ballots_more(),
            rival=self._rival(),
        )

    def cost_limit(self) -> int | None:
        return turning_point(
            too_dear(self.stage, self.budget),
            self.cost_needed,
            lambda cost: self.trials.funds_at_cost(self.ref, cost),
            -1,
            self.stage.cost if self.stage.is_funded else None,
            steps=self.trials.steps,
        )

    def budget_limit(self) -> int | None:
        return turning_point(
            self.budget,
            self.budget_needed,
            lambda budget: self.trials.funds_with_budget(self.ref, budget),
            1,
            steps=self.trials.steps,
        )

    def ballots_more(self) -> int | None:
        return turning_point(
            0,
            self.ballots_needed,
            lambda more: self.trials.funds_with_more_ballots(self.ref, more),
            1,
            steps=self.trials.steps,
        )

    def cost_needed(self, cost: int) -> int | None:
        """What is left at its turn when it costs so much."""
        own = self.own(self.trials.at_cost(self.ref, cost))
        if own.part in _TURNS:
            return own.money_before
        return cost if own.is_funded else self.stage.money_before

    def budget_needed(self, budget: int) -> int | None:
        """The budget that leaves enough at its turn, if all others are funded as with this one."""
        run = self.trials.at_budget(budget)
        if self.own(run).part in _TURNS:
            return budget + self.missing_at_turn(run)
        return budget if self.own(run).is_funded else None

    def ballots_needed(self, more: int) -> int | None:
        """So many that its turn comes in time, if all others are funded as with so many."""
        if self.stage.cost > self.budget:
            return None
        run = self.trials.at_more_ballots(self.ref, more)
        own, each = self.own(run), self.points_each()
        points = self.points_in_time(run)
        if points is None or each < 1:
            return more if own.is_funded else None
        needed = max(0, more - (own.points - points) // each)
        return min(needed, more) if own.is_funded else max(needed, more + 1)

    def missing_at_turn(self, run: Count) -> int:
        """How much more must be left for the turns so that there is enough at its own.

        Of more money others may have theirs first.
        """
        own, cost = self.own(run), self.stage.cost
        if own.is_funded:
            return cost - own.money_before
        before = [s for s in run.outcomes if s.part == own.part and s.number < own.number]
        begin, more = before[0].money_before if before else own.money_before, 0
        while True:
            left = begin + more
            for stage in before:
                left -= stage.cost if stage.cost <= left else 0
            if left >= cost:
                return more
            more += cost - left

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

    def points_each(self) -> int:
        """By how much a further ballot raises its points."""
        contest, option = self.trials.contest, self.trials.number[self.ref]
        more = self.trials.with_more_ballots(self.ref, 1)
        return tally(contest, more).points[option] - self.stage.points

    def own(self, result: Count) -> Stage:
        return next(stage for stage in result.outcomes if stage.option == self.ref)

    def _rival(self) -> str | None:
        """The last funded one without which it would have been funded."""
        if self.result.contest.parameters.get("no_skip"):
            return None
        return first_rival(self.trials, self.ref, reversed(self.result.funded))
