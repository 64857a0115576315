"""Sequential Phragmén: ballots earn money at equal speed and pay for what they name together.

Los, Christoff and Grossi, "Proportional Budget Allocations: Towards a Systematization", arXiv
2203.12324, for projects that cost differently; for seats, where all cost the same, Brill, Freeman,
Janson and Lackner, "Phragmén's Voting Methods and Justified Representation". There the rule ends
with the first project that does not fit (here `no_skip`); usually we skip it and go on.

The loads of the ballots are few different fractions, one for each project funded so far: per
project the ballots are counted by load, and all sums are of whole numbers over one denominator.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from voting.counting.ballots import Ballots, Numbers
from voting.counting.contest import Contest
from voting.counting.errors import CountingError
from voting.counting.rules.completion import (
    COMPLETED_PARAMETERS,
    GREEDY,
    NONE,
    check_completed,
    completes,
    open_ledger,
)
from voting.counting.rules.ledger import Ledger
from voting.counting.rules.rule import (
    AFTER_STOP,
    SKIPPED,
    UNPAID,
    Counted,
    Record,
    Rule,
)
from voting.counting.rules.texts import N_
from voting.counting.rules.ties import Ties
from voting.counting.rules.units import with_most
from voting.counting.vote_types import TICKED

PART = "loads"
PARAMETERS = {
    **COMPLETED_PARAMETERS,
    "no_skip": N_("The count ends with the first project that does not fit."),
}


def check_phragmen(contest: Contest, parameters: Mapping[str, Any]) -> None:
    """Refuse parameters that are unknown, not as they must be, or do not go together."""
    check_completed(contest, parameters, PARAMETERS)
    if parameters.get("no_skip", True) is not True:
        raise CountingError("The parameter no_skip must be true or be left out.")
    if parameters.get("completion") == GREEDY and "no_skip" not in parameters:
        raise CountingError("The completion greedy goes only together with no_skip.")


def fund_by_loads(contest: Contest, counted: Counted) -> Record:
    """Run the rule; see docs/counting/rules.md, which says it step by step."""
    ballots, ties, ledger = open_ledger(contest, counted)
    loads = _Loads(contest, ballots)
    _take_turns(loads, ties, ledger, contest.parameters.get("no_skip", False))
    if completes(contest, NONE):
        ledger.spend()
    ledger.close(PART, lambda option: AFTER_STOP if loads.supporters[option] else UNPAID)
    return ledger.record()


def _take_turns(loads: "_Loads", ties: Ties, ledger: Ledger, no_skip: bool) -> None:
    waiting = [option for option, number in enumerate(loads.supporters) if number]
    while waiting:
        option, *equals = loads.first_paid(waiting, ties)
        told: dict[str, Any] = {"price": loads.time(option), "payers": loads.supporters[option]}
        waiting.remove(option)
        if ledger.fits(option):
            ledger.fund(option, PART, equals, **told)
            loads.fund(option)
            continue
        ledger.write(option, SKIPPED, PART, equals, **told)
        if no_skip:
            return


class _Loads:
    """For each option how many of its supporters have which load.

    Load 0 is nothing; the load k is the time at which the k-th project was funded. `_table` has a
    row for each option and a column for each load.
    """

    def __init__(self, contest: Contest, ballots: Ballots) -> None:
        number = len(contest.options)
        placings = ballots.placings()
        self._costs, self._ballots = contest.costs, ballots
        self._option = placings.option
        self._owner = np.repeat(np.arange(len(ballots.copies)), ballots.lengths)
        self._by_option = np.argsort(placings.option, kind="stable")
        self._ends = np.cumsum(np.bincount(placings.option, minlength=number))
        self._table: Numbers = np.zeros((number, number + 1), np.int64)
        np.add.at(self._table[:, 0], placings.option, placings.ballots)
        self.supporters: list[int] = self._table[:, 0].tolist()
        self._load_of_group: Numbers = np.zeros(len(ballots.copies), np.int64)
        self._times = [Fraction(0)]
        self._amounts = list(self._costs)
        self._denominator = 1

    def first_paid(self, waiting: list[int], ties: Ties) -> list[int]:
        """The options whose supporters are the first to have earned enough, the best tied first."""
        return with_most(waiting, self.supporters, self._amounts, ties.ranks)

    def time(self, option: int) -> Fraction:
        """When the supporters of the option will have earned what it costs."""
        return Fraction(self._amounts[option], self.supporters[option] * self._denominator)

    def fund(self, option: int) -> None:
        """From now on the supporters' load is the time at which they paid for this."""
        time, load = self.time(option), len(self._times)
        groups = self._owner[
            self._by_option[self._ends[option - 1] if option else 0 : self._ends[option]]
        ]
        lengths = self._ballots.lengths[groups]
        first = np.repeat(self._ballots.starts[groups], lengths)
        place = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        named = self._option[first + place]
        copies = np.repeat(self._ballots.copies[groups], lengths)
        before = np.repeat(self._load_of_group[groups], lengths)
        np.subtract.at(self._table, (named, before), copies)
        np.add.at(self._table[:, load], named, copies)
        self._load_of_group[groups] = load
        self._times.append(time)
        self._add_up()

    def _add_up(self) -> None:
        """What each option's supporters spent so far, and its cost, over one denominator."""
        self._denominator = lcm(*(time.denominator for time in self._times))
        loads = [int(time * self._denominator) for time in self._times]
        rows = self._table[:, : len(loads)].tolist()
        self._amounts = [
            cost * self._denominator
            + sum(n * load for n, load in zip(row, loads, strict=True) if n)
            for cost, row in zip(self._costs, rows, strict=True)
        ]


PHRAGMEN = Rule(
    name="phragmen",
    version="1",
    vote_types=TICKED,
    title=N_("Sequential Phragmén"),
    explanation=N_(
        "All ballots earn money at the same speed, starting with nothing. As soon as the ballots "
        "that name a project have earned its cost together, it is funded, and they have spent all "
        "they earned and start again. So those who already got something wait longer for the "
        "next. A project that costs more than the money left is passed over. Projects that come "
        "at the same moment have their turns in an order that was published before voting. For "
        "example, there are 120 to spend. Three ballots name the park, which costs 60: it comes "
        "when each has earned 20. A fourth ballot names only the benches for 30, and two of the "
        "three name the pond for 50 as well. The benches come at 30. The two need 25 more each, "
        "so the pond comes at 45; but only 30 is left, and the pond is passed over."
    ),
    parameters=PARAMETERS,
    run=fund_by_loads,
    check=check_phragmen,
)
