"""Limits: of a list of projects at most so many are funded, or for at most so much money."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting.elections import ballots_of, contest_of, limits_among, small_elections
from voting.counting import Ballots, Contest, Count, CountingError, count

COSTS = {"road": 50, "path": 30, "pond": 20, "shed": 10}
VOTES = [*["road"] * 5, *["path"] * 4, *["pond"] * 3, *["shed"] * 2]
WAYS = ["road", "path"]


def counted(*limits: Any, budget: int = 100, **parameters: Any) -> Count:
    contest = contest_of(budget, COSTS)
    contest = replace(contest, parameters={"limits": list(limits), **parameters})
    return count(contest, ballots_of(contest, *VOTES))


def outcomes(result: Count) -> list[str]:
    return [stage.outcome for stage in result.stages]


def test_a_category_gets_no_more_projects_than_its_limit() -> None:
    result = counted({"name": "Ways", "ids": WAYS, "projects": 1})
    assert result.funded == ("road", "pond", "shed")
    assert outcomes(result) == ["funded", "limit_reached", "funded", "funded"]
    assert counted({"ids": WAYS, "projects": 2}).funded == ("road", "path", "pond")
    assert counted({"ids": WAYS, "projects": 0}).funded == ("pond", "shed")


def test_a_district_gets_no_more_money_than_its_limit() -> None:
    assert counted({"ids": WAYS, "money": 79}).funded == ("road", "pond", "shed")
    assert counted({"ids": WAYS, "money": 80}).funded == ("road", "path", "pond")
    assert counted({"ids": WAYS, "money": 49}).funded == ("path", "pond", "shed")


def test_a_project_on_two_lists_must_keep_within_both() -> None:
    result = counted({"ids": WAYS, "money": 80}, {"ids": ["path", "pond"], "projects": 1})
    assert result.funded == ("road", "path", "shed")
    assert outcomes(result)[2] == "limit_reached"


def test_passing_over_what_reached_a_limit_stops_nothing() -> None:
    result = counted({"ids": WAYS, "projects": 1}, no_skip=True)
    assert result.funded == ("road", "pond", "shed")


def test_a_limit_is_asked_before_the_money() -> None:
    """With 70, after the road the path would not fit, and would end the funding."""
    assert counted({"ids": WAYS, "projects": 1}, budget=70, no_skip=True).funded == ("road", "pond")
    assert counted(budget=70, no_skip=True).funded == ("road",)


def test_a_topped_up_project_counts_with_what_the_budget_pays() -> None:
    topped = {"budget": 70, "no_skip": True, "top_up": 50}
    assert outcomes(counted({"ids": WAYS, "money": 70}, **topped))[:2] == ["funded", "topped_up"]
    passed = counted({"ids": WAYS, "money": 69}, **topped)
    assert passed.funded == ("road", "pond")


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        ("road", "list of objects"),
        ([["road"]], "list of objects"),
        ([{"ids": ["road"]}], "projects or money"),
        ([{"projects": 1}], "ids"),
        ([{"ids": [], "projects": 1}], "ids"),
        ([{"ids": "road", "projects": 1}], "ids"),
        ([{"ids": ["road"], "projects": 1, "magic": 1}], "projects or money"),
        ([{"ids": ["lake"], "projects": 1}], "lake"),
        ([{"ids": [["road"]], "projects": 1}], "road"),
        ([{"ids": ["road", "road"], "projects": 1}], "twice"),
        ([{"ids": ["road"], "projects": -1}], "projects"),
        ([{"ids": ["road"], "projects": True}], "projects"),
        ([{"ids": ["road"], "money": "5"}], "money"),
        ([{"ids": ["road"], "money": 1, "name": 5}], "name"),
    ],
)
def test_limits_that_make_no_sense_are_refused(limits: Any, word: str) -> None:
    contest = replace(contest_of(100, COSTS), parameters={"limits": limits})
    with pytest.raises(CountingError, match=word):
        count(contest, ballots_of(contest, "road"))


@st.composite
def limited(draw: st.DrawFn) -> tuple[Contest, Ballots]:
    contest, ballots = draw(small_elections())
    limits = draw(st.lists(limits_among(contest.ids), min_size=1, max_size=3))
    terms = {"limits": limits, **({"no_skip": True} if draw(st.booleans()) else {})}
    return replace(contest, parameters=terms), ballots


@given(limited())
def test_no_limit_is_ever_exceeded_and_nothing_is_passed_over_for_nothing(
    election: tuple[Contest, Ballots],
) -> None:
    contest, ballots = election
    result = count(contest, ballots)
    cost = dict(zip(contest.ids, contest.costs, strict=True))
    spent: list[str] = []
    for stage in result.stages:
        broken = any(
            sum(ref in each["ids"] for ref in spent) + 1 > each.get("projects", 99)
            or sum(cost[ref] for ref in spent if ref in each["ids"]) + stage.cost
            > each.get("money", 10**9)
            for each in contest.parameters["limits"]
            if stage.option in each["ids"]
        )
        assert broken == (stage.outcome == "limit_reached") or stage.outcome == "after_stop"
        spent += [stage.option] if stage.is_funded else []
