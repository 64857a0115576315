"""Greedy funding: options take their turns in a fixed order and are funded while the money lasts.

Kept apart from the rules that make the order, since explanations run it again with one thing
changed: a cost, the points of one option, the budget.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from voting.counting.contest import Contest
from voting.counting.rules.rule import (
    AFTER_STOP,
    BELOW_THRESHOLD,
    FUNDED,
    RIVAL_FUNDED,
    SKIPPED,
    TOPPED_UP,
    Counted,
    Record,
    Stage,
)
from voting.counting.rules.scores import Tally, tally
from voting.counting.rules.terms import Terms
from voting.counting.rules.ties import Ties

MOST_STRETCHES = 100_000
MOST_GROUPS = 62
PLAIN = Terms()
_ENDLESS = 1 << 60


class Turn(NamedTuple):
    """An option's turn, the money left before it, and what came of it."""

    option: int
    left: int
    outcome: str

    @property
    def funds(self) -> bool:
        return self.outcome in (FUNDED, TOPPED_UP)


class State(NamedTuple):
    """Where the funding stands between two turns: `taken` are the groups that have their one."""

    left: int
    taken: int = 0
    stopped: bool = False


def fund_greedily(contest: Contest, counted: Counted) -> Record:
    """Run a rule that adds up points and funds greedily: the stages in the order of the turns."""
    scores = tally(contest, counted)
    ties = Ties.of(contest, counted, scores.ballots)
    return Record(_stages(contest, scores, ties, greedy_terms(contest, counted)))


def greedy_terms(contest: Contest, counted: Counted) -> Terms:
    """The terms that the contest's parameters set for these ballots."""
    return Terms.of(contest, len(counted), counted.points_scale)


def order_of_turns(points: Sequence[int], tie_ranks: Sequence[int]) -> list[int]:
    """Option numbers by falling points; between equal points the lower tie rank goes first."""
    return sorted(range(len(points)), key=lambda option: (-points[option], tie_ranks[option]))


def turns(
    order: Sequence[int],
    costs: Sequence[int],
    points: Sequence[int],
    state: State,
    terms: Terms = PLAIN,
) -> Iterator[Turn]:
    """Each option's turn, one after the other, from this state on."""
    for option in order:
        outcome = outcome_of(option, costs[option], points[option], state, terms)
        yield Turn(option, state.left, outcome)
        state = after(option, costs[option], outcome, state, terms)


def outcome_of(option: int, cost: int, points: int, state: State, terms: Terms) -> str:
    """What comes of an option whose turn it is."""
    if not terms.considers(points):
        return BELOW_THRESHOLD
    if state.stopped:
        return AFTER_STOP
    if state.taken & terms.group(option):
        return RIVAL_FUNDED
    if cost <= state.left:
        return FUNDED
    return TOPPED_UP if terms.tops_up(cost, state.left) else SKIPPED


def after(option: int, cost: int, outcome: str, state: State, terms: Terms) -> State:
    """How the funding stands after that turn."""
    if outcome == FUNDED:
        return State(state.left - cost, state.taken | terms.group(option))
    if outcome == TOPPED_UP:
        return State(0, state.taken | terms.group(option), stopped=True)
    if outcome == SKIPPED and terms.no_skip:
        return state._replace(stopped=True)
    return state


def _stages(contest: Contest, scores: Tally, ties: Ties, terms: Terms) -> tuple[Stage, ...]:
    ids, costs, points = contest.ids, contest.costs, scores.points
    order = order_of_turns(points, ties.ranks)
    stages: list[Stage] = []
    state = State(contest.budget)
    for _, level in groupby(order, key=points.__getitem__):
        equals = list(level)
        decides = tie_decides(equals, costs, points, state, terms)
        for option in equals:
            others = [other for other in equals if other != option]
            outcome = outcome_of(option, costs[option], points[option], state, terms)
            left, state = state.left, after(option, costs[option], outcome, state, terms)
            stages.append(
                Stage(
                    number=len(stages) + 1,
                    option=ids[option],
                    points=points[option],
                    ballots=scores.ballots[option],
                    cost=costs[option],
                    money_before=left,
                    money_after=state.left,
                    outcome=outcome,
                    tied_with=tuple(ids[other] for other in others),
                    tie_decides=decides,
                    tie_broken_by=ties.broken_by(option, others),
                )
            )
    return tuple(stages)


