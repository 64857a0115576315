"""Where what is left is spent by points, ties are on record as where points decide all."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from tests.counting.elections import ballots_of, contest_of, small_elections
from voting.counting import Ballots, Contest, Count, Explanation, count, explain
from voting.counting.rules.rule import FILL_PART

Parameters = Mapping[str, Any]
COMPLETED: list[tuple[str, Parameters]] = [
    ("equal-shares", {}),
    ("equal-shares", {"completion": "add1-greedy"}),
    ("expanding-approvals", {}),
    ("budget-stv", {}),
]
every_completion = pytest.mark.parametrize(("rule", "parameters"), COMPLETED, ids=str)


def level_neighbours(rule: str, parameters: Parameters) -> tuple[Contest, Ballots]:
    """Two neighbours each want another thing; the money is for one, and neither can pay alone.

    Of the two palaces the chain would have the cheaper first, and the tie order the other one.
    """
    cost = 5000 if "completion" in parameters else 4900  # add1 would find the money for one of them
    contest = contest_of(5000, {"a": 5000, "b": cost, "palace": 9000, "castle": 8000})
    return replace(contest, rule=rule, parameters=parameters), ballots_of(contest, "a", "b")


def fill_of(result: Count) -> list[Any]:
    return [stage for stage in result.stages if stage.part == FILL_PART]


@every_completion
def test_a_tie_in_a_completion_is_on_record(rule: str, parameters: Parameters) -> None:
    result = count(*level_neighbours(rule, parameters))
    first, second, *_ = fill_of(result)
    assert (first.option, first.outcome, first.tied_with) == ("a", "funded", ("b",))
    assert (second.option, second.outcome, second.tied_with) == ("b", "skipped", ("a",))
    for stage in (first, second):
        assert (stage.tie_broken_by, stage.tie_decides) == ("place", True)
    last = result.as_document()["ties"][-2]
    assert (last["first"], last["others"]) == ("a", ["b"])
    assert (last["broken_by"], last["decides"]) == ("place", 1)


@every_completion
def test_who_lost_a_tie_in_a_completion_is_told_so(rule: str, parameters: Parameters) -> None:
    """The chain would have the cheaper first; what is left goes by the tie order alone."""
    contest, ballots = level_neighbours(rule, parameters)
    found = told(contest, ballots)
    assert (found["a"].code, found["b"].code) == ("funded", "lost_tie")
    assert count(replace(contest, tie_order=("b", "a", "palace", "castle")), ballots).funded == (
        "b",
    )


def test_a_tie_between_projects_that_all_fit_decides_nothing() -> None:
    contest = replace(contest_of(100, {"a": 40, "b": 30, "c": 20}), rule="expanding-approvals")
    result = count(contest, ballots_of(contest, "a", "b", "c", "c"))
    tied = [stage for stage in fill_of(result) if stage.tied_with]
    assert {stage.option for stage in tied} == {"a", "b"}
    assert not any(stage.tie_decides for stage in tied)
    assert all(each.code != "lost_tie" for each in explain(contest, result))


def test_what_is_too_dear_for_the_rest_lost_no_tie() -> None:
    contest = replace(contest_of(100, {"a": 60, "b": 101}), rule="equal-shares")
    found = told(contest, ballots_of(contest, "a", "b"))
    assert found["b"].code == "over_budget"


@every_completion
@settings(max_examples=20)
@given(election=small_elections())
def test_a_tie_in_a_completion_decides_where_another_order_would_fund_others(
    election: tuple[Contest, Ballots], rule: str, parameters: Parameters
) -> None:
    contest, ballots = election
    result = count(replace(contest, rule=rule, parameters=parameters), ballots)
    for stage in fill_of(result):
        if not stage.tied_with:
            assert (stage.tie_broken_by, stage.tie_decides) == ("", False)
            continue
        found = {
            frozenset(again.funded)
            for ref in (stage.option, *stage.tied_with)
            if before_the_fill(again := with_first(result, ref)) == before_the_fill(result)
        }
        if len(found) > 1:
            assert any(each.tie_decides for each in fill_of(result))
        if not any(each.tie_decides for each in fill_of(result)):
            assert found <= {frozenset(result.funded)}


def with_first(result: Count, ref: str) -> Count:
    order = sorted(result.contest.tie_order, key=lambda other: other != ref)
    name, version = result.rule.name, result.rule.version
    contest = replace(result.contest, rule=name, rule_version=version, tie_order=tuple(order))
    return count(contest, result.ballots)


def before_the_fill(result: Count) -> list[str]:
    return [s.option for s in result.stages if s.is_funded and s.part != FILL_PART]


def told(contest: Contest, ballots: Ballots) -> dict[str, Explanation]:
    return {each.option: each for each in explain(contest, count(contest, ballots))}
