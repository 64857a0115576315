"""What an outcome gives those who voted: whole numbers, whatever rule made it.

A ballot's choices are the options that it marks; where ballots give points and the order of the
marks says nothing, those to which it gives more than zero.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voting.counting.ballots import Ballots, Numbers
from voting.counting.contest import Contest
from voting.counting.rank_table import RankTable

ORDERED = ("ordinal",)


@dataclass(frozen=True, slots=True)
class Statistics:
    """What an outcome gives those who voted. Money is in hundredths.

    `ballots` is how many there are, `with_funded` how many have at least one of their choices
    funded, `with_first_funded` how many have their first choice funded; `choices_funded` adds up
    over all ballots how many of their choices are funded, so that divided by `ballots` it is the
    mean. `spent` is what the budget pays. What cannot be known is None: a table of ranks does not
    show which marks were made together, and ballots without order have no first choice.
    """

    ballots: int
    with_funded: int | None
    with_first_funded: int | None
    choices_funded: int
    spent: int

    def as_document(self) -> dict[str, Any]:
        """Integers and None, by name."""
        return asdict(self)


def statistics(contest: Contest, ballots: Ballots | RankTable, funded: Iterable[str]) -> Statistics:
    """What it gives those who voted if these options are funded."""
    winners = frozenset(funded)
    is_funded = np.array([ref in winners for ref in contest.ids], np.int8)
    cost = sum(option.cost for option in contest.options if option.id in winners)
    spent = min(cost, contest.budget)  # what is topped up gets the rest from elsewhere
    first = None
    if contest.vote_type in ORDERED:
        first = _first_choices(ballots, is_funded)
    if isinstance(ballots, RankTable):
        placings = ballots.placings()
        choices = int(placings.ballots[is_funded[placings.option] > 0].sum())
        return Statistics(len(ballots), None, first, choices, spent)
    number = choices_among(contest, ballots, is_funded)
    return Statistics(
        ballots=len(ballots),
        with_funded=int(ballots.copies[number > 0].sum()),
        with_first_funded=first,
        choices_funded=int((number * ballots.copies).sum()),
        spent=spent,
    )


def preferences(
    contest: Contest, ballots: Ballots, one: Iterable[str], other: Iterable[str]
) -> tuple[int, int]:
    """How many ballots have more of their choices in `one` than in `other`, and how many fewer.

    A ballot none of whose choices is in either counts like any other, with nothing.
    """
    ours, theirs = frozenset(one), frozenset(other)
    gain = np.array([(ref in ours) - (ref in theirs) for ref in contest.ids], np.int8)
    difference = choices_among(contest, ballots, gain)
    return int(ballots.copies[difference > 0].sum()), int(ballots.copies[difference < 0].sum())


def choices_among(contest: Contest, ballots: Ballots, worth: NDArray[np.int8]) -> Numbers:
    """For each distinct ballot the sum of what its choices are worth, given by option."""
    if not len(ballots.copies):
        return np.zeros(0, np.int64)
    marks = worth[ballots.options]
    if ballots.points is not None and contest.vote_type not in ORDERED:
        marks = np.where(ballots.points > 0, marks, np.int8(0))
    return np.add.reduceat(marks, ballots.starts[:-1], dtype=np.int64)


def _first_choices(ballots: Ballots | RankTable, is_funded: NDArray[np.int8]) -> int:
    if isinstance(ballots, Ballots):
        first = ballots.options[ballots.starts[:-1]]
        return int(ballots.copies[is_funded[first] > 0].sum())
    placings = ballots.placings()
    counts = (placings.rank == 1) & (is_funded[placings.option] > 0)
    return int(placings.ballots[counts].sum())
