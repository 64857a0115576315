"""Transferable votes for budgets, by hand and by the definition."""

from dataclasses import replace
from typing import Any

from hypothesis import given

from tests.counting.by_definition import (
    Row,
    as_ballots,
    budget_stv,
    leaves_nothing_that_fits,
    votes,
)
from tests.counting.elections import KRAKOW_2024, ballots_of, contest_of
from voting.counting import Contest, Count, count, read_pb

COSTS = {"park": 60, "benches": 40, "trees": 20}
TEN = [*["park,benches"] * 5, "trees,park", *["benches"] * 4]


def counted(costs: dict[str, int], *ballots: str, budget: int = 100, **parameters: Any) -> Count:
    contest = replace(contest_of(budget, costs), parameters=parameters, rule="budget-stv")
    return count(contest, ballots_of(contest, *ballots))


def story(result: Count) -> list[tuple[str, str]]:
    return [(stage.option, stage.outcome) for stage in result.stages if stage.part == "transfers"]


def test_the_example_that_explains_the_rule() -> None:
    result = counted(COSTS, *TEN)
    assert result.funded == ("benches", "park")
    assert story(result) == [
        ("benches", "funded"), ("trees", "dropped_support"), ("park", "funded")
    ]  # fmt: skip
    benches, trees, park, again = result.stages
    assert benches.details == {"support": 4 * 10**9, "quota": 4 * 10**9}
    assert (trees.details["support"], park.details["support"]) == (10**9, 6 * 10**9)
    assert (again.option, again.outcome, again.part) == ("trees", "skipped", "fill")
    assert [stage.option for stage in result.outcomes] == ["benches", "park", "trees"]


def test_every_ballot_keeps_the_same_part_of_what_is_too_much() -> None:
    """Three stand by the pond, which needs two: each keeps a third, 333333333 units."""
    result = counted({"pond": 20, "path": 10}, *["pond,path"] * 3, budget=30)
    pond, path, _ = result.stages
    assert (pond.details["support"], pond.details["quota"]) == (3 * 10**9, 2 * 10**9)
    assert (path.outcome, path.details["support"]) == ("dropped_support", 999_999_999)
    exact = counted({"pond": 20, "path": 5}, *["pond,path"] * 4, budget=40)
    assert exact.stages[1].details["support"] == 2 * 10**9


def test_what_no_longer_fits_holds_no_ballots() -> None:
    result = counted({"park": 60, "lake": 50, "path": 40}, *["park"] * 6, *["lake,path"] * 4)
    assert story(result) == [("park", "funded"), ("lake", "dropped_cost"), ("path", "funded")]


def test_the_worst_of_equal_ones_is_dropped() -> None:
    result = counted(
        {"a": 50, "b": 50, "c": 100}, "a,b", "b,a", "c,a", budget=100, completion="none"
    )
    first = result.stages[0]
    assert (first.option, first.outcome, first.tied_with) == ("c", "dropped_support", ())
    tied = counted({"a": 60, "b": 60}, "a,b", "b,a", budget=60, completion="none")
    dropped, funded = tied.stages
    assert (dropped.option, dropped.tied_with, dropped.tie_broken_by) == ("b", ("a",), "place")
    assert (funded.option, dropped.tie_decides) == ("a", True)


def test_what_was_dropped_stays_dropped_without_a_completion() -> None:
    result = counted(COSTS, *["park"] * 3, "trees", completion="none")
    assert result.funded == ("trees", "park")
    assert story(result)[-1] == ("benches", "dropped_cost")
    assert counted(COSTS, completion="none").funded == ()


@given(votes("budget-stv", "ordinal"))
def test_it_is_what_the_definition_says(vote: tuple[Contest, list[Row]]) -> None:
    contest, rows = vote
    ballots = as_ballots(contest, rows)
    result = count(contest, ballots)
    assert [
        (s.option, s.outcome, -1 if s.outcome == "dropped_cost" else s.details["support"])
        for s in result.stages
        if s.outcome != "unpaid"
    ] == budget_stv(contest, rows)
    assert leaves_nothing_that_fits(count(replace(contest, parameters={}), ballots))


def test_krakow_would_have_funded_more_projects_by_it() -> None:
    contest, ballots = read_pb(KRAKOW_2024[0])
    result = count(contest, ballots, "budget-stv")
    paid = sum(s.cost for s in result.stages if s.part == "transfers" and s.is_funded)
    assert len(result.funded) == 28
    assert round(paid / contest.budget, 2) == 0.24
