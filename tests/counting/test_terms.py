"""Greedy funding on terms: no skipping, thresholds, topping up, rivals that exclude each other."""

import random
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting.elections import (
    ballots_of,
    contest_of,
    limits_among,
    small_elections,
    told,
    wins,
    with_cost,
)
from voting.counting import (
    Ballots,
    Contest,
    Count,
    CountingError,
    Option,
    count,
)

COSTS = {"park": 70, "bridge": 60, "benches": 30, "trees": 10}
VOTES = [*["park"] * 9, *["bridge"] * 6, *["benches"] * 3, "trees"]
Terms = dict[str, object]
Election = tuple[Contest, Ballots]


def counted(terms: Terms, costs: dict[str, int] = COSTS, votes: list[str] = VOTES) -> Count:
    contest = replace(contest_of(100, costs), parameters=terms)
    return count(contest, ballots_of(contest, *votes))


def outcomes(result: Count) -> dict[str, str]:
    return {stage.option: stage.outcome for stage in result.stages}


@st.composite
def on_terms(draw: st.DrawFn) -> Election:
    contest, ballots = draw(small_elections())
    terms: Terms = {}
    if draw(st.booleans()):
        terms["no_skip"] = True
        if draw(st.booleans()):
            terms["top_up"] = draw(st.integers(1, 99))
    if draw(st.booleans()):
        terms["threshold"] = draw(st.integers(1, 9))
    if draw(st.booleans()):
        terms["threshold_share"] = f"{draw(st.integers(1, 5))}/{draw(st.integers(1, 5))}"
    if len(contest.ids) > 1 and draw(st.booleans()):
        group = st.lists(st.sampled_from(contest.ids), min_size=2, max_size=3, unique=True)
        terms["exclusive"] = draw(st.lists(group, min_size=1, max_size=3))
    if draw(st.booleans()):
        terms["limits"] = draw(st.lists(limits_among(contest.ids), min_size=1, max_size=3))
    return replace(contest, parameters=terms), ballots


def test_without_skipping_the_first_that_does_not_fit_ends_it() -> None:
    result = counted({"no_skip": True})
    assert result.funded == ("park",)
    assert outcomes(result)["bridge"] == "skipped"
    assert outcomes(result)["benches"] == outcomes(result)["trees"] == "after_stop"
    assert result.left == 30


def test_what_is_left_may_be_topped_up_where_it_ends() -> None:
    result = counted({"no_skip": True, "top_up": 50})
    assert result.funded == ("park", "bridge")
    assert outcomes(result)["bridge"] == "topped_up"
    assert (result.spent, result.left) == (100, 0)
    assert counted({"no_skip": True, "top_up": 51}).funded == ("park",)


def test_below_a_threshold_nobody_is_considered() -> None:
    result = counted({"threshold": 4})
    assert result.funded == ("park",)
    assert outcomes(result)["benches"] == "below_threshold"
    assert counted({"threshold": 3}).funded == ("park", "benches")
    assert counted({"threshold": 7, "no_skip": True}).funded == ("park",)


def test_a_threshold_may_be_a_share_of_the_ballots() -> None:
    assert counted({"threshold_share": "3/19"}).funded == ("park", "benches")
    assert counted({"threshold_share": "4/19"}).funded == ("park",)
    assert counted({"threshold_share": "158/1000"}).funded == ("park",), "19 ballots: 3.002 points"


def test_of_projects_that_exclude_each_other_one_is_funded() -> None:
    terms: Terms = {"exclusive": [["park", "benches"], ["trees", "bridge"]]}
    result = counted(terms)
    assert result.funded == ("park", "trees")
    assert outcomes(result)["benches"] == "rival_funded"
    passed = counted({"exclusive": [["park", "bridge"]], "no_skip": True})
    assert passed.funded == ("park", "benches"), "passing a rival over stops nothing"


@pytest.mark.parametrize(
    ("terms", "word"),
    [
        ({"magic": 1}, "magic"),
        ({"tie_order": ["park"]}, "tie_order"),
        ({"no_skip": False}, "no_skip"),
        ({"no_skip": 1}, "no_skip"),
        ({"threshold": 0}, "threshold"),
        ({"threshold": True}, "threshold"),
        ({"threshold": "5"}, "threshold"),
        ({"threshold": 2.5}, "threshold"),
        ({"threshold_share": "1/0"}, "threshold_share"),
        ({"threshold_share": "0.05"}, "threshold_share"),
        ({"threshold_share": 1}, "threshold_share"),
        ({"no_skip": True, "top_up": 100}, "top_up"),
        ({"no_skip": True, "top_up": 0}, "top_up"),
        ({"top_up": 80}, "no_skip"),
        ({"exclusive": ["park", "bridge"]}, "exclusive"),
        ({"exclusive": [["park"]]}, "exclusive"),
        ({"exclusive": [["park", "park"]]}, "exclusive"),
        ({"exclusive": [["park", "pond"]]}, "pond"),
        ({"exclusive": [["park", 7]]}, "exclusive"),
        ({"exclusive": {}}, "exclusive"),
    ],
)
def test_terms_that_make_no_sense_are_refused_in_a_sentence(terms: Terms, word: str) -> None:
    with pytest.raises(CountingError, match=word) as refused:
        counted(terms)
    assert str(refused.value).endswith(".")


def test_the_document_says_the_terms() -> None:
    document = counted({"no_skip": True}).as_document()
    assert document["contest"]["parameters"] == {"no_skip": True, "tie_order": list(COSTS)}


