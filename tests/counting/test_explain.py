"""What would have been enough: each answer is tried out on the real count."""

from dataclasses import replace

from hypothesis import given

from tests.counting.elections import ballots_of, contest_of, small_elections, told, wins
from voting.counting import Ballots, Contest

Election = tuple[Contest, Ballots]


def test_an_unfunded_option_learns_what_would_have_been_enough() -> None:
    contest = contest_of(100, {"park": 70, "bridge": 60, "benches": 30})
    ballots = ballots_of(contest, *["park"] * 5, *["bridge"] * 3, "benches")
    bridge = told(contest, ballots)["bridge"]
    assert bridge.code == "no_money_left"
    assert (bridge.place, bridge.money_before) == (2, 30)
    assert bridge.cost_limit == 30
    assert bridge.points_limit == 6, "the park wins a tie, so five would not do"
    assert bridge.budget_limit == 130


def test_a_funded_option_learns_how_close_it_was() -> None:
    contest = contest_of(100, {"park": 70, "bridge": 60, "benches": 30})
    ballots = ballots_of(contest, *["park"] * 5, *["bridge"] * 3, "benches")
    park, benches = (told(contest, ballots)[ref] for ref in ("park", "benches"))
    assert (park.code, park.cost_limit, park.points_limit) == ("funded", 100, 3)
    assert (benches.cost_limit, benches.points_limit, benches.budget_limit) == (30, 0, None)


def test_a_larger_budget_may_first_fund_somebody_else() -> None:
    contest = contest_of(10, {"dear": 12, "cheap": 5, "last": 6})
    ballots = ballots_of(contest, *["dear"] * 3, *["cheap"] * 2, "last")
    last = told(contest, ballots)["last"]
    assert last.budget_limit == 11
    assert wins(replace(contest, budget=11), ballots, "last")
    assert not wins(replace(contest, budget=12), ballots, "last"), "more is not always enough"


def test_an_option_dearer_than_all_the_money_is_told_so() -> None:
    contest = contest_of(100, {"palace": 101, "hut": 1})
    palace = told(contest, ballots_of(contest, "palace"))["palace"]
    assert (palace.code, palace.points_limit) == ("over_budget", None)
    assert (palace.cost_limit, palace.budget_limit) == (100, 101)


def test_an_option_that_lost_a_tie_is_told_so() -> None:
    contest = contest_of(50, {"a": 50, "b": 50}, tie_order=["b", "a"])
    found = told(contest, ballots_of(contest, "a", "b"))
    assert found["a"].code == "lost_tie"
    assert found["a"].points_limit == 2


def test_nothing_is_said_that_no_run_confirms() -> None:
    contest = contest_of(50, {"a": 50, "b": 10})
    assert told(contest, ballots_of(contest, "a"))["b"].cost_limit is None


@given(small_elections())
def test_an_answer_is_left_out_only_where_there_is_none(election: Election) -> None:
    contest, ballots = election
    for ref, why in told(contest, ballots).items():
        if why.code == "funded":
            continue
        assert (why.points_limit is None) == (why.cost > contest.budget)
        smaller = (b for b in range(contest.budget + 1, why.budget_limit or 0))
        assert why.budget_limit is not None
        assert not any(wins(replace(contest, budget=b), ballots, ref) for b in smaller)
