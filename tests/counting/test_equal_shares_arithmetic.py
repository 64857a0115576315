"""The arithmetic of equal shares: floats decide only what exact numbers would decide alike."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.counting.shares import Small, by_definition, small_votes
from voting.counting.rules.equal_shares import certified
from voting.counting.rules.equal_shares.exact import ExactMoney, pay, run_exactly
from voting.counting.rules.equal_shares.prices import payments
from voting.counting.rules.equal_shares.purchases import EXACT, FLOAT, Purchase

starts = st.fractions(0, 14, max_denominator=9)

MOST_POINTS = 10**18 - 1
"""What a file may say: nine digits and nine decimals."""

# Points beside each other that differ by nine digits, as amounts with decimals do in a file.
WIDE_POINTS = Small(
    [2500, 100, 100, 2000, 2800, 1000],
    [
        {2: 65079860000000000, 3: 434020240000000000}, {1: 3345486513},
        {3: 10000000000, 2: 4000000000}, {3: 4719068096, 1: 5374538654}, {3: 3154589313},
        {2: 3702114004, 3: 5309488417}, {3: 10000000000, 1: 8000000000},
        {1: 632517101000000000, 5: 522672432000000000}, {5: 476834557000000000},
        {5: 148432115000000000}, {1: 4942747583},
        {5: 828452573000000000, 3: 726509669000000000}, {2: 9000000000, 3: 1000000000},
        {2: 1000000000}, {1: 5067275698}, {2: 3538123605},
    ],
    by_cost=False,
)  # fmt: skip


def options(bought: list[Purchase]) -> list[int]:
    return [purchase.option for purchase in bought]


@given(small_votes(), starts)
def test_exact_and_certified_runs_buy_what_the_definition_buys(
    vote: Small, start: Fraction
) -> None:
    electorate = vote.electorate()
    expected = by_definition(vote, start)
    assert options(run_exactly(electorate, start)) == expected
    assert options(certified.run(electorate, start)) == expected


@given(small_votes(), starts)
def test_both_runs_see_the_same_ties(vote: Small, start: Fraction) -> None:
    electorate = vote.electorate()
    exact = run_exactly(electorate, start)
    for one, other in zip(exact, certified.run(electorate, start), strict=True):
        assert one.tied_with == other.tied_with
        assert other.tier == EXACT or not one.tied_with


@given(small_votes(), st.lists(starts, min_size=1, max_size=5))
def test_what_an_earlier_run_found_changes_no_outcome(vote: Small, some: list[Fraction]) -> None:
    electorate = vote.electorate()
    guesses: certified.Guesses = []
    for start in some:
        assert certified.run(electorate, start, guesses) == certified.run(electorate, start)


@given(small_votes(most_points=MOST_POINTS), starts)
@example(WIDE_POINTS, Fraction(290))
def test_points_of_any_size_buy_what_the_definition_buys(vote: Small, start: Fraction) -> None:
    electorate = vote.electorate()
    expected = by_definition(vote, start)
    assert options(run_exactly(electorate, start)) == expected
    assert options(certified.run(electorate, start)) == expected
    money = ExactMoney(electorate, start)
    assert payments(electorate, start, expected) == [money.buy(option) for option in expected]


@given(small_votes(), starts, st.randoms(use_true_random=False))
def test_wrong_guesses_change_no_outcome(vote: Small, start: Fraction, random: object) -> None:
    electorate = vote.electorate()
    draw = random.choice  # type: ignore[attr-defined]
    wild = [0.0, 1e-9, 0.3, 1.0, 2.5, 1e9]
    guesses = [{c: draw(wild) for c in range(len(vote.costs))} for _ in vote.costs]
    assert options(certified.run(electorate, start, guesses)) == by_definition(vote, start)


@given(small_votes(), starts)
def test_nobody_pays_more_than_she_has_and_every_cost_is_paid(vote: Small, start: Fraction) -> None:
    electorate = vote.electorate()
    bought = run_exactly(electorate, start)
    money = [start] * len(vote.ballots)
    for purchase, payment in zip(bought, pay(electorate, start, bought)[0], strict=True):
        points = [max(0, ballot.get(purchase.option, 0)) for ballot in vote.ballots]
        paid = [min(m, payment.price * p) for m, p in zip(money, points, strict=True)]
        assert sum(paid) == vote.costs[purchase.option]
        assert payment.payers == sum(amount > 0 for amount in paid)
        money = [m - p for m, p in zip(money, paid, strict=True)]


def test_what_can_be_paid_to_the_last_fraction_is_bought_and_was_decided_exactly() -> None:
    """Thirty thirds of a hundredth: no float can tell whether that is ten."""
    vote = Small([10, 10], [{0: 1}] * 30 + [{1: 1}] * 29)
    bought = certified.run(vote.electorate(), Fraction(1, 3))
    assert bought == [Purchase(0, EXACT)]


@pytest.mark.parametrize("supporters", range(1, 80))
def test_the_last_hundredth_of_everybody_buys_what_costs_just_that(supporters: int) -> None:
    vote = Small([1000], [{0: 1}] * supporters)
    assert options(certified.run(vote.electorate(), Fraction(1000, supporters))) == [0]


@given(small_votes(costs_up_to=1000), st.integers(100, 900) | st.fractions(100, 900))
def test_the_floats_are_no_further_from_the_truth_than_their_bound(
    vote: Small, share: int | Fraction
) -> None:
    electorate, start = vote.electorate(), Fraction(share)
    floats, exact = certified.CertifiedRun(electorate, start, []), ExactMoney(electorate, start)
    for purchase in floats.run():
        exact.buy(purchase.option)
    pairs = zip(exact.amounts(), floats.money.tolist(), electorate.copies.tolist(), strict=True)
    distance = sum(copies * abs(true - Fraction(near)) for true, near, copies in pairs)
    assert distance <= floats.error <= len(vote.ballots) * float(start) * 1e-11


def test_a_clear_decision_is_made_in_floats() -> None:
    vote = Small([10, 10], [{0: 1}] * 30 + [{1: 1}] * 20)
    assert certified.run(vote.electorate(), Fraction(2)) == [Purchase(0, FLOAT), Purchase(1, FLOAT)]


def test_prices_a_billionth_of_a_billionth_apart_are_told_apart() -> None:
    cost = 10**15
    vote = Small([cost + 1, cost], [{0: 1}, {1: 1}], by_cost=False)
    assert options(certified.run(vote.electorate(), Fraction(2 * cost))) == [1, 0]


def test_amounts_beyond_the_reach_of_floats_are_counted_all_the_same() -> None:
    cost = 10**400
    vote = Small([cost + 1, cost], [{0: 1, 1: 1}] * 2, by_cost=False)
    assert options(certified.run(vote.electorate(), Fraction(cost + 1))) == [1, 0]


def test_a_bill_that_cannot_be_paid_is_refused() -> None:
    electorate = Small([10], [{0: 1}]).electorate()
    with pytest.raises(ValueError, match="cannot pay"):
        ExactMoney(electorate, Fraction(9)).buy(0)


@pytest.mark.parametrize("seed", range(3))
def test_long_runs_of_many_ballots_agree(seed: int) -> None:
    """Forty options and 400 ballots of many lengths: errors have time to add up."""
    random = np.random.default_rng(seed)
    ballots = [
        {
            int(c): int(random.integers(1, 6))
            for c in random.permutation(40)[: random.integers(1, 12)]
        }
        for _ in range(400)
    ]
    vote = Small([int(c) for c in random.integers(100, 90_000, 40)], ballots)
    electorate = vote.electorate()
    for start in (Fraction(1_000_000, 400), Fraction(1_000_000, 399)):
        expected = run_exactly(electorate, start)
        assert options(certified.run(electorate, start)) == options(expected)
        assert len(expected) > 10
