"""Who lost a tie is told so, whatever broke it; nobody else is."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.counting.elections import ballots_of, contest_of
from voting.counting import count, explain
from voting.counting.rules.ties import lot_order


def codes(
    costs: dict[str, int], budget: int, parameters: Mapping[str, Any], *ballots: str
) -> dict[str, str]:
    """How each project came out under Phragmén's rule."""
    contest = replace(
        contest_of(budget, costs), vote_type="approval", rule="phragmen", parameters=parameters
    )
    result = count(contest, ballots_of(contest, *ballots).unordered())
    return {each.option: each.code for each in explain(result.contest, result)}


def test_a_tie_that_the_chain_broke_is_told_to_its_loser() -> None:
    """Two have saved for the hall, and one for the hut, at the same moment; there is 50.00."""
    costs, ballots = {"hall": 50, "hut": 25}, ("hall", "hall", "hut")
    for chain, winner, loser in ((["cheaper"], "hut", "hall"), (["votes"], "hall", "hut")):
        found = codes(costs, 50, {"ties": chain}, *ballots)
        assert (found[winner], found[loser]) == ("funded", "lost_tie")


@pytest.mark.parametrize("seed", ["a", "b", "c", "d"])
def test_a_tie_that_a_lot_broke_is_told_to_its_loser(seed: str) -> None:
    found = codes({"a": 50, "b": 50}, 50, {"ties": ["lot"], "seed": seed}, "a,b", "b,a")
    winner, loser = lot_order(seed, ["a", "b"])
    assert (found[winner], found[loser]) == ("funded", "lost_tie")


def test_of_two_equals_that_are_both_funded_nobody_lost() -> None:
    assert set(codes({"a": 50, "b": 50}, 100, {}, "a,b", "b,a").values()) == {"funded"}


def test_whoever_was_never_level_with_anybody_lost_no_tie() -> None:
    found = codes({"a": 50, "b": 50, "c": 50}, 50, {}, "a,b", "a,b", "c")
    assert found["a"] == "funded"
    assert found["b"] == "lost_tie"
    assert found["c"] != "lost_tie"
