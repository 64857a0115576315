"""The completion add1: everybody's share grows by one currency unit until the outcome costs more
than the budget, and the last outcome that does not is the result.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from voting.counting.rules.equal_shares import certified
from voting.counting.rules.equal_shares.certified import Guesses
from voting.counting.rules.equal_shares.electorate import Electorate
from voting.counting.rules.equal_shares.purchases import Purchase

UNIT = 100
"""One currency unit in hundredths."""


class Shares(NamedTuple):
    """The result: what was bought when everybody began with `start` hundredths."""

    start: Fraction
    bought: list[Purchase]
    runs: int = 1


def raise_shares(
    electorate: Electorate, budget: int, start: Fraction, until_exhaustive: bool, fills: list[int]
) -> Shares:
    """Run anew with one unit more for everybody, until that overspends.

    With `until_exhaustive` it ends as soon as none of the options `fills` fits into what is left.
    It ends too when everything that anybody supports is bought, since more money changes nothing
    then.
    """
    result = Shares(start, [], 0)
    for shares in _raised(electorate, start):
        bought = {purchase.option for purchase in shares.bought}
        left = budget - sum(electorate.costs[c] for c in bought)
        if left < 0:
            break
        result = shares
        if len(bought) == len(electorate.supported):
            break
        if until_exhaustive and all(electorate.costs[c] > left for c in fills if c not in bought):
            break
    return result


def _raised(electorate: Electorate, start: Fraction) -> Iterator[Shares]:
    """The outcomes for `start` and for all that is whole units above it, skipping only repeats."""
    guesses: Guesses = []
    runs = 0
    while True:
        runs += 1
        yield Shares(start, certified.run(electorate, start, guesses), runs)
        start += UNIT
