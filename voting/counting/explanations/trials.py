"""The count run again with one thing changed: what every figure of an explanation stands on.

Each trial is the whole count by the same rule and parameters. Each is made once, and `runs` says
how many there were.
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

_TRIES = 4


class Trials:
    """A count that can be asked what it would have funded."""

    def __init__(self, result: Count) -> None:
        name, version = result.rule.name, result.rule.version
        self.contest = replace(result.contest, rule=name, rule_version=version)
        self.ballots = _condensed(result)
        self.number = {ref: place for place, ref in enumerate(self.contest.ids)}
        self.runs = 0
        self._known: dict[tuple[str, str, int], frozenset[str]] = {}

    def funds_at_cost(self, ref: str, cost: int) -> bool:
        return cost > 0 and ref in self._told(
            ("cost", ref, cost), lambda: (self._with_cost(ref, cost), self.ballots)
        )

    def funds_with_budget(self, ref: str, budget: int) -> bool:
        return budget > 0 and ref in self._told(
            ("budget", "", budget), lambda: (replace(self.contest, budget=budget), self.ballots)
        )

    def funds_with_more_ballots(self, ref: str, more: int) -> bool:
        """With so many further ballots that mark this option alone."""
        return more >= 0 and ref in self._told(
            ("ballots", ref, more), lambda: (self.contest, self.with_more_ballots(ref, more))
        )

    def funded_without(self, ref: str) -> frozenset[str]:
        """What is funded if this option takes no part: if it costs more than there is.

        Where one that does not fit would end the funding, that is another question.
        """
        beyond = self.contest.budget + 1
        return self._told(
            ("cost", ref, beyond), lambda: (self._with_cost(ref, beyond), self.ballots)
        )

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

    def _told(
        self, question: tuple[str, str, int], asked: Callable[[], tuple[Contest, Counted]]
    ) -> frozenset[str]:
        if question not in self._known:
            self.runs += 1
            try:
                self._known[question] = frozenset(count(*asked()).funded)
            except CountingError:  # an election that the rule refuses funds nothing
                self._known[question] = frozenset()
        return self._known[question]

    def _with_cost(self, ref: str, cost: int) -> Contest:
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
        points = self.ballots.points
        return replace(
            self.ballots,
            starts=np.append(self.ballots.starts, len(self.ballots.options) + 1),
            options=np.append(self.ballots.options, np.uint16(option)),
            copies=np.append(self.ballots.copies, more),
            points=None if points is None else np.append(points, self.usual_points),
        )


def confirmed(candidate: int | None, holds: Callable[[int], bool], beyond: int) -> int | None:
    """The number at, or right beside, the candidate at which `holds` ends, going `beyond`.

    `beyond` is 1 where less is easier, as with a cost, and -1 where more is.
    """
    if candidate is None:
        return None
    number = candidate
    for _ in range(_TRIES):
        if not holds(number):
            number -= beyond
        elif not holds(number + beyond):
            return number
        else:
            number += beyond
    return None


def _condensed(result: Count) -> Counted:
    """The ballots, or as much of them as a rule that only adds up points looks at."""
    ballots = result.ballots
    if result.rule.terms is None or isinstance(ballots, RankTable) or ballots.points is not None:
        return ballots
    return RankTable.of_ballots(ballots)
