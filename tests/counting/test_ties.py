"""Ties go by a chain that was declared before voting, and the count says which way broke each."""

import hashlib
from dataclasses import replace

import pytest

from voting.counting import Ballots, Contest, CountingError, Option, count, lot_order

COSTS = {"a": 500, "b": 400, "c": 400}
ONE_EACH = [[0], [1], [2]]


def contest(**parameters: object) -> Contest:
    options = [Option.build(ref, cost) for ref, cost in COSTS.items()]
    return Contest.build("Ties", 400, options, parameters=parameters, tie_order=["c", "b", "a"])


def order_and_ways(rows: list[list[int]], **parameters: object) -> list[tuple[str, str]]:
    result = count(contest(**parameters), Ballots.from_rows(rows))
    return [(stage.option, stage.tie_broken_by) for stage in result.stages]


def test_without_a_chain_the_published_order_decides() -> None:
    assert order_and_ways(ONE_EACH) == [("c", "place"), ("b", "place"), ("a", "place")]


def test_each_way_is_asked_in_turn_and_the_published_order_last() -> None:
    found = order_and_ways(ONE_EACH, ties=["cheaper"])
    assert found == [("c", "place"), ("b", "place"), ("a", "cheaper")]


def test_more_first_ranks_win_among_equal_points() -> None:
    rows = [[0, 1], [0, 1], [1], [2], [2], [2], [2]]  # a and c have 4 points, b 3
    found = order_and_ways(rows, ties=["first_ranks"])
    assert [option for option, _ in found] == ["c", "a", "b"]
    assert found[0][1] == "first_ranks"


def test_more_ballots_win_among_equal_points() -> None:
    rows = [[0, 1], [2], [2]]  # a and c have 2 points, c on two ballots
    assert order_and_ways(rows, ties=["votes"])[:2] == [("c", "votes"), ("a", "votes")]


def test_the_lot_is_the_order_of_hashes_over_the_seed_and_the_id() -> None:
    def drawn(ref: str) -> str:
        return hashlib.sha256(f"dice 4 2 6\nties\n{ref}".encode()).hexdigest()

    found = order_and_ways(ONE_EACH, ties=["lot"], seed="dice 4 2 6")
    assert (
        [option for option, _ in found]
        == sorted("abc", key=drawn)
        == lot_order("dice 4 2 6", "abc")
    )
    assert {way for _, way in found} == {"lot"}


def test_the_document_lists_each_tie_once_with_what_broke_it() -> None:
    document = count(contest(ties=["cheaper"]), Ballots.from_rows(ONE_EACH)).as_document()
    (tie,) = document["ties"]
    assert (tie["first"], tie["others"], tie["broken_by"]) == ("c", ["b", "a"], "place")
    assert tie["decides"] == 1


@pytest.mark.parametrize(
    ("parameters", "decides"),
    [
        # b before a would bring b, and with c before a nothing is otherwise: one order is enough.
        ({"exclusive": [["a", "b"]]}, True),
        ({"exclusive": [["a", "b"]], "limits": [{"ids": ["c"], "money": 900}]}, True),
        ({"limits": [{"ids": ["a", "b", "c"], "money": 1300}]}, False),
        ({"limits": [{"ids": ["b", "c"], "projects": 1}]}, True),
        ({"no_skip": True}, False),
    ],
)
def test_a_tie_decides_if_any_other_order_would_fund_others(
    parameters: dict[str, object], decides: bool
) -> None:
    """There is money for all three, who have a point each; the published order has a first."""
    rich = replace(contest(**parameters), budget=1300, tie_order=("a", "b", "c"))
    stages = count(rich, Ballots.from_rows(ONE_EACH)).stages
    assert [stage.tie_decides for stage in stages] == [decides] * 3


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"ties": []}, "The ties must be a list"),
        ({"ties": ["cheaper", "cheaper"]}, "The ties must be a list"),
        ({"ties": ["dearer"]}, "The ties must be a list"),
        ({"ties": ["lot"]}, "needs a seed"),
        ({"seed": "5f"}, "a seed is for a lot only"),
        ({"ties": ["lot"], "seed": ""}, "The seed must be"),
        ({"ties": ["lot"], "seed": 7}, "The seed must be"),
    ],
)
def test_a_chain_that_says_nothing_is_refused(parameters: dict[str, object], sentence: str) -> None:
    with pytest.raises(CountingError, match=sentence):
        count(contest(**parameters), Ballots.from_rows(ONE_EACH))
