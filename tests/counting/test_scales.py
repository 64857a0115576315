"""What a rank gives: by the own list, on a fixed scale, by Dowdall's; and what goes with what."""

import io
from dataclasses import replace
from typing import Any

import pytest

from tests.counting.elections import ballots_of, contest_of, written
from voting.counting import (
    Ballots,
    Contest,
    Count,
    CountingError,
    Option,
    RankTable,
    count,
    explain,
    read_pb,
)

COSTS = {"park": 100, "bridge": 100, "benches": 100}
VOTES = ["park,bridge,benches", "bridge", "benches,bridge"]


def counted(max_length: int | None = 3, rule: str = "points-by-rank", **parameters: Any) -> Count:
    contest = contest_of(200, COSTS, max_length=max_length)  # type: ignore[arg-type]
    contest = replace(contest, parameters=parameters)
    return count(contest, ballots_of(contest, *VOTES), rule if rule != contest.rule else None)


def points(result: Count) -> dict[str, int]:
    return {stage.option: stage.points for stage in result.stages}


def test_on_the_own_scale_a_short_list_gives_less() -> None:
    assert points(counted()) == {"park": 3, "bridge": 2 + 1 + 1, "benches": 1 + 2}
    assert points(counted(scale="own")) == points(counted())


def test_on_a_fixed_scale_every_first_rank_gives_the_same() -> None:
    assert points(counted(scale="fixed")) == {"park": 3, "bridge": 2 + 3 + 2, "benches": 1 + 3}
    assert points(counted(scale="fixed", top=10)) == {"park": 10, "bridge": 28, "benches": 18}
    assert points(counted(None, scale="fixed", top=3)) == points(counted(scale="fixed"))


def test_dowdall_gives_whole_a_half_and_a_third_times_six() -> None:
    assert points(counted(scale="dowdall")) == {"park": 6, "bridge": 3 + 6 + 3, "benches": 2 + 6}
    assert points(counted(4, scale="dowdall"))["park"] == 12


def test_a_table_of_ranks_is_enough_to_count_by_any_scale() -> None:
    contest = contest_of(200, COSTS, max_length=3)
    ballots = ballots_of(contest, *VOTES)
    for parameters in ({"scale": "fixed", "top": 7}, {"scale": "dowdall"}):
        scaled = replace(contest, parameters=parameters)
        tabled = count(scaled, RankTable.of_ballots(ballots))
        assert tabled.stages == count(scaled, ballots).stages


def test_points_of_the_file_go_before_any_scale() -> None:
    contest = replace(contest_of(200, COSTS, max_length=3), parameters={"scale": "fixed"})
    given = Ballots.from_points([((0, 1), (1, 9))])
    assert points(count(contest, given)) == {"bridge": 9, "park": 1, "benches": 0}


def test_explanations_hold_on_another_scale() -> None:
    result = counted(scale="dowdall")
    park = next(each for each in explain(result.contest, result) if each.option == "park")
    assert (park.code, park.points, park.points_limit) == ("no_money_left", 6, 8)


def test_the_scale_is_written_into_the_file_and_read_again() -> None:
    result = counted(scale="fixed", top=4)
    file = io.BytesIO(written(result.contest, result.ballots))  # type: ignore[arg-type]
    again, ballots = read_pb(file)
    assert again.parameters == {"scale": "fixed", "top": 4}
    assert count(again, ballots).funded == result.funded


@pytest.mark.parametrize("rule", ["expanding-approvals", "budget-stv"])
def test_a_rule_that_spends_what_is_left_by_score_goes_by_any_scale(rule: str) -> None:
    plain = replace(contest_of(200, COSTS, max_length=3), rule=rule)
    ballots = ballots_of(plain, *VOTES)
    by_dowdall = replace(plain, parameters={"scale": "dowdall"})
    assert {stage.option: stage.points for stage in count(by_dowdall, ballots).outcomes} == {
        "park": 6, "bridge": 12, "benches": 8,
    }  # fmt: skip
    with pytest.raises(CountingError, match="scale must be one of"):
        count(replace(plain, parameters={"scale": "borda"}), ballots)


@pytest.mark.parametrize(
    ("max_length", "parameters", "word"),
    [
        (3, {"scale": "borda"}, "scale"),
        (3, {"scale": 1}, "scale"),
        (3, {"top": 5}, "fixed"),
        (3, {"scale": "dowdall", "top": 5}, "fixed"),
        (3, {"scale": "fixed", "top": 2}, "from 3"),
        (3, {"scale": "fixed", "top": 1_000_001}, "1000000"),
        (3, {"scale": "fixed", "top": True}, "top"),
        (3, {"scale": "fixed", "top": "5"}, "top"),
        (None, {"scale": "fixed"}, "max_length"),
        (None, {"scale": "fixed", "top": 2}, "from 3"),
        (None, {"scale": "dowdall"}, "max_length"),
        (21, {"scale": "dowdall"}, "max_length"),
    ],
)
def test_a_scale_that_does_not_fit_is_refused(
    max_length: int | None, parameters: dict[str, Any], word: str
) -> None:
    with pytest.raises(CountingError, match=word):
        counted(max_length, **parameters)


def test_only_ranked_ballots_have_a_scale() -> None:
    options = [Option.build(ref, cost) for ref, cost in COSTS.items()]
    for rule in ("approvals", "equal-shares", "phragmen"):
        contest = Contest.build(
            "A vote", 200, options, vote_type="approval", rule=rule, parameters={"scale": "fixed"}
        )
        with pytest.raises(CountingError, match="scale"):
            count(contest, ballots_of(contest, "park"))
