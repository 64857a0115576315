"""The completion epsilon: what is left is spent with the help of those who named others."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given

from tests.counting.real_elections import EQUAL_SHARES, RealElection
from tests.counting.shares import Small, by_definition, small_votes
from tests.counting.test_equal_shares import counted
from voting.counting import RULES, count, read_pb
from voting.counting.rules.equal_shares import certified, epsilon
from voting.counting.rules.equal_shares.exact import pay

COSTS = {"park": 600, "pond": 500, "shed": 300}
EPSILON = {"utility": "cost", "completion": "epsilon"}
FOUR = ["park", "park", "pond", "shed"]


def test_supporters_pay_all_they_have_and_the_others_alike() -> None:
    """With 300 each, park and shed leave nothing but the 300 of her who wants the pond.

    With 400 each, the other three have 100 left each, and 100 is missing for the pond.
    """
    result = counted(COSTS, FOUR, 1200, completion="epsilon")
    assert result.funded == ("park", "shed")
    assert [(s.option, s.part, s.outcome) for s in result.stages][-1] == (
        "pond", "shares", "unpaid",
    )  # fmt: skip
    more = counted(COSTS, FOUR, 1600, completion="epsilon")
    assert [(s.option, s.part, s.price, s.payers) for s in more.stages] == [
        ("park", "shares", Fraction(300), 2),
        ("shed", "shares", Fraction(300), 1),
        ("pond", "epsilon", Fraction(100, 3), 4),
    ]
    assert more.left == 200


def test_what_needs_least_of_the_others_comes_first() -> None:
    """With 300 each: the lake's two have 600 and want 100 more of two, the pond's one 200 of 3."""
    costs = {"lake": 700, "pond": 500, "ash": 900}
    result = counted(costs, ["lake", "lake", "pond", "ash"], 1200, completion="epsilon")
    first, second, third = result.stages
    assert (first.option, first.price, first.part) == ("lake", Fraction(50), "epsilon")
    assert (second.option, second.price, second.payers) == ("pond", Fraction(250), 2)
    assert (third.outcome, third.money_after) == ("unpaid", 0)


def test_a_project_that_nobody_names_is_paid_by_all() -> None:
    result = counted({"park": 100, "shed": 300}, ["park"] * 4, 400, completion="epsilon")
    assert [(s.option, s.price) for s in result.stages] == [
        ("park", Fraction(25)), ("shed", Fraction(75)),
    ]  # fmt: skip


def by_the_definition(vote: Small, money: list[Fraction], waiting: list[int]) -> list[int]:
    """Every level by trying out where the other ballots run out of money."""
    ranks = vote.ranks or list(range(len(vote.costs)))
    found: list[int] = []
    while True:
        levels: dict[int, Fraction] = {}
        for c in [c for c in waiting if vote.costs[c] <= sum(money)]:
            behind = [ballot.get(c, 0) > 0 for ballot in vote.ballots]
            missing = Fraction(vote.costs[c]) - sum(
                m for m, own in zip(money, behind, strict=True) if own
            )
            others = sorted(m for m, own in zip(money, behind, strict=True) if not own)
            for place, amount in enumerate(others):
                if amount * (len(others) - place) >= missing:
                    levels[c] = missing / (len(others) - place)
                    break
                missing -= amount
        if not levels:
            return found
        option = min(levels, key=lambda c: (levels[c], ranks[c]))
        for voter, ballot in enumerate(vote.ballots):
            named = ballot.get(option, 0) > 0
            money[voter] -= money[voter] if named else min(money[voter], levels[option])
        waiting.remove(option)
        found.append(option)


@given(small_votes())
def test_it_is_what_the_definition_says(vote: Small) -> None:
    electorate, start = vote.electorate(), Fraction(20, len(vote.ballots))
    bought = certified.run(electorate, start)
    assert [each.option for each in bought] == by_definition(vote, start)
    money = pay(electorate, start, bought)[1]
    waiting = [c for c in range(len(vote.costs)) if c not in {each.option for each in bought}]
    expected = by_the_definition(vote, money.amounts(), list(waiting))
    found = [each.option for each, _ in epsilon.spend_by_epsilon(electorate, money, waiting)]
    assert found == expected


@pytest.mark.parametrize("election", EQUAL_SHARES, ids=lambda election: election.name)
def test_enclosing_the_levels_changes_nothing(
    election: RealElection, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest, ballots = read_pb(election.path)
    contest = replace(contest, rule="equal-shares", rule_version="", parameters=EPSILON)
    result = count(contest, ballots)
    assert any(stage.part == "epsilon" for stage in result.stages)
    funds = RULES["equal-shares"].funds
    assert funds is not None
    assert funds(result.contest, ballots) == frozenset(result.funded)
    monkeypatch.setattr(epsilon, "_SAFE", 0)
    assert count(contest, ballots).stages == result.stages
