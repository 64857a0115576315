"""Expanding approvals, on votes small enough to follow with a pencil, and by its definition."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from tests.counting.by_definition import (
    Row,
    as_ballots,
    expanding_approvals,
    leaves_nothing_that_fits,
    votes,
)
from tests.counting.elections import KRAKOW_2024, ballots_of, contest_of
from voting.counting import Contest, Count, CountingError, RankTable, count, read_pb

COSTS = {"park": 60, "benches": 40, "trees": 20}
TEN = [*["park,benches"] * 5, "trees,park", *["benches"] * 4]


def counted(costs: dict[str, int], *ballots: str, budget: int = 100, **parameters: Any) -> Count:
    contest = replace(contest_of(budget, costs), parameters=parameters, rule="expanding-approvals")
    return count(contest, ballots_of(contest, *ballots))


def test_the_example_that_explains_the_rule() -> None:
    result = counted(COSTS, *TEN)
    assert result.funded == ("benches", "park")
    benches, park, trees = result.stages
    assert benches.details == {
        "rank": 1, "support": 4 * 10**9, "quota": 4 * 10**9, "payment": 10**9
    }  # fmt: skip
    assert (park.details["rank"], park.details["support"], park.payers) == (2, 6 * 10**9, 6)
    assert (trees.outcome, trees.part, trees.money_before) == ("skipped", "fill", 0)


def test_supporters_pay_alike_and_who_has_less_pays_all_she_has() -> None:
    """The pond takes half of the first two ballots; of 15 they pay 5, and the third 5 too."""
    result = counted(
        {"pond": 10, "path": 15}, "pond,path", "pond,path", "path", budget=30, completion="none"
    )
    pond, path = result.stages
    assert (pond.details["payment"], pond.payers) == (5 * 10**8, 2)
    assert (path.details["rank"], path.details["payment"], path.payers) == (2, 5 * 10**8, 3)


def test_what_is_left_is_spent_by_points_or_stays() -> None:
    ballots = ["park"] * 6 + ["benches"] * 2 + ["trees"]
    assert counted(COSTS, *ballots).funded == ("park", "benches")
    assert counted({**COSTS, "park": 70}, *ballots).funded == ("park", "trees")
    left = counted({**COSTS, "park": 70}, *ballots, completion="none")
    assert left.funded == ()
    assert {stage.outcome for stage in left.stages} == {"unpaid"}


def test_equal_projects_are_taken_cheaper_first_then_by_ballots() -> None:
    result = counted({"a": 20, "b": 10}, "a", "a", "b", budget=30, completion="none")
    first, second = result.stages
    assert (first.option, first.tied_with, first.tie_broken_by) == ("b", ("a",), "cheaper")
    assert (first.tie_decides, second.tied_with) == (False, ())
    only = counted({"a": 20, "b": 20}, "a,b", "b,a", budget=20, completion="none", ties=["place"])
    assert only.funded == ("a",), "neither has the two votes that the whole budget needs at first"


def test_a_quota_is_rounded_up() -> None:
    stage = counted({"pond": 10}, "pond", budget=30).stages[0]
    assert stage.details["quota"] == stage.details["payment"] == 333_333_334


def test_without_ballots_only_the_completion_funds() -> None:
    assert counted(COSTS, completion="none").funded == ()
    assert counted(COSTS).funded == ("park", "benches")


def test_the_ballots_themselves_are_needed() -> None:
    contest = contest_of(100, COSTS)
    with pytest.raises(CountingError, match="table of ranks"):
        count(contest, RankTable.of_ballots(ballots_of(contest, *TEN)), "expanding-approvals")


@pytest.mark.parametrize(
    ("parameters", "word"),
    [({"completion": "add1"}, "completion"), ({"limits": []}, "limits"), ({"ties": []}, "ties")],
)
def test_parameters_that_it_does_not_know_are_refused(
    parameters: dict[str, Any], word: str
) -> None:
    with pytest.raises(CountingError, match=word):
        counted(COSTS, "park", **parameters)


@given(votes("expanding-approvals", "ordinal"))
def test_it_is_what_the_definition_says(vote: tuple[Contest, list[Row]]) -> None:
    contest, rows = vote
    ballots = as_ballots(contest, rows)
    assert [
        (stage.option, stage.details["support"], stage.details["payment"])
        for stage in count(contest, ballots).stages
        if stage.is_funded
    ] == expanding_approvals(contest, rows)
    assert leaves_nothing_that_fits(count(replace(contest, parameters={}), ballots))


def test_krakow_would_have_funded_more_projects_by_it() -> None:
    contest, ballots = read_pb(KRAKOW_2024[0])
    result = count(contest, ballots, "expanding-approvals")
    paid = sum(stage.cost for stage in result.stages if stage.part == "ranks" and stage.is_funded)
    assert len(result.funded) == 28
    assert round(paid / contest.budget, 2) == 0.26
