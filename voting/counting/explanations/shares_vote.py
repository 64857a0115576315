"""An election by equal shares as its explanations need it: the electorate with every option's
supporters, also of those that take no part, and what was bought and filled.
"""

from dataclasses import replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from voting.counting.ballots import Ballots
from voting.counting.counts import Count
from voting.counting.explanations.trials import Trials
from voting.counting.rules.equal_shares.electorate import Electorate, Supporters
from voting.counting.rules.equal_shares.outcome import electorate_of, entered_of
from voting.counting.rules.equal_shares.settings import USUAL_TIES, Settings
from voting.counting.rules.greedy import order_of_turns
from voting.counting.rules.rule import SHARES_PART, Counted
from voting.counting.rules.scores import tally
from voting.counting.rules.ties import Ties


class Vote:
    """What all options' cases have in common.

    `everybody` has the supporters of all options, `taking_part` only of those that take part.
    """

    def __init__(self, result: Count, trials: Trials) -> None:
        self.trials = trials
        self.contest, self.ballots = self.trials.contest, len(result.ballots)
        self.settings = Settings.of(self.contest)
        self.scores = tally(self.contest, result.ballots)
        entered = entered_of(self.contest, self.settings, self.scores, self.ballots)
        self.everybody = self._electorate(self.trials.ballots)
        self.taking_part = without(
            self.everybody, [option for option, enters in enumerate(entered) if not enters]
        )
        self.fill_order = [
            option
            for option in order_of_turns(self.scores.points, self.contest.tie_ranks)
            if entered[option] and self.settings.fills
        ]
        self.start = Fraction(self.contest.budget, max(1, self.ballots))
        self.bought = [
            self.trials.number[stage.option]
            for stage in result.stages
            if stage.part == SHARES_PART and stage.is_funded
        ]
        self.filled = [
            self.trials.number[stage.option]
            for stage in result.stages
            if stage.part != SHARES_PART and stage.is_funded
        ]

    @cached_property
    def points_each(self) -> tuple[int, int]:
        """What a further ballot gives the option that it marks: as worth, and as score."""
        if self.trials.usual_points < 1:
            return 0, 0
        more = self.trials.with_more_ballots(self.contest.ids[0], 1)
        worth = int(self._electorate(more).supporters[0].points[-1])
        return worth, tally(self.contest, more).points[0] - self.scores.points[0]

    def _electorate(self, ballots: Counted) -> Electorate:
        if not isinstance(ballots, Ballots):
            raise TypeError("equal shares needs the ballots themselves")
        ties = Ties.of(self.contest, ballots, self.scores.ballots, USUAL_TIES)
        all_options = [True] * len(self.contest.options)
        return electorate_of(self.contest, ballots, self.settings, ties, all_options)


def without(electorate: Electorate, options: list[int]) -> Electorate:
    """The same electorate, in which nobody supports these options."""
    supporters = list(electorate.supporters)
    nothing = np.zeros(0, np.int64)
    for option in options:
        supporters[option] = Supporters(nothing, nothing, nothing)
    return replace(electorate, supporters=tuple(supporters))
