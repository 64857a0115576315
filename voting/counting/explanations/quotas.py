"""What would have been enough under the rules that count support in units, against a quota.

An option needs units in proportion to its cost. Before each decision of a run, and at the end of
it, it is asked what the option would have had to cost, how many further ballots it would have
needed, or how much larger the budget must have been, to be funded there instead.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from voting.counting.counts import Count
from voting.counting.explanations.case import Case
from voting.counting.rules import Stage
from voting.counting.rules.rule import FILL_PART
from voting.counting.rules.units import UNIT

_NO_LIMIT = Fraction(10**30)


class Moment(NamedTuple):
    """The option's support and the money left before the next decision, and what was decided.

    `reach` is what its supporters could give it at the most. At the end, and where ballots go on to
    support more, `other` is None.
    """

    support: int
    money: int
    other: Stage | None
    reach: int


@dataclass(frozen=True, slots=True)
class Look:
    """A run in which the option is followed to the end, and one that says what became of it.

    `is_own` says that in the second the option took part with its own cost.
    """

    moments: list[Moment]
    run: Count
    is_own: bool = False


class QuotaCase(Case, ABC):
    """One option, and the runs in which its support is followed."""

    @abstractmethod
    def look(self, *, cost: int | None = None, budget: int | None = None, more: int = 0) -> Look:
        """The run with one thing changed, and the moments at which the option's support counts."""

    def cost_needed(self, cost: int) -> int | None:
        """The highest cost that is enough if all is as with this one."""
        look = self.look(cost=cost)
        voters, limit, survives = len(self.result.ballots), 0, Fraction(self.budget)
        for moment in look.moments:
            worth = Fraction(moment.reach * self.budget, voters * UNIT)
            ways = [survives, Fraction(moment.money), worth]
            if is_rivalled(moment):
                ways.append(_cost_beside(moment))
            limit = max(limit, floor(min(ways)))
            if is_dropped(moment):
                survives = min(survives, _cost_beside(moment))
        own = self.own(look.run)
        if own.part == FILL_PART:
            limit = max(limit, own.money_before)
        if look.is_own:
            limit = max(limit, cost) if own.is_funded else min(limit, cost - 1)
        return limit or None

    def ballots_needed(self, more: int) -> int | None:
        """How many further ballots are enough if the others fare as with so many."""
        cost = self.stage.cost
        if cost >= self.budget:
            return None
        look = self.look(more=more)
        ways, survives = [], Fraction(-more)
        for moment in look.moments:
            beside = _support_beside(moment, cost)
            voters = len(self.result.ballots) + more
            quota = Fraction(voters * UNIT * cost, self.budget)
            lacking = [
                survives,
                (quota - moment.reach) / (UNIT * Fraction(self.budget - cost, self.budget)),
            ]
            if is_rivalled(moment):
                lacking.append((beside - moment.support) / UNIT)
            if moment.money >= cost:
                ways.append(more + ceil(max(lacking)))
            if is_dropped(moment):
                survives = max(survives, (beside - moment.support) / UNIT)
        points, each = self.points_in_time(look.run), self.points_each()
        if points is not None and each > 0:
            ways.append(max(0, more - (self.own(look.run).points - points) // each))
        return self._agreed(look, min(ways, default=None), more)

    def budget_needed(self, budget: int) -> int | None:
        """Which budget is enough if the others fare as with this one."""
        cost = self.stage.cost
        look = self.look(budget=budget)
        ways = []
        for moment in look.moments:
            comes_first = moment.support >= _support_beside(moment, cost)
            if moment.reach and (comes_first or not is_rivalled(moment)):
                worth = -(-len(self.result.ballots) * UNIT * cost // moment.reach)
                ways.append(max(worth, budget + cost - moment.money))
            if is_dropped(moment) and not comes_first:
                break
        own = self.own(look.run)
        if own.part == FILL_PART:
            ways.append(budget + self.missing_at_turn(look.run))
        needed = min(ways, default=None)
        return self._agreed(look, None if needed is None else max(needed, self.budget + 1), budget)

    def _agreed(self, look: Look, needed: int | None, number: int) -> int | None:
        """What is needed, but never against what the run itself says."""
        if not look.is_own:
            return needed
        if self.own(look.run).is_funded:
            return number if needed is None else min(needed, number)
        return None if needed is None else max(needed, number + 1)


def is_dropped(moment: Moment) -> bool:
    """Whether another one was dropped, as being furthest from its quota."""
    return moment.other is not None and not moment.other.is_funded


def is_rivalled(moment: Moment) -> bool:
    """Whether another one was funded, as having most support for its cost."""
    return moment.other is not None and moment.other.is_funded


def _support_beside(moment: Moment, cost: int) -> Fraction:
    """With how much support it would stand level with the other one."""
    if moment.other is None:
        return Fraction(0)
    return Fraction(moment.other.details["support"] * cost, moment.other.cost)


def _cost_beside(moment: Moment) -> Fraction:
    """At which cost it would stand level with the other one."""
    if moment.other is None or not moment.other.details["support"]:
        return _NO_LIMIT
    return Fraction(moment.support * moment.other.cost, moment.other.details["support"])
