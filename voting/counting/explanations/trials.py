"""The count run again with one thing changed: what every figure of an explanation stands on.

Each trial is the whole count by the same rule and parameters, made once.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

import numpy as np

from voting.counting.ballots import Ballots, Placings
from voting.counting.contest import Contest
from voting.counting.counts import Count, count
from voting.counting.errors import CountingError
from voting.counting.rank_table import RankTable
from voting.counting.rules.rule import Counted

MOST_TRIALS = 2000
MOST_STEPS = 40

_MOST_KEPT = 20
"""So many counts are kept with their stages and ballots; of all others what they funded."""

Question = tuple[str, str, int]
"""What is changed, of which option, and to what."""


class Unanswered(Exception):
    """The trial was not made: the rule refuses such an election, or there were trials enough."""


class Trials:
    """A count that can be asked what it would have funded, at most so often.

    `briefly` is for those who never read the stages of a trial: then nothing but what it funds is
    worked out, where the rule knows how. Otherwise each trial serves for both questions. `steps` is
    how many may be taken for one figure, so that a few that are hard to find leave trials for all.
    """

    def __init__(
        self,
        result: Count,
        most: int | None = None,
        *,
        briefly: bool = False,
        steps: int = MOST_STEPS,
    ) -> None:
        name, version = result.rule.name, result.rule.version
        self.contest = replace(result.contest, rule=name, rule_version=version)
        self.ballots = _condensed(result)
        self.number = {ref: place for place, ref in enumerate(self.contest.ids)}
        self._rule = result.rule
        self._left, self._briefly, self.steps = most, briefly, steps
        self._as_it_was: Question = ("budget", "", self.contest.budget)
        self._runs = {self._as_it_was: result}
        self._known = {self._as_it_was: frozenset(result.funded)}

    def funds_at_cost(self, ref: str, cost: int) -> bool:
        return cost > 0 and ref in self._told(
            self._at_cost(ref, cost), lambda: (self.with_cost(ref, cost), self.ballots)
        )

    def funds_with_budget(self, ref: str, budget: int) -> bool:
        return budget > 0 and ref in self._told(
            ("budget", "", budget), lambda: (replace(self.contest, budget=budget), self.ballots)
        )

    def funds_with_more_ballots(self, ref: str, more: int) -> bool:
        """With so many further ballots that mark this option alone."""
        return more >= 0 and ref in self._told(
            self._at_ballots(ref, more),
            lambda: (self.contest, self.with_more_ballots(ref, more)),
        )

    def funded_without(self, ref: str) -> frozenset[str]:
        """What is funded if this option takes no part: if it costs more than there is.

        Where one that does not fit would end the funding, that is another question.
        """
        beyond = self.contest.budget + 1
        return self._told(
            self._at_cost(ref, beyond), lambda: (self.with_cost(ref, beyond), self.ballots)
        )

    def at_cost(self, ref: str, cost: int) -> Count:
        """The count with its stages. Raises Unanswered, as all of these do."""
        return self._run(self._at_cost(ref, cost), self.with_cost(ref, cost), self.ballots)

    def at_budget(self, budget: int) -> Count:
        return self._run(("budget", "", budget), replace(self.contest, budget=budget), self.ballots)

    def at_more_ballots(self, ref: str, more: int) -> Count:
        question = self._at_ballots(ref, more)
        return self._run(question, self.contest, self.with_more_ballots(ref, more))

    def run(self, contest: Contest, ballots: Counted) -> Count:
        """Any other count."""
        self.begin()
        try:
            return count(contest, ballots)
        except CountingError:
            raise Unanswered from None

    def begin(self) -> None:
        """One trial more."""
        if self._left is not None:
            if not self._left:
                raise Unanswered
            self._left -= 1

    @cached_property
    def usual_points(self) -> int:
        """What most ballots give in all, where they give points; otherwise one."""
        if not len(self.ballots) or not isinstance(self.ballots, Ballots):
            return 1
        if self.ballots.points is None:
            return 1
        given = np.add.reduceat(self.ballots.points, self.ballots.starts[:-1])
        totals: Counter[int] = Counter()
        for total, copies in zip(given.tolist(), self.ballots.copies.tolist(), strict=True):
            totals[total] += copies
        return max(totals, key=lambda total: (totals[total], total))

    def with_cost(self, ref: str, cost: int) -> Contest:
        options = (replace(o, cost=cost) if o.id == ref else o for o in self.contest.options)
        return replace(self.contest, options=tuple(options))

    def with_more_ballots(self, ref: str, more: int) -> Counted:
        """The ballots with so many further ones that mark this option alone."""
        option = self.number[ref]
        if not more:
            return self.ballots
        if isinstance(self.ballots, RankTable):
            row = (option, 1, 1, more)
            columns = zip(self.ballots.placings(), row, strict=True)
            return RankTable(Placings(*(np.append(column, cell) for column, cell in columns)))
        return self.ballots.with_lone(option, more, self.usual_points)

    def _at_cost(self, ref: str, cost: int) -> Question:
        is_own = cost == self.contest.options[self.number[ref]].cost
        return self._as_it_was if is_own else ("cost", ref, cost)

    def _at_ballots(self, ref: str, more: int) -> Question:
        return ("ballots", ref, more) if more else self._as_it_was

    def _run(self, question: Question, contest: Contest, ballots: Counted) -> Count:
        if question not in self._runs:
            self._runs[question] = self.run(contest, ballots)
            self._known[question] = frozenset(self._runs[question].funded)
            if len(self._runs) > _MOST_KEPT:
                self._runs.pop(next(each for each in self._runs if each != self._as_it_was))
        return self._runs[question]

    def _told(
        self, question: Question, asked: Callable[[], tuple[Contest, Counted]]
    ) -> frozenset[str]:
        if question not in self._known:
            contest, ballots = asked()
            if not self._briefly:
                self._run(question, contest, ballots)
            else:
                self._known[question] = self._funded(contest, ballots)
        return self._known[question]

    def _funded(self, contest: Contest, ballots: Counted) -> frozenset[str]:
        if self._rule.funds is None:
            return frozenset(self.run(contest, ballots).funded)
        self.begin()
        try:
            return self._rule.funds(contest, ballots)
        except CountingError:
            raise Unanswered from None


def _condensed(result: Count) -> Counted:
    """The ballots, or as much of them as a rule that only adds up points looks at."""
    ballots = result.ballots
    if result.rule.terms is None or isinstance(ballots, RankTable) or ballots.points is not None:
        return ballots
    return RankTable.of_ballots(ballots)
