"""Equal shares as a city uses it: what each parameter does, by small votes that hands can check."""

from fractions import Fraction
from typing import Any

import pytest

from tests.counting.real_elections import EQUAL_SHARES, RealElection
from voting.counting import Ballots, Contest, Count, CountingError, Option, count, read_pb, write_pb
from voting.counting.rank_table import RankTable

PARK = {"park": 4800, "bridge": 4000, "benches": 3000}
TEN = ["park,bridge"] * 5 + ["park"] + ["benches"] * 4


def counted(
    costs: dict[str, int],
    ballots: list[str],
    budget: int = 10000,
    vote_type: str = "approval",
    tie_order: list[str] | None = None,
    **parameters: Any,
) -> Count:
    """Count ballots written "park,bridge", or "park:5,bridge:2" where they give points."""
    contest = Contest.build(
        "A vote", budget, [Option.build(ref, cost) for ref, cost in costs.items()],
        vote_type=vote_type, rule="equal-shares", tie_order=tie_order, parameters=parameters,
    )  # fmt: skip
    number = {ref: place for place, ref in enumerate(contest.ids)}
    marks = [[mark.partition(":") for mark in ballot.split(",")] for ballot in ballots]
    options = [[number[ref] for ref, _, _ in ballot] for ballot in marks]
    if ":" not in "".join(ballots):
        return count(contest, Ballots.from_rows(options))
    points = [[int(given) for _, _, given in ballot] for ballot in marks]
    return count(contest, Ballots.from_points(zip(options, points, strict=True)))


def test_the_example_that_explains_the_rule() -> None:
    result = counted(PARK, TEN)
    assert result.funded == ("park", "benches")
    park, benches, bridge = result.stages
    assert (park.price, park.payers, park.share) == (Fraction(800), 6, Fraction(1000))
    assert (park.money_before, park.money_after) == (10000, 5200)
    assert (benches.price, benches.payers) == (Fraction(750), 4)
    assert (bridge.outcome, bridge.price, bridge.money_after) == ("unpaid", None, 2200)
    assert counted(PARK, TEN, completion="greedy").funded == ("park", "benches")


def test_the_record_is_made_of_whole_numbers_and_fractions() -> None:
    stage = counted({"park": 1000}, ["park"] * 3).as_document()["stages"][0]
    assert (stage["price"], stage["share"]) == ("1000/3", "10000/3")
    assert (stage["payers"], stage["tier"], stage["part"]) == (3, "float", "shares")


def test_who_has_too_little_pays_all_she_has_and_the_others_pay_the_rest() -> None:
    """She who wants both has 250 left after b: the others who want a pay 775 each."""
    both = counted({"a": 1800, "b": 3000}, ["a,b"] + ["a"] * 2 + ["b"] * 3, 6000)
    assert [(s.option, s.price) for s in both.stages] == [
        ("b", Fraction(750)),
        ("a", Fraction(775)),
    ]


@pytest.mark.parametrize(
    ("utility", "funded"),
    [("cost", ("dear", "cheap")), ("cardinality", ("cheap", "dear"))],
)
def test_utility_says_what_a_project_is_worth(utility: str, funded: tuple[str, ...]) -> None:
    ballots = ["dear"] * 3 + ["cheap"] * 2
    assert counted({"dear": 3000, "cheap": 500}, ballots, utility=utility).funded == funded


def test_points_say_who_pays_how_much() -> None:
    result = counted({"a": 900, "b": 800}, ["a:3,b:1", "a:6", "b:0,a:-2"], 3000, "scoring")
    assert [(s.option, s.price, s.payers) for s in result.stages if s.is_funded] == [
        ("a", Fraction(100), 2)
    ]
    assert result.stages[1].outcome == "unpaid", "700 are left to her who wants b"
    assert counted({"a": 900}, ["a:1"], 900, "cumulative").stages[0].price == 900


