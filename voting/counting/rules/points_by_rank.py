"""Points by rank, greedy within the budget: the rule of Krakow and of most ranked city votes."""

from itertools import groupby

import numpy as np

from voting.counting.ballots import Placings
from voting.counting.contest import Contest
from voting.counting.rules.greedy import order_of_turns, turns
from voting.counting.rules.rule import FUNDED, N_, SKIPPED, Rule, Stage


def points_by_rank(contest: Contest, placings: Placings) -> tuple[Stage, ...]:
    """Run the rule: the stages in the order of the options' turns."""
    points = np.zeros(len(contest.options), np.int64)
    ballots = np.zeros(len(contest.options), np.int64)
    np.add.at(points, placings.option, placings.ballots * (placings.length + 1 - placings.rank))
    np.add.at(ballots, placings.option, placings.ballots)
    return _stages(contest, points.tolist(), ballots.tolist())


def _stages(contest: Contest, points: list[int], ballots: list[int]) -> tuple[Stage, ...]:
    ids, costs = contest.ids, contest.costs
    order = order_of_turns(points, contest.tie_ranks)
    stages: list[Stage] = []
    taken = turns(order, costs, contest.budget)
    for _, level in groupby(taken, key=lambda turn: points[turn[0]]):
        equals = list(level)
        decides = _tie_decides([costs[option] for option, _, _ in equals], equals[0][1])
        for option, left, fits in equals:
            stages.append(
                Stage(
                    number=len(stages) + 1,
                    option=ids[option],
                    points=points[option],
                    ballots=ballots[option],
                    cost=costs[option],
                    money_before=left,
                    money_after=left - costs[option] if fits else left,
                    outcome=FUNDED if fits else SKIPPED,
                    tied_with=tuple(ids[other] for other, _, _ in equals if other != option),
                    tie_decides=decides,
                )
            )
    return tuple(stages)


def _tie_decides(costs: list[int], left: int) -> bool:
    """Whether the order among equals matters: all could be funded alone, but not all together."""
    affordable = [cost for cost in costs if cost <= left]
    return sum(affordable) > left


POINTS_BY_RANK = Rule(
    name="points-by-rank",
    version="1",
    pabulib="greedy",
    vote_types=("ordinal",),
    title=N_("Points by rank"),
    explanation=N_(
        "Each ballot gives points to the projects it ranks. If it ranks three, its first choice "
        "gets 3 points, its second 2 and its third 1; if it ranks two, they get 2 and 1. All "
        "points are added up. The project with the most points is funded first, then the next, "
        "and so on. A project that costs more than the money left is passed over and the next "
        "one has its turn. Projects with equal points take their turns in an order that was "
        "published before voting. For example, with 100 to spend: the park has 50 points and "
        "costs 70, the bridge 40 points and 60, the benches 10 points and 30. The park is "
        "funded and 30 is left. The bridge does not fit. The benches do, and nothing is left."
    ),
    parameters={"tie_order": N_("All projects, the one that wins a tie first.")},
    run=points_by_rank,
)