def tie_decides(
    equals: Sequence[int],
    costs: Sequence[int],
    points: Sequence[int],
    state: State,
    terms: Terms = PLAIN,
) -> bool:
    """Whether another order among equals would fund others of them.

    If any order does, then one that only moves a single option to the front does: it lets in an
    option that was left out, or stops the funding before one that was not.
    """
    if len(equals) == 1 or state.stopped or not terms.considers(points[equals[0]]):
        return False
    if not terms.no_skip and not terms.groups:
        affordable = [costs[option] for option in equals if costs[option] <= state.left]
        return sum(affordable) > state.left
    if not terms.groups and sum(costs[option] for option in equals) <= state.left:
        return False

    def funds(order: Sequence[int]) -> set[int]:
        return {turn.option for turn in turns(order, costs, points, state, terms) if turn.funds}

    as_it_is = funds(equals)
    return any(
        funds([first, *(other for other in equals if other != first)]) != as_it_is
        for first in equals[1:]
    )


def smallest_budgets(
    order: Sequence[int], costs: Sequence[int], budget: int, terms: Terms = PLAIN
) -> dict[int, int]:
    """For each option of the order the smallest budget, from `budget` upwards, that funds it.

    The order holds the options that are considered. Missing from the answer is what no budget
    funds, and what could not be found.
    """
    if terms.no_skip:
        return _budgets_that_reach(order, costs, budget, terms)
    return _budgets_by_stretches(order, costs, budget, terms)


def _budgets_that_reach(
    order: Sequence[int], costs: Sequence[int], budget: int, terms: Terms
) -> dict[int, int]:
    """Where funding ends with what does not fit, all before must fit, and then the option."""
    needed: dict[int, int] = {}
    before, taken = 0, 0
    for option in order:
        if taken & terms.group(option):
            continue
        own = costs[option]
        least = -(-terms.top_up * own // 100) if terms.top_up else own
        needed[option] = max(budget, before + least)
        before, taken = before + own, taken | terms.group(option)
    return needed


def _budgets_by_stretches(
    order: Sequence[int], costs: Sequence[int], budget: int, terms: Terms
) -> dict[int, int]:
    """Follow all budgets at once, in stretches on which every decision so far is the same.

    A larger budget may fund something dearer first and leave less for those who come after, so
    funding is not simply "more is enough". A stretch begins at `starts`, `spent` was spent there,
    and `taken` are the groups that have their one. At each turn a stretch divides where the option
    begins to fit. The topmost stretches are forgotten when there are too many; an option funded
    only there is missing from the answer.
    """
    if budget + sum(costs) >= _ENDLESS or max(terms.groups, default=0) >> MOST_GROUPS:
        return {}
    starts, spent, taken = np.array([budget]), np.array([0]), np.array([0])
    top = _ENDLESS
    enough: dict[int, int] = {}
    for option in order:
        group = terms.group(option)
        fits_from = np.maximum(starts, spent + costs[option])
        fits = (fits_from < np.append(starts[1:], top)) & (taken & group == 0)
        if fits.any():
            enough[option] = int(fits_from[fits][0])
        divided = fits & (fits_from > starts)
        whole = fits & ~divided
        upper = np.flatnonzero(divided) + 1
        upper_starts, upper_spent = fits_from[divided], spent[divided] + costs[option]
        upper_taken = taken[divided] | group
        spent, taken = (
            np.where(whole, spent + costs[option], spent),
            np.where(whole, taken | group, taken),
        )
        starts, spent, taken = (
            np.insert(starts, upper, upper_starts),
            np.insert(spent, upper, upper_spent),
            np.insert(taken, upper, upper_taken),
        )
        if len(starts) > MOST_STRETCHES:
            top = int(starts[MOST_STRETCHES])
            starts, spent, taken = (column[:MOST_STRETCHES] for column in (starts, spent, taken))
    return enough
