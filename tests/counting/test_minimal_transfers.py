"""Minimal transfers, by hand and by the definition."""

from dataclasses import replace
from typing import Any

from hypothesis import given

from tests.counting.by_definition import (
    Row,
    as_ballots,
    leaves_nothing_that_fits,
    minimal_transfers,
    votes,
)
from tests.counting.real_elections import GREEDY
from voting.counting import Contest, Count, Option, count, read_pb
from voting.counting.rules.units import UNIT

COSTS = {"park": 3200, "benches": 4000, "trees": 5000}
TEN = [{"park": 8, "benches": 2}] * 5 + [{"benches": 4, "trees": 6}] * 5


def counted(costs: dict[str, int], rows: list[Row], budget: int, **parameters: Any) -> Count:
    contest = Contest.build(
        "A vote", budget, [Option.build(ref, cost) for ref, cost in costs.items()],
        vote_type="cumulative", rule="minimal-transfers", parameters=parameters,
    )  # fmt: skip
    return count(contest, as_ballots(contest, rows))


def test_the_example_that_explains_the_rule() -> None:
    result = counted(COSTS, TEN, 10_000)
    assert result.funded == ("park", "benches")
    park, benches, trees = result.stages
    assert park.details == {"support": 4 * UNIT, "quota": UNIT * 32 // 10}
    assert benches.details == {"support": UNIT * 38 // 10, "quota": 4 * UNIT, "factor": "11/10"}
    assert (park.payers, benches.payers, benches.part) == (5, 10, "transfers")
    assert (trees.outcome, trees.part) == ("skipped", "fill")
    alone = counted(COSTS, TEN, 10_000, completion="none").stages[-1]
    assert (alone.outcome, alone.money_after) == ("unpaid", 2800)


def test_what_all_pay_for_together_is_funded_to_the_last_unit() -> None:
    thirds = counted({"a": 100, "b": 100, "c": 100}, [{"a": 1, "b": 1, "c": 1}] * 7, 300)
    assert [stage.part for stage in thirds.stages if stage.is_funded].count("fill") == 0
    assert set(thirds.funded) == {"a", "b", "c"}


def test_points_of_nothing_are_no_support() -> None:
    result = counted({"a": 50, "b": 50}, [{"a": 0, "b": 1}, {"a": 0}], 100, completion="none")
    assert result.funded == ("b",)
    assert result.stages[1].outcome == "unpaid"


def test_points_too_large_for_a_machine_number_are_split_exactly() -> None:
    most = 2**62
    result = counted({"a": 50, "b": 50}, [{"a": most, "b": most}] * 4, 100, completion="none")
    assert [stage.details["support"] for stage in result.stages] == [2 * UNIT, 2 * UNIT]


@given(votes("minimal-transfers", "cumulative"))
def test_it_is_what_the_definition_says(vote: tuple[Contest, list[Row]]) -> None:
    contest, rows = vote
    ballots = as_ballots(contest, rows)
    result = count(contest, ballots)
    assert [
        (stage.option, stage.details["support"]) for stage in result.stages if stage.is_funded
    ] == minimal_transfers(contest, rows)
    assert leaves_nothing_that_fits(count(replace(contest, parameters={}), ballots))


def test_a_real_vote_by_points_can_be_counted_by_it() -> None:
    path = next(e.path for e in GREEDY if "Czestochowa_2025" in e.name)
    contest, ballots = read_pb(path)
    result = count(contest, ballots, "minimal-transfers")
    assert result.funded
    assert result.left >= 0