@given(on_terms())
def test_money_is_never_overspent_and_no_two_rivals_are_funded(election: Election) -> None:
    contest, ballots = election
    result = count(contest, ballots)
    cost = {option.id: option.cost for option in contest.options}
    full = [stage.option for stage in result.stages if stage.outcome == "funded"]
    assert sum(cost[ref] for ref in full) <= result.spent <= contest.budget
    assert len(result.funded) - len(full) <= ("top_up" in contest.parameters)
    for group in contest.parameters.get("exclusive", []):
        assert len(set(group) & set(result.funded)) <= 1
    least = contest.parameters.get("threshold", 0)
    assert all(stage.points >= least for stage in result.stages if stage.is_funded)


@given(on_terms(), st.integers(2, 4), st.integers())
def test_neither_order_nor_copies_of_all_ballots_matter(
    election: Election, times: int, seed: int
) -> None:
    contest, ballots = election
    terms = dict(contest.parameters)
    rows = [
        [contest.ids.index(ref) for ref in ranking]
        for ranking, copies in ballots.rankings(contest.ids)
        for _ in range(copies)
    ]
    random.Random(seed).shuffle(rows)
    assert count(contest, Ballots.from_rows(rows)).as_json() == count(contest, ballots).as_json()
    if "threshold" in terms:
        terms["threshold"] *= times
    many = count(replace(contest, parameters=terms), Ballots.from_rows(rows * times))
    assert many.funded == count(contest, ballots).funded


@given(on_terms())
def test_a_tie_decides_exactly_where_another_order_would_fund_others(election: Election) -> None:
    contest, ballots = election
    result = count(contest, ballots)
    for stage in result.stages:
        if len(stage.tied_with) not in range(1, 5):
            continue
        equals = [stage.option, *stage.tied_with]
        rest = [ref for ref in contest.tie_order if ref not in equals]
        found = {
            frozenset(count(replace(contest, tie_order=(*order, *rest)), ballots).funded)
            & frozenset(equals)
            for order in permutations(equals)
        }
        assert stage.tie_decides == (len(found) > 1)


@given(on_terms())
def test_whatever_is_explained_holds_in_a_full_count(election: Election) -> None:
    contest, ballots = election
    for ref, why in told(contest, ballots).items():
        assert (why.code in ("funded", "topped_up")) == wins(contest, ballots, ref)
        if why.code == "lost_tie":
            first = (ref, *(other for other in contest.tie_order if other != ref))
            assert wins(replace(contest, tie_order=first), ballots, ref)
        if why.cost_limit is not None:
            assert wins(with_cost(contest, ref, why.cost_limit), ballots, ref)
            assert not wins(with_cost(contest, ref, why.cost_limit + 1), ballots, ref)
        if why.budget_limit is not None:
            budgets = range(contest.budget + 1, why.budget_limit + 1)
            enough = [wins(replace(contest, budget=b), ballots, ref) for b in budgets]
            assert enough == [False] * (len(enough) - 1) + [True]


@given(on_terms())
def test_points_that_would_suffice_do_suffice(election: Election) -> None:
    contest, ballots = election
    if "threshold_share" in contest.parameters:
        return  # another ballot would raise the threshold itself
    rows = [
        [contest.ids.index(each) for each in ranking]
        for ranking, copies in ballots.rankings(contest.ids)
        for _ in range(copies)
    ]
    for ref, why in told(contest, ballots).items():
        if why.points_limit is None or why.points_limit <= why.points:
            continue
        more, alone = why.points_limit - why.points, [contest.ids.index(ref)]
        assert wins(contest, Ballots.from_rows([*rows, *[alone] * more]), ref)
        assert not wins(contest, Ballots.from_rows([*rows, *[alone] * (more - 1)]), ref)


def test_a_project_below_the_threshold_is_told_what_would_be_enough() -> None:
    contest = replace(contest_of(100, COSTS), parameters={"threshold": 4})
    benches = told(contest, ballots_of(contest, *VOTES))["benches"]
    assert (benches.code, benches.points_limit) == ("below_threshold", 4)
    assert (benches.cost_limit, benches.budget_limit) == (None, None)


def test_rules_by_score_count_ballots_that_tick_and_ballots_that_give_points() -> None:
    options = [Option.build(ref, cost) for ref, cost in COSTS.items()]
    ticked = Contest.build("A vote", 100, options, vote_type="approval", rule="approvals")
    assert count(ticked, ballots_of(ticked, *VOTES)).funded == ("park", "benches")
    shared = Contest.build("A vote", 100, options, vote_type="cumulative", rule="greedy")
    ballots = Ballots.from_points([([0, 1], [15, 20]), ([2], [5])], 10)
    result = count(shared, ballots)
    assert [stage.points for stage in result.stages] == [20, 15, 5, 0]
    assert result.funded == ("bridge", "benches", "trees")
    assert result.as_document()["ballots"]["points_scale"] == 10
    assert count(replace(shared, parameters={"threshold": 2}), ballots).funded == ("bridge",)
    with pytest.raises(CountingError, match="points"):
        count(shared, Ballots.from_rows([[0]]))


def test_points_too_large_for_a_machine_number_are_added_up_exactly() -> None:
    options = [Option.build("a", 1), Option.build("b", 1)]
    contest = Contest.build("A vote", 1, options, vote_type="cumulative", rule="points")
    most = 2**62
    ballots = Ballots.from_points([([0, 1], [most, most - 1])] * 9)
    assert [stage.points for stage in count(contest, ballots).stages] == [9 * most, 9 * most - 9]
