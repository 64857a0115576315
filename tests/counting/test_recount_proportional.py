"""`recount.py` on rules by which ballots pay or move on, held against their definitions."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counting.proportional_definitions import (
    budget_stv,
    expanding_approvals,
    minimal_transfers,
    phragmen,
)
from tests.counting.recount_files import VoteFile, chains, scales, vote_files

COSTS = {"park": 60, "bridge": 40, "benches": 30, "trees": 20}


@settings(max_examples=150, deadline=None)
@given(
    vote_files(("ordinal",)),
    st.data(),
    st.sampled_from([{}, {"completion": "greedy"}, {"completion": "none"}]),
    st.sampled_from(["expanding-approvals", "budget-stv"]),
)
def test_ranked_ballots_pay_and_move_on_as_defined(
    vote: VoteFile, data: st.DataObject, completion: dict[str, Any], rule: str
) -> None:
    more = data.draw(chains(vote.kind)) | data.draw(scales(vote))
    vote.rule, vote.parameters = rule, completion | more

    definition = expanding_approvals if rule == "expanding-approvals" else budget_stv

    assert vote.winners() == definition(vote, vote.parameters)
    assert "is left." in vote.account()


@settings(max_examples=100, deadline=None)
@given(vote_files(("cumulative",)), chains("cumulative"), st.sampled_from(["greedy", "none"]))
def test_donors_transfer_as_defined(vote: VoteFile, ties: dict[str, Any], completion: str) -> None:
    vote.rule, vote.parameters = "minimal-transfers", ties | {"completion": completion}
    assert vote.winners() == minimal_transfers(vote, vote.parameters)
    assert "is left." in vote.account()


@settings(max_examples=100, deadline=None)
@given(
    vote_files(("approval", "choose-1")),
    chains("approval"),
    st.sampled_from([{}, {"no_skip": True}, {"no_skip": True, "completion": "greedy"}]),
)
def test_ballots_earn_as_phragmen_said(
    vote: VoteFile, ties: dict[str, Any], end: dict[str, Any]
) -> None:
    vote.rule, vote.parameters = "phragmen", ties | end
    assert vote.winners() == phragmen(vote, vote.parameters)
    assert "is left." in vote.account()


def test_what_many_rank_second_comes_after_what_enough_rank_first() -> None:
    """Ten voters; the bridge needs four of them, the benches three, the trees two."""
    ballots = ["bridge,benches"] * 4 + ["trees,benches"] * 2 + ["park,benches"] * 4
    vote = VoteFile("ordinal", COSTS, ballots, rule="expanding-approvals", parameters={})
    account = vote.account()
    assert "4 votes give it rank 1 or better, 4 were needed: bridge" in account
    assert "2 votes give it rank 1 or better, 2 were needed: trees" in account
    assert "4 votes give it rank 2 or better, 3 were needed: benches" in account
    assert vote.winners() == ["trees", "bridge", "benches"], "as many per cost: the cheaper first"


def test_a_ballot_moves_on_with_what_its_project_did_not_need() -> None:
    ballots = ["benches,trees"] * 6 + ["park"] * 3 + ["trees"]
    vote = VoteFile("ordinal", COSTS, ballots, rule="budget-stv", parameters={})
    account = vote.account()
    assert "6 votes where 3 were needed fund benches, which costs 30, leaves 70" in account
    assert "4 votes where 2 were needed fund trees, which costs 20, leaves 50" in account
    assert "dropped, as it costs more than the 50 left: park" in account
    assert vote.winners() == ["benches", "trees", "bridge"]
    vote.parameters = {"completion": "none"}
    assert vote.winners() == ["benches", "trees"]
    assert "it was dropped" in vote.account()


def test_who_just_bought_something_waits_until_others_have_earned_as_much() -> None:
    ballots = ["benches,bridge"] * 3 + ["bridge"] * 1 + ["park"] * 2
    vote = VoteFile("approval", COSTS, ballots, rule="phragmen", parameters={})
    account = vote.account()
    assert "earned 10.0000 in all, supporters had enough for benches" in account
    assert "earned 17.5000 in all, supporters had enough for bridge" in account
    assert "park           costs 60, more than the 30 left" in account
    assert "trees          costs 20, nobody names it" in account
    vote.parameters = {"no_skip": True, "completion": "greedy"}
    assert vote.winners() == ["benches", "bridge", "trees"]


def test_donors_of_a_project_add_what_is_missing() -> None:
    """Four voters, each a quarter of the money: the bridge needs 1.6 votes, the benches 1.2."""
    ballots = ["bridge,benches;5,5"] * 2 + ["park,bridge;1,0", "trees,park;1,1"]
    vote = VoteFile("cumulative", COSTS, ballots, rule="minimal-transfers", parameters={})
    account = vote.account()
    assert "1 votes were given and the donors added up to 1.2 for benches, which costs" in account
    assert "0.5 votes were given and the donors added up to 0.8 for trees, which costs" in account
    assert vote.winners() == ["benches", "trees", "bridge"]
    vote.parameters = {"completion": "none"}
    assert vote.winners() == ["benches", "trees"]
    vote.ballots = ["benches,trees;9,1"] * 2 + ["park;1", "park;1"]
    assert "1.8 votes were given where 1.2 were needed for benches" in vote.account()
    assert "0.8 votes were given where 0.8 were needed for trees" in vote.account()


KIND_OF = {"phragmen": "approval", "minimal-transfers": "cumulative"}


@pytest.mark.parametrize(
    "rule", ["expanding-approvals", "budget-stv", "minimal-transfers", "phragmen"]
)
def test_without_ballots_only_the_rest_is_spent(rule: str) -> None:
    kind = KIND_OF.get(rule, "ordinal")
    vote = VoteFile(kind, COSTS, [], rule=rule, parameters={})
    assert vote.winners() == ([] if rule == "phragmen" else ["park", "bridge"])


@pytest.mark.parametrize(
    ("kind", "rule", "parameters"),
    [
        ("approval", "expanding-approvals", {}),
        ("approval", "budget-stv", {}),
        ("ordinal", "phragmen", {}),
        ("ordinal", "expanding-approvals", {"completion": "add1"}),
        ("ordinal", "budget-stv", {"no_skip": True}),
        ("ordinal", "budget-stv", {"ties": []}),
        ("approval", "phragmen", {"completion": "greedy"}),
        ("approval", "phragmen", {"no_skip": False}),
        ("approval", "phragmen", {"ties": ["first_ranks"]}),
        ("approval", "phragmen", {"ties": ["lot"]}),
        ("approval", "phragmen", {"seed": "abc"}),
        ("approval", "phragmen", {"ties": ["lot"], "seed": ""}),
        ("approval", "phragmen", {"ties": ["lot"], "seed": "a\nb"}),
        ("approval", "phragmen", {"ties": ["lot"], "seed": "a" * 201}),
    ],
)
def test_what_the_rule_does_not_know_is_refused(
    kind: str, rule: str, parameters: dict[str, Any]
) -> None:
    vote = VoteFile(kind, COSTS, ["park", "trees"], rule=rule, parameters=parameters)
    code, out, refusal = vote.run("--winners")
    assert (code, out, refusal.count("\n")) == (2, "", 1)
    assert rule in refusal
    elsewhere = vote.run("--winners", "--rule", "greedy")
    assert elsewhere[0] == (2 if parameters else 0), "a bad line is refused whatever is asked"
