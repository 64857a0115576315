"""What an outcome gives those who voted, and what other rules would have given them."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from tests.counting.elections import KRAKOW_2024, ballots_of, contest_of, small_elections
from voting.counting import (
    Ballots,
    Contest,
    CountingError,
    RankTable,
    Statistics,
    alternatives,
    count,
    read_pb,
    statistics,
)
from voting.counting.parameters import canonical_json
from voting.counting.statistics import preferences

SHARES: tuple[str, dict[str, str]] = ("equal-shares", {})


def park_bridge_benches() -> tuple[Contest, Ballots]:
    contest = contest_of(100, {"park": 70, "bridge": 60, "benches": 30})
    rankings = ["park,bridge"] * 5 + ["bridge,park"] * 3 + ["benches,park", "bridge"]
    return contest, ballots_of(contest, *rankings)


def test_voters_learn_how_many_of_them_got_something() -> None:
    contest, ballots = park_bridge_benches()
    assert statistics(contest, ballots, ["park", "benches"]) == Statistics(
        ballots=10, with_funded=9, with_first_funded=6, choices_funded=10, spent=100, choices=19
    )


def test_when_nothing_is_funded_nobody_got_anything() -> None:
    contest, ballots = park_bridge_benches()
    assert statistics(contest, ballots, []) == Statistics(10, 0, 0, 0, 0, 19)
    assert statistics(contest, Ballots.from_rows([]), ["park"]) == Statistics(0, 0, 0, 0, 70, 0)


def test_a_table_of_ranks_tells_what_it_can() -> None:
    contest, ballots = park_bridge_benches()
    told = statistics(contest, RankTable.of_ballots(ballots), ["park", "benches"])
    assert told == replace(statistics(contest, ballots, ["park", "benches"]), with_funded=None)


def test_ticked_ballots_have_no_first_choice() -> None:
    contest, ballots = park_bridge_benches()
    told = statistics(replace(contest, vote_type="approval"), ballots, ["bridge"])
    assert (told.with_funded, told.with_first_funded) == (9, None)


def test_no_points_are_no_choice() -> None:
    contest = replace(contest_of(10, {"a": 1, "b": 1}), vote_type="scoring")
    ballots = Ballots.from_points([([0, 1], [3, 0]), ([0, 1], [-2, 5])])
    told = statistics(contest, ballots, ["a"])
    assert (told.with_funded, told.choices_funded) == (1, 1)


def test_what_is_topped_up_costs_the_budget_only_what_was_left() -> None:
    contest = replace(
        contest_of(100, {"park": 70, "bridge": 35}), parameters={"no_skip": True, "top_up": 80}
    )
    result = count(contest, ballots_of(contest, "park,bridge"))
    assert result.funded == ("park", "bridge")
    assert statistics(contest, result.ballots, result.funded).spent == result.spent == 100


@given(small_elections())
def test_statistics_are_what_counting_ballot_by_ballot_gives(
    election: tuple[Contest, Ballots],
) -> None:
    contest, ballots = election
    funded = count(contest, ballots).funded
    told = statistics(contest, ballots, funded)
    one_by_one = [
        ranking for ranking, copies in ballots.rankings(contest.ids) for _ in range(copies)
    ]
    assert told.ballots == len(one_by_one)
    assert told.with_funded == sum(bool(set(r) & set(funded)) for r in one_by_one)
    assert told.with_first_funded == sum(r[0] in funded for r in one_by_one)
    assert told.choices_funded == sum(len(set(r) & set(funded)) for r in one_by_one)
    assert told.choices == sum(map(len, one_by_one))


@given(small_elections())
def test_a_ballot_prefers_the_outcome_with_more_of_its_choices(
    election: tuple[Contest, Ballots],
) -> None:
    contest, ballots = election
    one, other = contest.ids[:1], contest.ids[1:]
    gains = [
        len(set(ranking) & set(one)) - len(set(ranking) & set(other))
        for ranking, copies in ballots.rankings(contest.ids)
        for _ in range(copies)
    ]
    expected = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    assert preferences(contest, ballots, one, other) == expected


def test_the_sandbox_sets_another_rule_beside_the_decision() -> None:
    contest = contest_of(100, {"park": 48, "bridge": 40, "benches": 30})
    rankings = ["park,bridge"] * 5 + ["park"] + ["benches"] * 4
    result = count(contest, ballots_of(contest, *rankings))
    assert result.funded == ("park", "bridge")
    shares = {"completion": "none"}
    (other,) = alternatives(result, [("equal-shares", shares)])
    assert (other.rule, other.version, other.parameters) == ("equal-shares", "1", shares)
    assert set(other.funded) == {"park", "benches"}
    assert (other.in_both, other.only_here, other.only_there) == (
        ("park",), ("bridge",), ("benches",),
    )  # fmt: skip
    assert (other.prefer_this, other.prefer_other) == (5, 4)
    assert (other.spent, other.statistics.with_funded) == (78, 10)


def test_the_sandbox_breaks_ties_as_the_decision_does() -> None:
    declared = {"ties": ["first_ranks"]}
    contest = replace(contest_of(50, {"a": 50, "b": 50, "c": 50}), parameters=declared)
    result = count(contest, ballots_of(contest, "a,c,b", "b"))
    again, other = alternatives(
        result, [("points-by-rank", {}), ("equal-shares", {"ties": ["cheaper"]})]
    )
    assert (again.parameters, other.parameters) == (declared, {"ties": ["cheaper"]})
    assert again.funded == result.funded


def test_a_lot_is_not_carried_to_a_rule_that_breaks_ties_its_own_way() -> None:
    drawn = {"ties": ["lot"], "seed": "5f1c"}
    contest = replace(contest_of(50, {"a": 50, "b": 50}), parameters=drawn)
    result = count(contest, ballots_of(contest, "a", "b"))
    same, own = alternatives(
        result, [("equal-shares", {}), ("equal-shares", {"ties": ["cheaper"]})]
    )
    assert (same.parameters, own.parameters) == (drawn, {"ties": ["cheaper"]})


def test_the_decisions_own_parameters_are_not_the_others() -> None:
    contest = replace(contest_of(100, {"a": 110, "b": 50}), parameters={"no_skip": True})
    result = count(contest, ballots_of(contest, "a", "a", "b"))
    plain, by_name = alternatives(result, [("points-by-rank", {}), ("greedy", {})])
    assert (result.funded, plain.funded, by_name.funded) == ((), ("b",), ("b",))


def test_a_rule_that_does_not_fit_the_ballots_is_refused_in_words() -> None:
    contest, ballots = park_bridge_benches()
    result = count(contest, RankTable.of_ballots(ballots))
    (again,) = alternatives(result, [("points-by-rank", {})])
    assert (again.prefer_this, again.prefer_other, again.only_there) == (None, None, ())
    with pytest.raises(CountingError, match="needs the ballots themselves"):
        alternatives(result, [SHARES])


def test_the_documents_are_plain() -> None:
    contest, ballots = park_bridge_benches()
    (other,) = alternatives(count(contest, ballots), [SHARES])
    document = other.as_document()
    assert json.loads(canonical_json(document)) == document
    assert document["statistics"]["ballots"] == 10


def test_a_city_wide_vote_is_told_by_both_rules_at_once() -> None:
    contest, ballots = read_pb(next(path for path in KRAKOW_2024 if path.stem == "krakow_2024.pb"))
    result = count(contest, ballots)
    (other,) = alternatives(result, [SHARES])
    ours = statistics(contest, ballots, result.funded)
    assert (other.statistics.with_funded or 0) > (ours.with_funded or 0)
    assert len(other.in_both) + len(other.only_here) == len(result.funded)
    assert ours.spent == result.spent
