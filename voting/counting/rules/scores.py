"""The score of every option, and on how many ballots it stands: what the greedy rules start from.

Ranked ballots give points by rank, or their own points where the file has them. On ballots that
tick, each ballot is a point. On ballots that give points, the points are added up.
"""

from typing import NamedTuple

import numpy as np

from voting.counting.ballots import Ballots, Numbers
from voting.counting.contest import Contest
from voting.counting.errors import CountingError
from voting.counting.rank_table import RankTable
from voting.counting.rules.rank_points import rank_points
from voting.counting.vote_types import RANKED, TICKED

_SAFE = 1 << 62


class Tally(NamedTuple):
    """By option number: its score, in units of one by `points_scale`, and its ballots."""

    points: list[int]
    ballots: list[int]
    points_scale: int = 1


def tally(contest: Contest, counted: Ballots | RankTable) -> Tally:
    """Add up what the ballots give, by the kind of vote."""
    number = len(contest.options)
    if counted.highest_option >= number:
        raise CountingError("A ballot ranks a project that is not in the contest.")
    pointed = isinstance(counted, Ballots) and counted.points is not None
    placings = counted.placings() if pointed else counted.summed_placings()
    ballots = _sums(placings.option, placings.ballots, number)
    if isinstance(counted, Ballots) and counted.points is not None:
        points = _weighted(placings.option, counted.points, placings.ballots, number)
        return Tally(points, ballots, counted.points_scale)
    if contest.vote_type == RANKED:
        by_rank = rank_points(contest, placings)
        return Tally(_weighted(placings.option, by_rank, placings.ballots, number), ballots)
    if contest.vote_type in TICKED:
        return Tally(ballots, ballots)
    raise CountingError(f"These {contest.vote_type} ballots give no points.")


def _sums(option: Numbers, amounts: Numbers, number: int) -> list[int]:
    sums = np.zeros(number, np.int64)
    np.add.at(sums, option, amounts)
    found: list[int] = sums.tolist()
    return found


def _weighted(option: Numbers, points: Numbers, copies: Numbers, number: int) -> list[int]:
    """Points times copies, added up: in machine numbers where no sum can outgrow them."""
    most = int(np.abs(points).max(initial=0))
    if most * int(copies.sum()) < _SAFE:
        return _sums(option, points * copies, number)
    exact = [0] * number
    rows = zip(option.tolist(), points.tolist(), copies.tolist(), strict=True)
    for each, given, times in rows:
        exact[each] += given * times
    return exact
