"""How the figures of an explanation are looked for: with few counts, and none made twice."""

from dataclasses import replace

from tests.counting.elections import ballots_of, contest_of
from voting.counting import count
from voting.counting.explanations.search import turning_point
from voting.counting.explanations.trials import Trials


def test_one_count_says_both_what_it_funds_and_how() -> None:
    contest = replace(contest_of(100, {"park": 60, "benches": 40}), rule="budget-stv")
    result = count(contest, ballots_of(contest, *["park"] * 5, *["benches"] * 5))
    trials = Trials(result, most=1)
    assert trials.funds_at_cost("park", 50)
    assert "park" in trials.at_cost("park", 50).funded


def test_the_count_that_is_explained_is_not_made_again() -> None:
    contest = replace(contest_of(100, {"park": 60, "benches": 40}), rule="budget-stv")
    result = count(contest, ballots_of(contest, *["park"] * 5, *["benches"] * 5))
    trials = Trials(result, most=0)
    assert trials.funds_at_cost("benches", 40)
    assert trials.funds_with_budget("benches", 100)
    assert trials.funds_with_more_ballots("benches", 0)
    assert trials.at_cost("park", 60) is result


def test_where_the_runs_point_nowhere_they_are_no_longer_read() -> None:
    """Below the turn all runs point too high, above it too low: then halving alone is quicker."""
    turn, counted, read = 2_584_388_483, [], []

    def holds(number: int) -> bool:
        counted.append(number)
        return number >= turn

    def needed(number: int) -> int:
        read.append(number)
        return 2_605_440_000 if number < turn else 2_555_440_000

    assert turning_point(920_000_000, needed, holds, 1) == turn
    assert len(read) <= 8
    assert len(counted) <= 40
