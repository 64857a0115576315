"""The comparison step of Wieliczka and Świecie: which of two outcomes more ballots prefer.

A ballot prefers the outcome that funds more of the projects it names. One of whose projects none
is funded counts like any other, with nothing.
"""

from collections.abc import Iterable

import numpy as np

from voting.counting.ballots import Numbers, Placings


def balance(
    placings: Placings, ballot: Numbers, options: int, one: Iterable[int], other: Iterable[int]
) -> tuple[int, int]:
    """How many ballots have strictly more of their options in `one`, and how many in `other`.

    `ballot` gives for each placing the number of its distinct ballot.
    """
    gain = np.zeros(options, np.int64)
    gain[list(one)] += 1
    gain[list(other)] -= 1
    if not len(ballot):
        return 0, 0
    number = int(ballot[-1]) + 1
    difference = np.zeros(number, np.int64)
    copies = np.zeros(number, np.int64)
    np.add.at(difference, ballot, gain[placings.option])
    copies[ballot] = placings.ballots
    return int(copies[difference > 0].sum()), int(copies[difference < 0].sum())
