"""Greedy funding: options take their turns in a fixed order and are funded while the money lasts.

Kept apart from the rules that make the order, since explanations run it again with one thing
changed: a cost, the points of one option, the budget.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from voting.counting.contest import Contest
from voting.counting.rules.limits import Used, allowed, use
from voting.counting.rules.rule import (
    AFTER_STOP,
    BELOW_THRESHOLD,
    FUNDED,
    FUNDING,
    LIMIT_REACHED,
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

PLAIN = Terms()


class Turn(NamedTuple):
    """An option's turn, the money left before it, and what came of it."""

    option: int
    left: int
    outcome: str

    @property
    def funds(self) -> bool:
        return self.outcome in FUNDING


class State(NamedTuple):
    """Where the funding stands between two turns.

    `taken` are the groups that have their one, `used` is what is used of the limits.
    """

    left: int
    taken: int = 0
    stopped: bool = False
    used: Used = ()


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
    if terms.groups and state.taken & terms.groups[option]:
        return RIVAL_FUNDED
    if terms.limits and not allowed(terms.limits, state.used, option, terms.pays(cost, state.left)):
        return LIMIT_REACHED
    if cost <= state.left:
        return FUNDED
    return TOPPED_UP if terms.tops_up(cost, state.left) else SKIPPED


def after(option: int, cost: int, outcome: str, state: State, terms: Terms) -> State:
    """How the funding stands after that turn."""
    if outcome in FUNDING:
        pays = terms.pays(cost, state.left)
        return State(
            state.left - pays,
            state.taken | terms.group(option),
            outcome == TOPPED_UP,
            use(terms.limits, state.used, option, pays),
        )
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
                    tie_broken_by=ties.broken_by(option, others) if others else "",
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
    is_free = not terms.groups and not terms.limits
    if not terms.no_skip and is_free:
        affordable = [costs[option] for option in equals if costs[option] <= state.left]
        return sum(affordable) > state.left
    if is_free and sum(costs[option] for option in equals) <= state.left:
        return False

    def funds(order: Sequence[int]) -> set[int]:
        return {turn.option for turn in turns(order, costs, points, state, terms) if turn.funds}

    as_it_is = funds(equals)
    return any(
        funds([first, *(other for other in equals if other != first)]) != as_it_is
        for first in equals[1:]
    )
