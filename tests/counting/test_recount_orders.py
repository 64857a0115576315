"""`recount.py` on a file whose projects stand by their turns: the comment tells their order."""

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counting.drawn_terms import RULES_OF, terms
from tests.counting.recount_files import VoteFile, vote_files

COSTS = {"park": 60, "bridge": 60, "benches": 40}


def by_turns(vote: VoteFile, turns: list[str]) -> VoteFile:
    """The same vote, published in another order of projects."""
    costs = {project: vote.costs[project] for project in turns}
    ties = vote.ties or [*vote.costs]
    return dataclasses.replace(vote, costs=costs, order=[*vote.costs], ties=ties)


@settings(max_examples=100, deadline=None)
@given(vote_files(), st.data())
def test_the_whole_account_is_that_of_the_contests_own_order(
    vote: VoteFile, data: st.DataObject
) -> None:
    vote.rule = data.draw(st.sampled_from(RULES_OF[vote.kind]))
    vote.parameters = data.draw(terms(vote))
    moved = by_turns(vote, data.draw(st.permutations([*vote.costs])))

    assert moved.run()[:2] == vote.run()[:2]


def test_ballots_are_fingerprinted_in_the_contests_order() -> None:
    vote = VoteFile("approval", COSTS, ["park,benches"], rule="approvals", parameters={})
    plain = dataclasses.replace(vote, costs=dict(reversed(COSTS.items())))

    assert by_turns(vote, ["benches", "bridge", "park"]).account() == vote.account()
    assert "SHA-256" in vote.account()
    assert plain.account().splitlines()[2] != vote.account().splitlines()[2]


@pytest.mark.parametrize(
    "order",
    [
        ["park", "bridge"],
        ["park", "bridge", "bridge"],
        ["park", "bridge", "pond"],
        ["park", "bridge", "benches", "park"],
        "park",
        [1, 2, 3],
        None,
        {"park": 1},
    ],
)
def test_an_order_names_every_project_once(order: object) -> None:
    vote = VoteFile("approval", COSTS, ["park"], rule="approvals", parameters={"order": order})

    code, out, refusal = vote.run("--winners")

    assert (code, out, refusal.count("\n")) == (2, "", 1), json.dumps(order)
    assert "order in its comment" in refusal


def test_an_order_is_obeyed_whichever_rule_is_asked_for() -> None:
    vote = VoteFile("approval", COSTS, ["park", "bridge"], rule="approvals", parameters={})
    vote.ties = ["bridge", "park", "benches"]
    moved = by_turns(vote, ["benches", "bridge", "park"])

    assert moved.winners("--rule", "greedy") == ["bridge", "benches"]
    assert moved.account("--rule", "equalshares") == vote.account("--rule", "equalshares")


def test_what_takes_no_part_is_listed_in_the_contests_order() -> None:
    vote = VoteFile("approval", COSTS, ["park"], rule="equal-shares")
    vote.parameters = {"entry_share": "9/1"}
    moved = by_turns(vote, ["benches", "bridge", "park"])

    assert vote.account().count("Named too rarely") == 3
    assert moved.account() == vote.account()
