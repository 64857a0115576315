"""The completion add1: everybody's share grows by one currency unit until the outcome costs more
than the budget, and the last outcome that does not is the result.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from voting.counting.rules.equal_shares import certified
from voting.counting.rules.equal_shares.certified import Guesses
from voting.counting.rules.equal_shares.electorate import Electorate
from voting.counting.rules.equal_shares.growth import steps_unchanged
from voting.counting.rules.equal_shares.purchases import Purchase

_PATIENCE = 4
"""So many equal outcomes one after the other are worth asking how long that goes on."""


class Shares(NamedTuple):
    """The result: what was bought when everybody began with `start` parts of the unit."""

    start: Fraction
    bought: list[Purchase]

    @property
    def order(self) -> list[int]:
        return [purchase.option for purchase in self.bought]


def raise_shares(
    electorate: Electorate,
    budget: int,
    start: Fraction,
    unit: int,
    until_exhaustive: bool,
    fills: list[int],
) -> Shares:
    """Run anew with one unit more for everybody, until that overspends.

    `unit` is the currency unit in the parts that all money is in. With `until_exhaustive` it ends
    as soon as none of the options `fills` fits into what is left. It ends too when everything that
    anybody supports is bought, since more money changes nothing then.
    """
    result = Shares(start, [])
    for shares in _raised(electorate, start, unit):
        bought = set(shares.order)
        left = budget - sum(electorate.costs[c] for c in bought)
        if left < 0:
            break
        result = shares
        if len(bought) == len(electorate.supported):
            break
        if until_exhaustive and all(electorate.costs[c] > left for c in fills if c not in bought):
            break
    return result


def _raised(electorate: Electorate, start: Fraction, unit: int) -> Iterator[Shares]:
    """The outcomes for this start, and for whole units more, in order; repeats may be left out.

    When the same outcome has come often enough, the units are computed for which it certainly
    comes again. The run with the last of these is made all the same, and must agree.
    """
    guesses: Guesses = []
    last, patience, repeats = Shares(start, []), _PATIENCE, -1
    while True:
        shares = Shares(start, certified.run(electorate, start, guesses))
        yield shares
        repeats = repeats + 1 if shares.order == last.order else 0
        last = shares
        if repeats >= patience:
            steps = steps_unchanged(electorate, start, unit, shares.order)
            patience = _PATIENCE if steps >= _PATIENCE else 2 * patience
            repeats = 0
            if steps:
                start += steps * unit
                last = Shares(start, certified.run(electorate, start, guesses))
                if last.order != shares.order:
                    raise ArithmeticError("a run that must not change has changed")
                yield last
        start += unit