def test_ranked_ballots_pay_by_rank_and_the_rest_goes_by_points() -> None:
    """Two points for a first of two, one for a second; what is left is spent greedily."""
    result = counted({"a": 600, "b": 900, "c": 1000}, ["a,b"] * 2 + ["c"], 1800, "ordinal")
    first, second, last = result.stages
    assert (first.option, first.price, first.payers, first.part) == (
        "a",
        Fraction(150),
        2,
        "shares",
    )
    assert (second.option, second.part, second.outcome) == ("b", "fill", "funded")
    assert (last.option, last.part, last.outcome) == ("c", "fill", "skipped")
    plain = counted(
        {"a": 600, "b": 900, "c": 1000}, ["a,b"] * 2 + ["c"], 1800, "ordinal", completion="none"
    )
    assert plain.funded == ("a",)


def test_ties_go_to_the_cheaper_then_to_more_votes_then_to_the_place() -> None:
    costs, ballots = {"a": 200, "b": 100, "c": 100}, ["a", "a", "b", "b", "c", "c"]
    first = counted(costs, ballots, 600)
    assert first.funded == ("b", "c", "a")
    assert first.stages[0].tied_with == ("c", "a")
    assert not first.stages[0].tie_decides, "all of them are funded"
    assert counted(costs, ballots, 600, ties=["place"]).funded == ("a", "b", "c")
    order = ["c", "a", "b"]
    assert counted(costs, ballots, 600, tie_order=order).funded == ("c", "b", "a")
    more = counted({"a": 300, "b": 100}, ["a"] * 3 + ["b"], 400, utility="cardinality")
    assert more.funded == ("b", "a")
    votes = counted(
        {"a": 100, "b": 300}, ["a"] + ["b"] * 3, 400, utility="cardinality", ties=["votes"]
    )
    assert votes.funded == ("b", "a")


def test_a_tie_that_matters_is_told() -> None:
    stage = counted({"a": 1000, "b": 1000}, ["a,b"], 1000).stages[0]
    assert (stage.tied_with, stage.tie_decides, stage.tier) == (("b",), True, "exact")


def test_add1_begins_with_whole_units_or_with_the_exact_share() -> None:
    costs, ballots = {"a": 334, "b": 300}, ["a", "b", "b"]
    assert counted(costs, ballots, 1000, completion="add1", start="exact").stages[0].share == (
        Fraction(1000, 3) + 100
    )
    assert counted(costs, ballots, 1000, completion="add1").stages[0].share == 400


def test_add1_ends_before_it_overspends_or_already_when_nothing_fits() -> None:
    costs, ballots = {"a": 600, "b": 500, "c": 400}, ["a", "b", "c"]
    late = counted(costs, ballots, 1000, completion="add1")
    assert (late.funded, late.stages[0].share) == (("c", "b"), Fraction(500))
    soon = {"a": 400, "b": 400, "c": 300, "d": 900}
    exhaustive = counted(soon, ["a", "b", "c", "d"], 1200, completion="add1", stop="exhaustive")
    assert (exhaustive.spent, exhaustive.stages[0].share) == (1100, Fraction(400))
    overspend = counted(soon, ["a", "b", "c", "d"], 1200, completion="add1")
    assert (overspend.spent, overspend.stages[0].share) == (1100, Fraction(800))


def test_add1_ends_when_everything_that_anybody_supports_is_funded() -> None:
    result = counted({"a": 100, "nobody": 5000}, ["a", "a"], 1000, completion="add1")
    assert result.funded == ("a",)


def test_add1_ends_where_a_single_vote_wants_what_is_far_too_dear() -> None:
    costs = {"a": 100, "palace": 10**13}
    result = counted(costs, ["a"] * 9 + ["palace"], 10**6, completion="add1")
    assert result.funded == ("a",)


def test_what_add1_leaves_goes_to_the_highest_score() -> None:
    costs = {"a": 60000, "b": 50000, "c": 50000}
    ballots = ["a"] * 4 + ["b"] * 3 + ["c"] * 3
    assert counted(costs, ballots, 110000, completion="add1").funded == ("a",)
    filled = counted(costs, ballots, 110000, completion="add1-greedy")
    assert filled.funded == ("a", "b")
    assert filled.stages[1].part == "fill"


def test_without_ballots_nothing_is_bought() -> None:
    for completion in ("none", "greedy", "add1", "add1-greedy"):
        result = counted({"a": 600, "b": 5000}, [], 1000, completion=completion)
        assert result.funded == (("a",) if completion.endswith("greedy") else ())


