"""What would have been enough under equal shares, with or without a greedy completion.

What an option would have needed is read off the run without it: there it is either bought at one of
the purchases, or at the end, or has its turn when the rest is spent. With more ballots or money
everybody's first share is another, so the run is followed again until the answer stays the same.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import ceil, inf

from voting.counting.ballots import Ballots
from voting.counting.counts import Count
from voting.counting.explanations.case import too_dear
from voting.counting.explanations.explanation import LOST_TIE, Explanation, code_of
from voting.counting.explanations.search import first_rival, turning_point
from voting.counting.explanations.shares_trace import (
    Moment,
    further_ballots,
    highest_cost,
    larger_share,
    moments,
    payments_of,
)
from voting.counting.explanations.shares_vote import Vote, without
from voting.counting.explanations.ties import lost_tie
from voting.counting.explanations.trials import MOST_TRIALS, Trials
from voting.counting.rules import Stage
from voting.counting.rules.budgets import smallest_budgets
from voting.counting.rules.equal_shares import certified
from voting.counting.rules.equal_shares.settings import Settings
from voting.counting.rules.greedy import State, turns


def is_plain(result: Count) -> bool:
    """Whether a count is by equal shares, as here, without add1 and without comparison."""
    if result.rule.name != "equal-shares" or not isinstance(result.ballots, Ballots):
        return False
    if not len(result.ballots):
        return False
    settings = Settings.of(result.contest)
    fills = settings.completion in ("none", "greedy")
    return fills and settings.start == "exact" and not settings.comparison


def explain_shares(result: Count) -> tuple[Explanation, ...]:
    """Explain every option of a plain count by equal shares."""
    vote = Vote(result, Trials(result, MOST_TRIALS, briefly=True))
    return tuple(_explanation(result, vote, stage) for stage in result.outcomes)


def _explanation(result: Count, vote: Vote, stage: Stage) -> Explanation:
    case = _Case(vote, stage)
    ref, trials = stage.option, vote.trials
    told = Explanation(
        option=ref,
        code=LOST_TIE if lost_tie(result, trials, stage) else code_of(stage, vote.contest.budget),
        place=stage.number,
        points=stage.points,
        cost=stage.cost,
        money_before=stage.money_before,
        cost_limit=case.cost_limit(),
    )
    if stage.is_funded:
        return told
    return replace(
        told,
        ballots_more=case.ballots_more(),
        budget_limit=case.budget_limit(),
        rival=first_rival(trials, ref, case.rivals()),
    )


class _Case:
    """One option, and the runs in which it takes no part."""

    def __init__(self, vote: Vote, stage: Stage) -> None:
        self.vote = vote
        self.stage, self.ref = stage, stage.option
        self.option = vote.trials.number[stage.option]
        self.cost = stage.cost
        self.votes = stage.ballots
        self.found = vote.everybody.supporters[self.option]
        self.scale = vote.everybody.scales[self.option]
        self.others = without(vote.taking_part, [self.option])
        self._orders: dict[Fraction, list[int]] = {}
        if self.option not in vote.bought:
            self._orders[vote.start] = vote.bought

    def cost_limit(self) -> int | None:
        limit, stage = self._highest_cost(), self.stage
        return turning_point(
            too_dear(stage, self.vote.contest.budget),
            lambda _: limit,
            lambda cost: self.vote.trials.funds_at_cost(stage.option, cost),
            -1,
            stage.cost if stage.is_funded else None,
        )

    def ballots_more(self) -> int | None:
        trials = self.vote.trials
        return turning_point(
            0,
            self._ballots_needed,
            lambda more: trials.funds_with_more_ballots(self.ref, more),
            1,
        )

    def budget_limit(self) -> int | None:
        trials, budget = self.vote.trials, self.vote.contest.budget
        return turning_point(
            budget, self._budget_needed, lambda b: trials.funds_with_budget(self.ref, b), 1
        )

    def rivals(self) -> Iterator[str]:
        """The funded options: those that its supporters paid most for, then those of the fill."""
        vote, ids = self.vote, self.vote.contest.ids
        paid: dict[int, float] = {}
        for moment in self._moments(vote.start):
            if moment.option is not None:
                buyers = vote.everybody.supporters[moment.option]
                scale = vote.everybody.scales[moment.option]
                paid[moment.option] = payments_of(self.found, moment, buyers, scale)
        yield from (ids[option] for option in sorted(paid, key=lambda option: -paid[option]))
        yield from (ids[option] for option in reversed(vote.filled))

    def _highest_cost(self) -> int | None:
        """The most it could cost at one of the purchases, at the end, or at its turn."""
        vote = self.vote
        by_cost = vote.settings.utility in ("cost", "rank-points-cost")
        limit = max(highest_cost(self.found, m, by_cost) for m in self._moments(vote.start))
        if vote.settings.fills:
            limit = max(limit, self._left_at_turn(self._order_at(vote.start)))
        if vote.settings.entry_share is not None:
            p, q = vote.settings.entry_share.as_integer_ratio()
            limit = min(limit, self.votes * q * vote.contest.budget // (p * vote.ballots))
        return limit or None

    def _ballots_needed(self, more: int) -> int | None:
        """How many further ballots are enough when the first share is as with `more` of them."""
        vote = self.vote
        if self.cost > vote.contest.budget:
            return None
        start = Fraction(vote.contest.budget, vote.ballots + more)
        worth, score = vote.points_each
        ways = [
            further_ballots(self.found, moment, self.cost, self.scale, worth, float(start))
            for moment in self._moments(start)
        ]
        points = self._points_needed(self._order_at(start))
        if points is not None and score:
            missing = points - vote.scores.points[self.option]
            ways.append(max(0, -(-missing // score)))
        least = min((way for way in ways if way is not None), default=None)
        if least is None or vote.settings.entry_share is None:
            return least
        p, q = vote.settings.entry_share.as_integer_ratio()
        gain = q * vote.contest.budget - p * self.cost
        short = p * vote.ballots * self.cost - self.votes * q * vote.contest.budget
        return max(least, -(-short // gain)) if gain > 0 else None

    def _budget_needed(self, budget: int) -> int | None:
        """Which budget is enough if all is bought as with this one."""
        vote = self.vote
        start = Fraction(budget, vote.ballots)
        more = min(
            larger_share(self.found, moment, self.cost, self.scale)
            for moment in self._moments(start)
        )
        ways = [] if more == inf else [budget + ceil(more * vote.ballots - 1e-6)]
        if vote.settings.fills:
            bought = self._order_at(start)
            left = budget - self._cost_of(bought)
            turns_before = [*self._before(bought), self.option]
            enough = smallest_budgets(turns_before, vote.contest.costs, left)
            if self.option in enough:
                ways.append(budget + enough[self.option] - left)
        if vote.settings.entry_share is not None and self.votes:
            p, q = vote.settings.entry_share.as_integer_ratio()
            entry = -(-p * vote.ballots * self.cost // (self.votes * q))
            ways = [max(way, entry) for way in ways]
        return min(ways, default=None)

    def _left_at_turn(self, bought: list[int]) -> int:
        """What is left of the money when its turn comes."""
        state = State(self.vote.contest.budget - self._cost_of(bought))
        costs, points = self.vote.contest.costs, self.vote.scores.points
        run = turns(self._before(bought), costs, points, state)
        return state.left - sum(costs[turn.option] for turn in run if turn.funds)

    def _points_needed(self, bought: list[int]) -> int | None:
        """The fewest points that give it a turn while there is money enough for it."""
        vote, limit = self.vote, None
        left = vote.contest.budget - self._cost_of(bought)
        ranks, points = vote.contest.tie_ranks, vote.scores.points
        for other in vote.fill_order:
            if other == self.option or other in bought:
                continue
            if left < self.cost:
                return limit
            left -= vote.contest.costs[other] if vote.contest.costs[other] <= left else 0
            limit = points[other] + (0 if ranks[self.option] < ranks[other] else 1)
        return limit if left < self.cost or not vote.settings.fills else 0

    def _before(self, bought: list[int]) -> list[int]:
        """Whose turns come before its own."""
        points, ranks = self.vote.scores.points, self.vote.contest.tie_ranks
        own = (-points[self.option], ranks[self.option])
        return [
            other
            for other in self.vote.fill_order
            if other not in bought and (-points[other], ranks[other]) < own
        ]

    def _cost_of(self, bought: list[int]) -> int:
        return sum(self.vote.contest.costs[option] for option in bought)

    def _moments(self, start: Fraction) -> Iterator[Moment]:
        return moments(self.others, start, self._order_at(start))

    def _order_at(self, start: Fraction) -> list[int]:
        """What the others buy if everybody begins with this."""
        if start not in self._orders:
            run = certified.run(self.others, start)
            self._orders[start] = [purchase.option for purchase in run]
        return self._orders[start]
