"""Sequential Phragmén, by hand and by the definition."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting.by_definition import Row, as_ballots, phragmen, votes
from tests.counting.elections import ballots_of, contest_of
from voting.counting import Contest, Count, CountingError, count

COSTS = {"park": 60, "benches": 30, "pond": 50, "shed": 5}
FOUR = ["park,pond", "park,pond", "park", "benches"]


def counted(budget: int = 120, costs: dict[str, int] = COSTS, **parameters: Any) -> Count:
    contest = replace(
        contest_of(budget, costs), parameters=parameters, rule="phragmen", vote_type="approval"
    )
    return count(contest, ballots_of(contest, *FOUR))


def test_the_example_that_explains_the_rule() -> None:
    result = counted()
    assert [(s.option, s.outcome, s.price, s.payers) for s in result.stages] == [
        ("park", "funded", Fraction(20), 3),
        ("benches", "funded", Fraction(30), 1),
        ("pond", "skipped", Fraction(45), 2),
        ("shed", "unpaid", None, None),
    ]
    assert counted(140).funded == ("park", "benches", "pond")


def test_the_count_may_end_with_the_first_that_does_not_fit() -> None:
    result = counted(59, no_skip=True)
    assert [stage.outcome for stage in result.stages][:3] == ["skipped", "after_stop", "after_stop"]
    assert result.funded == ()
    assert counted(59).funded == ("pond",)
    filled = counted(59, no_skip=True, completion="greedy")
    assert filled.funded == ("pond", "shed")
    assert [s.part for s in filled.stages] == ["loads", "fill", "fill", "fill", "fill"]


def test_projects_paid_at_the_same_moment_follow_the_chain() -> None:
    first = counted(100, {**COSTS, "benches": 20}).stages[0]
    assert (first.option, first.tied_with, first.tie_broken_by) == ("benches", ("park",), "cheaper")


@pytest.mark.parametrize(
    "parameters",
    [{"no_skip": False}, {"completion": "greedy"}, {"completion": "all"}, {"threshold": 1}],
)
def test_parameters_that_do_not_go_together_are_refused(parameters: dict[str, Any]) -> None:
    with pytest.raises(CountingError):
        counted(**parameters)


@given(votes("phragmen", "approval"), st.booleans())
def test_it_is_what_the_definition_says(vote: tuple[Contest, list[Row]], no_skip: bool) -> None:
    contest, rows = vote
    if no_skip:
        contest = replace(contest, parameters={"no_skip": True})
    result = count(contest, as_ballots(contest, rows))
    turns = [(stage.option, stage.price) for stage in result.stages if stage.price is not None]
    assert turns == phragmen(contest, rows, no_skip)
    assert result.left >= 0
    again = count(contest, as_ballots(contest, rows * 3))
    assert again.funded == result.funded