def test_the_comparison_counts_those_who_get_nothing() -> None:
    """Greedy funds the two that six want; equal shares gives four of them less, and two nothing."""
    costs = {"a": 5000, "b": 5000, "c": 4000}
    ballots = ["a,b"] * 6 + ["c"] * 4
    assert set(counted(costs, ballots).funded) == {"a", "c"}
    compared = counted(costs, ballots, comparison=True)
    assert compared.funded == ("a", "b")
    assert {stage.part for stage in compared.stages} == {"greedy"}
    assert compared.record.facts["decided_by"] == "greedy"
    even = ["a,b"] * 5 + ["c"] * 5
    stays = counted(costs, even, comparison=True)
    assert set(stays.funded) == set(counted(costs, even).funded)
    assert stays.record.facts["decided_by"] == "shares"


def test_too_few_votes_for_the_cost_take_no_part() -> None:
    costs, ballots = {"a": 6000, "b": 900}, ["b"] * 7 + ["a"] * 2
    assert counted(costs, ballots, 9000, completion="greedy").funded == ("b", "a")
    result = counted(costs, ballots, 9000, completion="greedy", entry_share="1/3")
    assert result.funded == ("b", "a"), "two of nine are just a third of two thirds"
    result = counted({**costs, "a": 6001}, ballots, 9000, completion="greedy", entry_share="1/3")
    assert (result.funded, result.stages[-1].outcome) == (("b",), "below_entry")


@pytest.mark.parametrize(
    ("vote_type", "parameters"),
    [
        ("approval", {"utilty": "cost"}),
        ("approval", {"utility": "joy"}),
        ("approval", {"utility": "points"}),
        ("approval", {"utility": "rank-points"}),
        ("approval", {"utility": ["cost"]}),
        ("approval", {"stop": "overspend"}),
        ("approval", {"completion": "add1", "stop": "never"}),
        ("approval", {"comparison": False}),
        ("ordinal", {"comparison": True}),
        ("ordinal", {"utility": "points"}),
        ("approval", {"ties": []}),
        ("approval", {"ties": ["place", "place"]}),
        ("approval", {"ties": [["place"]]}),
        ("approval", {"ties": "place"}),
        ("approval", {"entry_share": "0/1"}),
        ("approval", {"entry_share": 0.3}),
    ],
)
def test_what_is_no_parameter_is_refused(vote_type: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(CountingError):
        counted({"a": 100}, ["a"], vote_type=vote_type, **parameters)


def test_a_table_of_ranks_is_refused() -> None:
    contest = Contest.build("A", 100, [Option.build("a", 50)], rule="equal-shares")
    with pytest.raises(CountingError, match="ballots themselves"):
        count(contest, RankTable.from_rows([(0, 1, 1, 5)]))


@pytest.mark.parametrize("election", EQUAL_SHARES, ids=lambda election: election.name)
def test_the_winners_are_the_official_ones(election: RealElection) -> None:
    assert set(count(*read_pb(election.path)).funded) == election.funded


def test_the_dialects_of_add1_differ_in_wieliczka() -> None:
    """With an end as soon as nothing more fits, 31 projects for 984,579 would have won."""
    path = next(e.path for e in EQUAL_SHARES if "Wieliczka" in e.name)
    contest, ballots = read_pb(path)
    official = count(contest, ballots)
    assert (len(official.funded), official.spent) == (30, 99507900)
    assert official.stages[0].part == "shares"
    other = counted_with(contest, ballots, completion="add1", start="floor", stop="exhaustive")
    assert (len(other.funded), other.spent) == (31, 98457900)


def counted_with(contest: Contest, ballots: Ballots, **parameters: Any) -> Count:
    options = contest.options
    own = Contest.build(
        "Again", contest.budget, options, vote_type=contest.vote_type, rule="equal-shares",
        parameters=parameters,
    )  # fmt: skip
    return count(own, ballots)


@pytest.mark.parametrize("name", ["equalshares", "equalshares/add1", "equal-shares"])
def test_a_written_file_gives_the_same_count(name: str, tmp_path: Any) -> None:
    contest, ballots = read_pb(EQUAL_SHARES[0].path)
    first = count(contest, ballots, name)
    write_pb(first.contest, ballots, tmp_path / "copy.pb", first)
    again = count(*read_pb(tmp_path / "copy.pb"), name)
    assert again.as_json() == first.as_json()
