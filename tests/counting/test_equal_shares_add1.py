"""Growing shares: steps are left out only where running them would change nothing."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.counting.shares import Small, small_votes
from voting.counting.rules.equal_shares import certified
from voting.counting.rules.equal_shares.add1 import Shares, raise_shares
from voting.counting.rules.equal_shares.electorate import Electorate
from voting.counting.rules.equal_shares.growth import BEYOND, steps_unchanged

UNIT = 100


def order(electorate: Electorate, start: Fraction) -> list[int]:
    return [purchase.option for purchase in certified.run(electorate, start)]


def step_by_step(electorate: Electorate, budget: int, start: Fraction, exhaustive: bool) -> Shares:
    """The definition, without leaving anything out."""
    best = Shares(start, [])
    while True:
        bought = certified.run(electorate, start)
        left = budget - sum(electorate.costs[purchase.option] for purchase in bought)
        if left < 0:
            return best
        best = Shares(start, bought)
        unfunded = [c for c in range(len(electorate.costs)) if c not in best.order]
        full = exhaustive and all(electorate.costs[c] > left for c in unfunded)
        if full or len(bought) == len(electorate.supported):
            return best
        start += UNIT


@given(small_votes(), st.fractions(0, 14, max_denominator=9), st.sampled_from([1, 2, 7]))
def test_a_run_stays_as_it_is_for_as_long_as_was_computed(
    vote: Small, start: Fraction, step: int
) -> None:
    electorate = vote.electorate()
    bought = order(electorate, start)
    steps = steps_unchanged(electorate, start, step, bought)
    for more in [*range(min(steps, 30) + 1), steps if steps < BEYOND else 10**20]:
        assert order(electorate, start + more * step) == bought


@given(small_votes(costs_up_to=9), st.integers(0, 60), st.booleans())
def test_leaving_steps_out_changes_no_result(vote: Small, budget: int, exhaustive: bool) -> None:
    """Costs of some hundreds of units: long stretches of equal outcomes, and many breaks."""
    dear = vote._replace(costs=[cost * 2111 for cost in vote.costs]).electorate()
    budget *= 2000
    start = Fraction(budget // dear.voters // UNIT * UNIT)
    everything = list(range(len(vote.costs)))
    found = raise_shares(dear, budget, start, UNIT, exhaustive, everything)
    expected = step_by_step(dear, budget, start, exhaustive)
    assert (found.start, found.order) == (expected.start, expected.order)


def test_a_price_far_off_is_reached_in_one_leap() -> None:
    vote = Small([100, 10**30, 10**30], [{0: 1}] * 3 + [{1: 1, 2: 1}])
    electorate = vote.electorate()
    steps = steps_unchanged(electorate, Fraction(100), 100, [0])
    assert steps == 10**28 - 2
    assert order(electorate, Fraction(100 + steps * 100)) == [0]
    assert order(electorate, Fraction(100 + (steps + 1) * 100)) == [0, 1]


def test_a_lasting_tie_does_not_stop_the_leap() -> None:
    """Two projects for the same people at the same cost tie whatever they have."""
    vote = Small([900, 900, 10**12], [{0: 1, 1: 1}] * 3 + [{2: 1}])
    electorate = vote.electorate()
    steps = steps_unchanged(electorate, Fraction(700), 100, order(electorate, Fraction(700)))
    assert steps > 10**9
