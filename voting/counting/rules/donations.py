"""What each ballot gives to which project, in units; for rules by which ballots move their money.

The entries are one for each project that a ballot gives points to, ballot after ballot, and those
of a ballot in the tie order: so rounding goes by the tie order and nothing else.
"""

from fractions import Fraction

import numpy as np

from voting.counting.ballots import Ballots, Numbers
from voting.counting.contest import Contest
from voting.counting.rules.units import UNIT, scaled

_SAFE = 2.0**62


class Donations:
    """Donations by entry, and what each group of ballots gives in all. Amounts are of one ballot.

    An entry of what was funded has nothing any more.
    """

    def __init__(self, contest: Contest, ballots: Ballots) -> None:
        given = np.zeros(0, np.int64) if ballots.points is None else ballots.points
        owner = np.repeat(np.arange(len(ballots.copies)), ballots.lengths)
        place = np.array(contest.tie_ranks)[ballots.options]
        counted = np.flatnonzero(given > 0)
        order = counted[np.lexsort((place[counted], owner[counted]))]
        self._owner = owner[order]
        self._option = ballots.options[order].astype(np.int64)
        self._copies = ballots.copies
        self._lengths = np.bincount(self._owner, minlength=len(ballots.copies))
        self._starts = np.cumsum(self._lengths) - self._lengths
        self._total: Numbers = np.where(self._lengths > 0, UNIT, 0)
        self._amount = split(self._total, given[order], self._lengths)
        self._options = len(contest.options)

    def support(self) -> list[int]:
        """By option the donations of all ballots."""
        return self._sums(self._amount)

    def reach(self) -> list[int]:
        """By option what its donors have altogether."""
        return self._sums(np.where(self._amount > 0, self._total[self._owner], 0))

    def pay(self, option: int, cost: int, support: int) -> int:
        """Let the donors pay a part of what they give, and split the rest; how many ballots pay."""
        entries = self._donors(option)
        given = self._amount[entries]
        paid = scaled(given, cost, support)
        groups, others, lengths = self._others(entries)
        weights = self._amount[others]
        self._amount[others] += split(given - paid, weights, lengths)
        return self._settle(groups, others, lengths, paid)

    def gather(self, option: int, cost: int) -> tuple[Fraction, int]:
        """Let the donors pay a multiple of what they give, up to all they have.

        The multiple, and how many ballots pay.
        """
        entries = self._donors(option)
        given, owned = self._amount[entries], self._total[self._owner[entries]]
        factor = _factor(given, owned, self._copies[self._owner[entries]], cost)
        paid = np.minimum(owned, scaled(given, factor.numerator, factor.denominator))
        groups, others, lengths = self._others(entries)
        self._amount[others] = split(owned - paid, self._amount[others], lengths)
        return factor, self._settle(groups, others, lengths, paid)

    def _sums(self, amounts: Numbers) -> list[int]:
        sums = np.zeros(self._options, np.int64)
        np.add.at(sums, self._option, amounts * self._copies[self._owner])
        found: list[int] = sums.tolist()
        return found

    def _donors(self, option: int) -> Numbers:
        return np.flatnonzero((self._option == option) & (self._amount > 0))

    def _others(self, entries: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """The groups of these entries, now empty; all their entries, and how many each has."""
        self._amount[entries] = 0
        groups = self._owner[entries]
        lengths = self._lengths[groups]
        within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return groups, np.repeat(self._starts[groups], lengths) + within, lengths

    def _settle(self, groups: Numbers, others: Numbers, lengths: Numbers, paid: Numbers) -> int:
        """Add up anew what the groups have; how many of their ballots paid anything."""
        self._total[groups] = _totals(self._amount[others], lengths)
        return int(self._copies[groups[paid > 0]].sum())


def split(amounts: Numbers, weights: Numbers, lengths: Numbers) -> Numbers:
    """Split each amount over a stretch of so many entries by their weights, in whole numbers.

    Up to each entry of a stretch all before it have their part of the amount rounded down, so that
    the parts make up the whole. Where all weights are zero there is nothing to split by.
    """
    if float(weights.sum(dtype=np.float64)) > _SAFE:
        weights = weights.astype(object)
    ends = np.cumsum(lengths)
    sums = np.concatenate((weights[:0], [0], np.cumsum(weights)))
    base = np.repeat(sums[ends - lengths], lengths)
    whole = np.repeat(sums[ends], lengths) - base
    each = np.repeat(amounts, lengths)
    if whole.max(initial=0) > _SAFE / UNIT:
        each = each.astype(object)
    whole = np.maximum(whole, 1)
    up_to, before = (each * (part - base) // whole for part in (sums[1:], sums[:-1]))
    parts: Numbers = (up_to - before).astype(np.int64)
    return parts


def _totals(amounts: Numbers, lengths: Numbers) -> Numbers:
    sums = np.concatenate(([0], np.cumsum(amounts)))
    ends = np.cumsum(lengths)
    found: Numbers = sums[ends] - sums[ends - lengths]
    return found


def _factor(given: Numbers, owned: Numbers, copies: Numbers, cost: int) -> Fraction:
    """The least multiple of their donations at which all together give the cost."""
    missing, rich = cost, np.ones(len(given), np.bool_)
    while True:
        donated = int((given[rich] * copies[rich]).sum())
        factor = Fraction(missing, donated)
        short = rich & (owned <= scaled(given, factor.numerator, factor.denominator))
        if not short.any() or (short == rich).all():
            return factor
        missing -= int((owned[short] * copies[short]).sum())
        rich &= ~short
