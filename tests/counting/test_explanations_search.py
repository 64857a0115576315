"""How the figures of an explanation are looked for: with few counts, and none made twice."""

from dataclasses import replace

from tests.counting.elections import ballots_of, contest_of
from voting.counting import count
from voting.counting.explanations.search import turning_point
from voting.counting.explanations.shares_completed import CompletedCase
from voting.counting.explanations.shares_vote import Vote
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


def test_with_add1_the_share_at_which_the_count_would_end_is_where_to_look() -> None:
    """The square is bought with a cost of 8.00 or seven ballots more: two counts show each."""
    costs = {"park": 4400, "bridge": 2100, "square": 5200, "lights": 2700}
    contest = replace(
        contest_of(10000, costs),
        vote_type="approval",
        rule="equal-shares",
        parameters={"completion": "add1"},
    )
    rows = [*["park"] * 4, *["lights"] * 3, "bridge", "park,square"]
    ballots = ballots_of(contest, *rows, *["park,lights"] * 1, *["park"] * 1, "bridge,lights")
    result = count(contest, ballots)
    assert set(result.funded) == {"park", "lights", "bridge"}
    stage = next(each for each in result.outcomes if each.option == "square")
    for figure, number in (("cost_limit", 800), ("ballots_more", 7)):
        trials = Trials(result, most=2)
        case = CompletedCase(result, Vote(result, trials), stage)
        assert getattr(case, figure)() == number


def test_no_more_steps_are_taken_than_were_allowed() -> None:
    asked = []

    def holds(number: int) -> bool:
        asked.append(number)
        return False

    assert turning_point(0, lambda number: number + 1, holds, 1, steps=3) is None
    assert asked == [1, 2, 3]
