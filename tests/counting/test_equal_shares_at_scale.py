"""Equal shares on very many ballots: narrow columns, taken in parts, give the same outcome."""

from fractions import Fraction
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.counting.shares import Small, small_votes
from voting.counting import Ballots, Contest, Option, count
from voting.counting.rules.equal_shares import certified
from voting.counting.rules.equal_shares.electorate import Electorate
from voting.counting.rules.equal_shares.exact import ExactMoney, pay, run_exactly
from voting.counting.rules.equal_shares.prices import ExactPrices, payments

ELECTORATE = "voting.counting.rules.equal_shares.electorate"
starts = st.fractions(Fraction(1, 9), 14, max_denominator=9)


def narrowly(vote: Small) -> Electorate:
    """The electorate as if its ballots were too many for wide columns."""
    with patch(f"{ELECTORATE}.MOST_WIDE", 0), patch(f"{ELECTORATE}.AT_ONCE", 2):
        return vote.electorate()


@given(small_votes(), starts)
def test_many_ballots_are_counted_as_few_are(vote: Small, start: Fraction) -> None:
    with patch(f"{ELECTORATE}.AT_ONCE", 2):
        many = certified.run(narrowly(vote), start)
    assert many == certified.run(vote.electorate(), start)


@given(small_votes())
def test_the_supporters_are_the_same_in_narrow_columns(vote: Small) -> None:
    for wide, narrow in zip(vote.electorate().supporters, narrowly(vote).supporters, strict=True):
        assert wide.groups.tolist() == narrow.groups.tolist()
        assert wide.points.tolist() == narrow.points.tolist()
        assert wide.all_points == narrow.all_points
        assert narrow.groups.dtype == narrow.points.dtype == np.uint8


@given(small_votes(), starts)
def test_the_prices_are_those_of_every_ballot_reckoned_exactly(
    vote: Small, start: Fraction
) -> None:
    electorate = vote.electorate()
    bought = run_exactly(electorate, start)
    order = [purchase.option for purchase in bought]
    expected = pay(electorate, start, bought)[0]
    assert payments(electorate, start, order) == expected
    with patch(f"{ELECTORATE}.AT_ONCE", 2):
        assert payments(narrowly(vote), start, order) == expected


@given(small_votes(), starts)
def test_before_each_purchase_every_option_has_its_exact_price(
    vote: Small, start: Fraction
) -> None:
    electorate = vote.electorate()
    prices, money = ExactPrices(electorate, start), ExactMoney(electorate, start)
    for purchase in run_exactly(electorate, start):
        for option in electorate.supported:
            assert prices.price(option) == money.price(option)
        assert prices.buy(purchase.option) == money.buy(purchase.option)


def test_who_has_spent_her_last_hundredth_is_no_payer_of_what_comes_later() -> None:
    """Three thirds are all that the three have; the fourth buys the other project alone."""
    vote = Small([1, 1], [{0: 1, 1: 1}] * 3 + [{1: 3}], by_cost=False)
    electorate = Electorate.build(
        np.array([0, 2, 3]), np.array([0, 1, 1]), None, np.array([3, 3]), vote.costs
    )
    prices = ExactPrices(electorate, Fraction(1, 3))
    assert prices.buy(0) == (Fraction(1, 3), 3)
    assert prices.buy(1) == (Fraction(1, 3), 3)
    assert prices.price(0) is None


def test_sixty_thousand_long_rankings_give_the_record_that_exact_money_gives() -> None:
    random = np.random.default_rng(5)
    rows = np.argsort(random.random((60_000, 12)) * np.linspace(1, 3, 12), axis=1)[:, :9]
    costs = random.integers(20_000, 90_000, 12).tolist()
    contest = Contest.build(
        "Many", 300_000, [Option.build(f"P{n}", c) for n, c in enumerate(costs)]
    )
    ballots = Ballots.from_matrix(rows.astype(np.uint8))
    assert len(ballots.options) > 1 << 19
    narrow = count(contest, ballots, "equal-shares")
    with patch(f"{ELECTORATE}.MOST_WIDE", 1 << 30):
        assert count(contest, ballots, "equal-shares").stages == narrow.stages
    assert len(narrow.funded) > 2
